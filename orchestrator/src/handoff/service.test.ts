import type { Side } from "@baton/maps";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { readRecord, recordHash, verifyChain } from "./custody.ts";
import { createTwoSides, type Death, manifest, offerOf, type TwoSides, type TwoSidesOptions } from "./testing/two-sides.ts";

const SIDES: readonly Side[] = ["vn", "cn"];
const WAIT = { timeout: 15_000, interval: 5 };
let sides: TwoSides;

async function begin(options: TwoSidesOptions = {}): Promise<TwoSides> {
  sides = await createTwoSides(inject("redisUrl"), options);
  return sides;
}

afterEach(async () => sides.end());

async function concluded(handoffId: string): Promise<void> {
  await vi.waitFor(() => {
    for (const side of SIDES) {
      expect(sides.told(side, "concluded").map((event) => event.handoffId), side).toContain(handoffId);
    }
  }, WAIT);
}

/** Both ledgers: the same records, each chain whole, the vehicle handed over exactly once. */
async function expectOneHandover(handoffIds: readonly string[]): Promise<void> {
  const ledgers = { vn: await sides.store("vn").custody(), cn: await sides.store("cn").custody() };
  const hashes = (side: Side): string[] => ledgers[side].map(recordHash).sort();
  expect(hashes("vn")).toEqual(hashes("cn"));
  expect(ledgers.vn).toHaveLength(handoffIds.length);
  for (const side of SIDES) {
    const chain = await verifyChain(ledgers[side], side, sides.publicKeys);
    expect(chain).toMatchObject({ ok: true, records: handoffIds.length, pending: 0 });
  }
}

describe("two sides and one vehicle", () => {
  it("hands a vehicle over, once, with one custody record that both have signed and kept", async () => {
    const { vehicle, clock } = await begin();
    const offer = offerOf("h-1", clock.nowMs());
    sides.service("vn").offer(offer);
    await concluded("h-1");
    expect(vehicle.register).toEqual({ authority: "cn", epoch: 5, handoffId: "h-1" });
    expect(sides.told("cn", "offered")[0]?.offer).toEqual(offer);
    expect(sides.told("cn", "ready")[0]?.manifest).toEqual(manifest);
    for (const side of SIDES) {
      expect(sides.told(side, "switched")[0]).toMatchObject({ handoffId: "h-1", epoch: 5 });
      expect(sides.service(side).open()).toEqual([]);
      expect(sides.told(side, "trouble")).toEqual([]);
    }
    await expectOneHandover(["h-1"]);
    const [signed] = await sides.service("vn").custody();
    if (signed === undefined) throw new Error("no custody record");
    const reading = await readRecord(signed, (keyId) => sides.publicKeys.find((key) => key.keyId === keyId));
    if (!reading.ok) throw new Error(reading.detail);
    expect(reading.record).toMatchObject({ controlEpoch: 5, manifest, result: { kind: "accepted" } });
    const { utc, vn, cn } = reading.record.receivedAt;
    expect(Date.parse(vn)).toBe(Date.parse(utc));
    expect(cn).toMatch(/\+08:00$/);
    expect(reading.headers.map(({ role, account }) => `${role} ${account}`)).toEqual([
      "taker duty-officer@cn",
      "giver duty-officer@vn",
    ]);
  });

  it("chains one record to the next", async () => {
    const { clock, vehicle } = await begin();
    for (const [at, handoffId] of ["h-1", "h-2", "h-3"].entries()) {
      vehicle.register = { authority: "vn", epoch: 10 * (at + 1) };
      sides.service("vn").offer(offerOf(handoffId, clock.nowMs()));
      await concluded(handoffId);
    }
    await expectOneHandover(["h-1", "h-2", "h-3"]);
  });

  it("loses and doubles nothing when requests and answers are lost, doubled and late", async () => {
    await begin();
    const count = { vn: 0, cn: 0 };
    sides.network = async (send, from) => {
      const fate = count[from]++ % 3;
      if (fate === 0) throw new Error("the request is lost");
      const answer = await send();
      if (fate === 1) throw new Error("the answer is lost");
      await send();
      return answer;
    };
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    await concluded("h-1");
    await expectOneHandover(["h-1"]);
    expect(sides.vehicle.register.epoch).toBe(5);
    const metrics = SIDES.map((side) => sides.service(side).metrics());
    expect(metrics.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBeGreaterThan(0);
    // The same bytes a second time are a replay: refused, and harmless.
    expect(metrics.reduce((sum, { signatures }) => sum + (signatures.replayed ?? 0), 0)).toBeGreaterThan(0);
  });
});

const deaths: Death[] = SIDES.flatMap((side) =>
  [1, 2, 3, 4, 5, 6].flatMap((atCommit) => [
    { side, atCommit, when: "before" as const },
    { side, atCommit, when: "after" as const },
  ]),
);

describe("a process that dies between any two steps", () => {
  it.each(deaths)("$side dies $when its commit $atCommit, and the vehicle is handed over once all the same", async (death) => {
    await begin({ death });
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    // A mission that restarts asks again with the same id.
    const again = sides.clock.every(10_000, () => sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs())));
    await concluded("h-1").finally(again);
    await expectOneHandover(["h-1"]);
    expect(sides.vehicle.register).toEqual({ authority: "cn", epoch: 5, handoffId: "h-1" });
  });
});
