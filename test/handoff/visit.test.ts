import { SIDES, type Side } from "@baton/maps";
import { Redis } from "ioredis";
import { describe, expect, inject, it } from "vitest";
import { recordHash, verifyChain } from "../../orchestrator/src/handoff/custody.ts";
import {
  createHandoffMemory,
  createMemoryHandoffStore,
  type HandoffStore,
} from "../../orchestrator/src/handoff/handoff-store.ts";
import { createRedisHandoffStore } from "../../orchestrator/src/handoff/redis-handoff-store.ts";
import { publicKeys } from "../../orchestrator/src/handoff/testing/test-keys.ts";
import { createModelLedger } from "../../orchestrator/src/reservation/ledger/model.ts";
import { createRedisLedger } from "../../orchestrator/src/reservation/ledger/redis-ledger.ts";
import { freshZone } from "../../orchestrator/src/reservation/testing/redis-zone.ts";
import { BACK, OUT, PAD, type Visiting, type VisitingOptions, visiting } from "./visiting.ts";

const CALM = { latencyMs: { min: 20, max: 20 }, lossShare: 0, duplicateShare: 0, reorderShare: 0 };
const ROUGH = { latencyMs: { min: 20, max: 400 }, lossShare: 0.2, duplicateShare: 0.2, reorderShare: 0.2 };
const HOUR_MS = 3_600_000;

function inMemory(more: Partial<VisitingOptions> = {}): Promise<Visiting> {
  const memories = { vn: createHandoffMemory(), cn: createHandoffMemory() };
  const storeOf = (side: Side): HandoffStore => createMemoryHandoffStore(memories[side]);
  return visiting({ network: CALM, seed: 1, storeOf, ledgerOf: () => createModelLedger(), ...more });
}

const isHome = (at: Visiting) => () =>
  SIDES.every((side) => new Set(at.told(side, "concluded").map(({ handoffId }) => handoffId)).size === 2);

/** It was on the pad and is back, nobody else was there, nothing is kept for it, and both sides' records are the same. */
async function endsWell(at: Visiting): Promise<void> {
  await at.pass(HOUR_MS, isHome(at));
  expect(at.told("vn", "concluded").map(({ handoffId }) => handoffId)).toEqual(
    expect.arrayContaining([OUT, BACK]),
  );
  await at.pass(30_000);
  expect(at.broken).toEqual([]);
  expect(at.covers()).toEqual(["back"]);
  expect(at.closed(), "the pad is the host's own again").toEqual([]);
  const page = at.service("cn").visits.page(OUT);
  const home = at.service("vn").visits.visitor(OUT);
  expect(page).toMatchObject({ stage: "over", stretches: [], register: { authority: "vn", epoch: 2 } });
  expect(home).toMatchObject({ isOver: true, holds: [], register: page?.register });
  const chains = await Promise.all(SIDES.map((side) => at.service(side).custody()));
  const [ours, theirs] = chains.map((chain) => chain.map(recordHash).sort());
  expect(ours).toHaveLength(2);
  expect(theirs).toEqual(ours);
  for (const [i, side] of SIDES.entries())
    expect((await verifyChain(chains[i] ?? [], side, publicKeys)).ok, side).toBe(true);
  const before = at.rounds();
  await at.pass(120_000);
  expect(at.rounds(), "the host's shuttle goes on").toBeGreaterThan(before);
  await at.end();
}

describe("a vehicle that visits the host's ground, driven by its own side", () => {
  it("goes to the host's pad on the host's grant, comes back, and nobody of the host is granted it meanwhile", async () => {
    const at = await inMemory();
    await at.pass(HOUR_MS, () => at.covers().includes(PAD));
    expect(at.service("cn").visits.page(OUT)).toMatchObject({
      stage: "open",
      register: { authority: "cn", epoch: 1 },
      stretches: [{ stretchId: PAD, state: "granted" }],
    });
    await endsWell(at);
  });
});

const padOf = (at: Visiting) =>
  at
    .service("cn")
    .visits.page(OUT)
    ?.stretches.find(({ stretchId }) => stretchId === PAD);
const isGranted = (at: Visiting) => () =>
  at
    .service("vn")
    .visits.visitor(OUT)
    ?.holds.some(({ stretchId }) => stretchId === PAD) === true;

