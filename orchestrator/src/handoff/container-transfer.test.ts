import type { HandoffPointId } from "@baton/maps";
import { SIDES } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { recordHash, recordOf, verifyChain } from "./custody.ts";
import { publicKeys } from "./testing/test-keys.ts";
import { type UnderCrane, type UnderCraneOptions, underCrane } from "./testing/under-crane.ts";

const CALM = { latencyMs: { min: 20, max: 20 }, lossShare: 0, duplicateShare: 0, reorderShare: 0 };
const ROUGH = { latencyMs: { min: 20, max: 400 }, lossShare: 0.2, duplicateShare: 0.2, reorderShare: 0.2 };
const HOUR_MS = 3_600_000;
/** With a crane that hears everything, and a calm network. */
const calm = (more: Partial<UnderCraneOptions> = {}): Promise<UnderCrane> =>
  underCrane({ network: CALM, craneLossShare: 0, seed: 1, ...more });

const concluded =
  (at: UnderCrane, count = 1) =>
  () =>
    SIDES.every(
      (side) => new Set(at.told(side, "concluded").map(({ handoffId }) => handoffId)).size >= count,
    );
const ended = (at: UnderCrane) => () => SIDES.every((side) => at.told(side, "ended").length > 0);

/** Both ledgers have the same records, each once, and hold. */
async function bothLedgersAgree(at: UnderCrane, records: number): Promise<void> {
  const chains = await Promise.all(SIDES.map((side) => at.service(side).custody()));
  const [ours, theirs] = chains.map((chain) => chain.map(recordHash).sort());
  expect(ours).toHaveLength(records);
  expect(theirs).toEqual(ours);
  for (const [i, side] of SIDES.entries())
    expect((await verifyChain(chains[i] ?? [], side, publicKeys)).ok, side).toBe(true);
}

describe("a container that changes vehicle at the line", () => {
  it("is the partner's with the crane's one event, and both have signed for it", async () => {
    const at = await calm();
    at.offer("h-1");
    await at.pass(HOUR_MS, concluded(at));
    expect(at.told("cn", "switched")[0]).toMatchObject({ epoch: 43 });
    expect(at.crane().register).toEqual({ authority: "cn", epoch: 43, handoffId: "h-1" });
    await bothLedgersAgree(at, 1);
    const [record] = await at.service("cn").custody();
    expect(record && recordOf(record)).toMatchObject({ controlEpoch: 43, handoffPointId: "export-crane" });
    await at.end();
  });

  it("is followed by the next as soon as both vehicles have made room", async () => {
    const at = await calm();
    at.offer("h-1");
    at.offer("h-2", { vehicleId: "sim.vn-02" as never });
    await at.pass(HOUR_MS, concluded(at, 2));
    await bothLedgersAgree(at, 2);
    await at.end();
  });

  it("stays the giver's when it withdraws before the crane has engaged, and the crane is free for the next", async () => {
    const at = await calm({ goes: false });
    at.offer("h-1");
    await at.pass(HOUR_MS, () => at.told("cn", "ready").length > 0);
    expect(at.crane().phase).toBe("presented");
    at.service("vn").withdraw("h-1" as never, "damaged corner");
    await at.pass(HOUR_MS, ended(at));
    expect(at.told("vn", "ended")[0]).toMatchObject({ how: "withdrawn" });
    expect(at.crane()).toMatchObject({ phase: "free", register: { authority: "vn", epoch: 43 } });
    await at.end();
  });

  it("is handed over all the same when the border closes with the container hanging", async () => {
    const at = await calm();
    at.offer("h-1");
    await at.pass(HOUR_MS, () => at.crane().phase === "lifting");
    at.service("cn").revoke("h-1" as never, "border closed");
    await at.pass(HOUR_MS, concluded(at));
    expect(at.told("vn", "ended")).toEqual([]);
    await bothLedgersAgree(at, 1);
    await at.end();
  });

  it("is not lifted any more when the border closes while the spreader comes down", async () => {
    const at = await calm();
    at.offer("h-1");
    await at.pass(HOUR_MS, () => at.crane().phase === "lowering");
    at.service("cn").revoke("h-1" as never, "border closed");
    await at.pass(HOUR_MS, ended(at));
    expect(at.crane().register.authority).toBe("vn");
    expect(at.told("vn", "switched")).toEqual([]);
    await at.end();
  });

  it("is a trouble for both when the crane breaks down with it, and ends by itself once it is mended", async () => {
    const at = await calm();
    at.offer("h-1");
    await at.pass(HOUR_MS, () => at.crane().phase === "landing");
    at.feel({ kind: "fault", detail: "hoist drive" });
    await at.pass(HOUR_MS);
    for (const side of SIDES) {
      expect(at.told(side, "trouble")).toContainEqual(
        expect.objectContaining({ code: "transfer-device-failed", handoffId: "h-1" }),
      );
      expect(at.told(side, "switched"), "the giver's until it has landed").toEqual([]);
    }
    at.feel({ kind: "mended" });
    await at.pass(HOUR_MS, concluded(at));
    await bothLedgersAgree(at, 1);
    await at.end();
  });

  it("is neither offered nor taken where there is no crane", async () => {
    const at = await calm();
    at.offer("h-1", { handoffPointId: "export-1" as HandoffPointId });
    await at.pass(60_000);
    expect(at.told("vn", "trouble")).toMatchObject([{ code: "no-transfer-device" }]);
    expect(at.told("cn", "offered")).toEqual([]);
    await at.end();
  });

  it.each([11, 12, 13, 14])(
    "gets there over a network that loses a fifth of everything, crane included (seed %i)",
    async (seed) => {
      const at = await underCrane({ network: ROUGH, craneLossShare: 0.2, seed });
      at.offer("h-1");
      at.offer("h-2", { vehicleId: "sim.vn-02" as never });
      await at.pass(HOUR_MS, concluded(at, 2));
      await bothLedgersAgree(at, 2);
      await at.end();
    },
  );
});

describe("a side that dies in the middle of a container's hand-off", () => {
  const deaths = SIDES.flatMap((side) =>
    [1, 2, 3, 4, 5, 6].flatMap((atCommit) =>
      (["before", "after"] as const).map((when) => ({ side, atCommit, when })),
    ),
  );
  it.each(deaths)("goes on where it was: $side $when its commit $atCommit", async (death) => {
    const at = await calm({ death });
    at.offer("h-1");
    await at.pass(HOUR_MS, concluded(at));
    await bothLedgersAgree(at, 1);
    await at.end();
  });
});
