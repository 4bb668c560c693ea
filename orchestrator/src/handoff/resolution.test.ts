import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { recordHash } from "./custody.ts";
import { createTwoSides, type Death, offerOf, type TwoSides } from "./testing/two-sides.ts";

const WAIT = { timeout: 15_000, interval: 5 };
const says = (holder: "giver" | "taker", account: string) => ({ holder, account, reason: "burnt out" });
let sides: TwoSides;

/** A vehicle that obeys nobody any more, its hand-off between `go` and the witness. */
async function lostBetween(death?: Death): Promise<void> {
  sides = await createTwoSides(inject("redisUrl"), death === undefined ? {} : { death });
  sides.vehicle.deaf = true;
  sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
  await vi.waitFor(() => {
    expect(sides.service("vn").look("h-1")?.machine.phase).toBe("switching");
    expect(sides.service("cn").look("h-1")?.machine.phase).toBe("gone");
  }, WAIT);
}

afterEach(async () => sides.end());

describe("a vehicle that is lost between go and the witness", () => {
  it("is the taker's once an account of each side has said so, and both ledgers have the record", async () => {
    await lostBetween();
    expect(await sides.service("vn").resolve("h-1", says("taker", "lan"))).toEqual({
      kind: "said",
      agreed: false,
    });
    await vi.waitFor(
      () => expect(sides.told("cn", "trouble").map(({ code }) => code)).toContain("resolution-awaited"),
      WAIT,
    );
    expect(sides.told("cn", "switched")).toEqual([]);
    expect(await sides.service("cn").resolve("h-1", says("taker", "wei"))).toEqual({
      kind: "said",
      agreed: true,
    });
    await vi.waitFor(() => {
      for (const side of ["vn", "cn"] as const) expect(sides.told(side, "concluded")).not.toEqual([]);
    }, WAIT);
    const [ofVn, ofCn] = await Promise.all([sides.store("vn").custody(), sides.store("cn").custody()]);
    expect(ofVn.map(recordHash)).toEqual(ofCn.map(recordHash));
    expect(ofVn).toHaveLength(1);
  });

  it("stays the giver's once both have said so, whatever its register is heard to say afterwards", async () => {
    await lostBetween();
    await sides.service("cn").resolve("h-1", says("giver", "wei"));
    await sides.service("vn").resolve("h-1", says("giver", "lan"));
    await vi.waitFor(() => {
      for (const side of ["vn", "cn"] as const) expect(sides.told(side, "ended")).not.toEqual([]);
    }, WAIT);
    for (const side of ["vn", "cn"] as const)
      sides
        .service(side)
        .observeRegister(offerOf("h-1", 0).vehicleId, { authority: "cn", epoch: 5, handoffId: "h-1" });
    await sides.service("cn").resolve("h-1", says("giver", "wei"));
    for (const side of ["vn", "cn"] as const) {
      // Whatever follows from the register has been done by then.
      await sides.service(side).kept();
      expect(sides.told(side, "switched")).toEqual([]);
    }
  });

  it("is nobody's on two words that differ; only then, both known, may each side speak again", async () => {
    await lostBetween();
    const hold = sides.network;
    sides.network = () => Promise.reject(new Error("cut"));
    await sides.service("vn").resolve("h-1", says("giver", "lan"));
    await sides.service("cn").resolve("h-1", says("taker", "wei"));
    expect(await sides.service("cn").resolve("h-1", says("giver", "wei"))).toEqual({
      kind: "refused",
      why: "word-given",
    });
    sides.network = hold;
    await vi.waitFor(() => {
      for (const side of ["vn", "cn"] as const)
        expect(sides.told(side, "trouble").map(({ code }) => code)).toContain("resolution-disagrees");
    }, WAIT);
    expect([sides.told("vn", "ended"), sides.told("cn", "switched")]).toEqual([[], []]);
    await sides.service("cn").resolve("h-1", says("giver", "wei"));
    await sides.service("vn").resolve("h-1", says("giver", "lan"));
    await vi.waitFor(() => {
      for (const side of ["vn", "cn"] as const) expect(sides.told(side, "ended")).not.toEqual([]);
    }, WAIT);
  });

  it("cannot be spoken of against what this side has read, nor where nothing waits", async () => {
    await lostBetween();
    sides.vehicle.deaf = false;
    await vi.waitFor(() => expect(sides.told("cn", "concluded")).not.toEqual([]), WAIT);
    expect(await sides.service("cn").resolve("h-1", says("giver", "wei"))).toEqual({
      kind: "refused",
      why: "contradicts-witness",
    });
    expect(await sides.service("cn").resolve("h-2", says("giver", "wei"))).toEqual({
      kind: "refused",
      why: "handoff-unknown",
    });
  });
});

/** From the first word on: the giver's own, the taker's, the record; the taker has the record signed by itself, and by both. */
const COMMITS = { vn: [5, 6, 7], cn: [5, 6, 7, 8] };
const deaths: Death[] = (["vn", "cn"] as const).flatMap((side) =>
  COMMITS[side].flatMap((atCommit) => [
    { side, atCommit, when: "before" as const },
    { side, atCommit, when: "after" as const },
  ]),
);

describe("a process that dies while people say who holds a lost vehicle", () => {
  it.each(deaths)("$side dies $when its commit $atCommit, and what both say is done once", async (death) => {
    await lostBetween(death);
    /** The giver's account speaks, then the taker's, who is asked for it; who heard no answer says it again. */
    const say = async (side: "vn" | "cn"): Promise<void> => {
      if (side === "cn" && !sides.told("cn", "trouble").some(({ code }) => code === "resolution-awaited"))
        return;
      if (!sides.isRunning(side)) return;
      const said = sides.service(side).resolve("h-1", says("taker", side));
      await said.catch(() => undefined);
    };
    void say("vn");
    const again = sides.clock.every(1_000, () => {
      void say("vn");
      void say("cn");
    });
    await vi
      .waitFor(() => {
        expect(sides.hasDied).toBe(true);
        for (const side of ["vn", "cn"] as const) expect(sides.told(side, "concluded")).not.toEqual([]);
      }, WAIT)
      .finally(again);
    const [ofVn, ofCn] = await Promise.all([sides.store("vn").custody(), sides.store("cn").custody()]);
    expect(ofVn.map(recordHash)).toEqual(ofCn.map(recordHash));
    expect(ofVn).toHaveLength(1);
  });
});