describe("ground that is granted to a visitor", () => {
  it("is not entered when its lease is over, and stays the visitor's until its own side has spoken", async () => {
    const at = await inMemory({ enters: false });
    await at.pass(HOUR_MS, isGranted(at));
    at.links.vn.cut();
    at.links.cn.cut();
    await at.pass(60_000);
    at.letIn();
    const rounds = at.rounds();
    await at.pass(120_000);
    expect(at.covers()).toEqual(["hold"]);
    expect(padOf(at)).toMatchObject({ state: "granted" });
    expect(at.rounds(), "no timer gives it to the shuttle").toBe(rounds);
    at.links.vn.mend();
    at.links.cn.mend();
    await endsWell(at);
  });

  it("is given back at once when the host wants it and it was not entered, and granted anew under a higher epoch", async () => {
    const at = await inMemory({ enters: false });
    await at.pass(HOUR_MS, isGranted(at));
    const epoch = padOf(at)?.epoch ?? 0;
    at.service("cn").visits.revoke(OUT, PAD);
    await at.pass(60_000, () => (padOf(at)?.epoch ?? 0) > epoch);
    expect(padOf(at)).toMatchObject({ state: "granted" });
    at.letIn();
    await endsWell(at);
  });

  it("stays the visitor's when the host wants it back while the vehicle stands there", async () => {
    const at = await inMemory({ returns: false });
    await at.pass(HOUR_MS, () => at.covers().join() === PAD);
    at.service("cn").visits.revoke(OUT, PAD);
    // The shuttle ends what it can without the pad.
    await at.pass(60_000);
    const rounds = at.rounds();
    await at.pass(300_000);
    expect(padOf(at)).toMatchObject({ state: "revoked" });
    expect(at.service("vn").visits.visitor(OUT)?.holds).toMatchObject([{ stretchId: PAD, isRevoked: true }]);
    expect(at.rounds()).toBe(rounds);
    at.goHome();
    await endsWell(at);
  });
});

describe("a visit that is not to be", () => {
  it("is not let onto ground that the host has closed, and leaves ground that is closed while it is there", async () => {
    const at = await inMemory({ returns: false });
    at.closePad();
    await at.pass(120_000);
    expect(padOf(at)?.state).toBe("queued");
    expect(at.covers()).not.toContain(PAD);
    at.openPad();
    await at.pass(HOUR_MS, () => at.covers().join() === PAD);
    at.closePad();
    await at.pass(30_000);
    at.goHome();
    await at.pass(HOUR_MS, isHome(at));
    expect(at.broken).toEqual([]);
    expect(at.covers()).toEqual(["back"]);
    expect(at.closed()).toEqual(["by-hand"]);
    await at.end();
  });

  it("is declined by a side that does not serve the mode", async () => {
    const at = await inMemory({ serves: false });
    await at.pass(60_000);
    expect(at.told("vn", "trouble")).toContainEqual(
      expect.objectContaining({
        code: "message-refused",
        detail: expect.stringContaining("mode-not-served"),
      }),
    );
    expect(at.told("cn", "offered")).toEqual([]);
    await at.end();
  });

  it("leaves the host's ground to the host when the home side withdraws before the witness has spoken", async () => {
    const at = await inMemory();
    await at.pass(HOUR_MS, () => padOf(at)?.state === "held");
    at.service("vn").withdraw(OUT, "damaged seal");
    await at.pass(60_000);
    expect(at.told("cn", "ended")).toMatchObject([{ handoffId: OUT, how: "withdrawn" }]);
    expect(at.covers()).not.toContain(PAD);
    expect(at.closed()).toEqual([]);
    expect(at.service("vn").visits.visitor(OUT)).toMatchObject({ isOver: true });
    await at.end();
  });
});

describe("a visit over a network that loses a fifth of everything, with processes that die", () => {
  it.each([11, 12, 13])("ends well all the same (seed %i)", async (seed) => {
    await endsWell(await inMemory({ network: ROUGH, seed }));
  });

  const deaths = SIDES.flatMap((side) =>
    Array.from({ length: 12 }, (_, i) => i + 1).flatMap((atCommit) =>
      (["before", "after"] as const).map((when) => ({ side, atCommit, when })),
    ),
  );
  it.each(deaths)("goes on where it was: $side dies $when its commit $atCommit", async (death) => {
    await endsWell(await inMemory({ death }));
  });
});

describe("a visit on real Redis", () => {
  it.each([
    { network: CALM, seed: 1 },
    { network: ROUGH, seed: 2, death: { side: "cn", atCommit: 6, when: "after" } as const },
  ])("ends as in memory, ledgers and hand-off rooms of both sides in Redis (seed $seed)", async (more) => {
    const url = inject("redisUrl");
    const redis = new Redis(url);
    const zones = { vn: freshZone(), cn: freshZone() };
    const ledgers = SIDES.map((side) => createRedisLedger({ url, zoneId: zones[side] }));
    const storeOf = (side: Side): HandoffStore => createRedisHandoffStore({ redis, zoneId: zones[side] });
    await endsWell(
      await visiting({ ...more, storeOf, ledgerOf: (side) => ledgers[SIDES.indexOf(side)] ?? never(side) }),
    );
    await Promise.all(ledgers.map((ledger) => ledger.close()));
    await redis.quit();
  });
});

function never(side: Side): never {
  throw new Error(`no ledger for ${side}`);
}
