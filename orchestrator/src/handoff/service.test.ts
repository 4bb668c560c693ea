import type { Side } from "@baton/maps";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { readRecord, recordHash, verifyChain } from "./custody.ts";
import type { HandoffId } from "./port.ts";
import {
  createTwoSides,
  type Death,
  manifest,
  offerOf,
  type TwoSides,
  type TwoSidesOptions,
  VEHICLE,
} from "./testing/two-sides.ts";

const SIDES: readonly Side[] = ["vn", "cn"];
const H1 = "h-1" as HandoffId;
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
      expect(
        sides.told(side, "concluded").map((event) => event.handoffId),
        side,
      ).toContain(handoffId);
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
    expect(sides.told("cn", "offered")[0]?.offer).toEqual({ mode: "control-passes", ...offer });
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
      // As a vehicle does that came back: its register is told before it is offered again.
      for (const side of SIDES) sides.service(side).observeRegister(VEHICLE, vehicle.register);
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

const COMMITS = { vn: [1, 2, 3, 4, 5, 6], cn: [1, 2, 3, 4, 5, 6, 7] };
const deaths: Death[] = SIDES.flatMap((side) =>
  COMMITS[side].flatMap((atCommit) => [
    { side, atCommit, when: "before" as const },
    { side, atCommit, when: "after" as const },
  ]),
);

describe("a process that dies between any two steps", () => {
  it.each(deaths)(
    "$side dies $when its commit $atCommit, and the vehicle is handed over once all the same",
    async (death) => {
      await begin({ death });
      const offer = (): void => {
        if (sides.isRunning("vn")) sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
      };
      offer();
      // A mission that restarts asks again with the same id.
      const again = sides.clock.every(5_000, offer);
      await concluded("h-1").finally(again);
      expect(sides.hasDied).toBe(true);
      await expectOneHandover(["h-1"]);
      expect(sides.vehicle.register).toEqual({ authority: "cn", epoch: 5, handoffId: "h-1" });
    },
  );
});

/** No step is said again for being without an answer, nor does a mission ask twice: only who was started again speaks by itself. */
const NO_REPEATS = { repeatMs: 1e9, repeatMaxMs: 1e9 };

describe("a process that was started again, with nobody who repeats anything to it", () => {
  // An offer that was never kept is its mission's to make again.
  const kept = deaths.filter(
    ({ side, atCommit, when }) => side !== "vn" || atCommit !== 1 || when !== "before",
  );
  it.each(kept)("tells again where it stands: $side dies $when its commit $atCommit", async (death) => {
    await begin({ death, settings: NO_REPEATS });
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    await concluded("h-1");
    expect(sides.hasDied).toBe(true);
    await expectOneHandover(["h-1"]);
  });
});

const both = async (check: (side: Side) => void): Promise<void> =>
  vi.waitFor(() => {
    for (const side of SIDES) check(side);
  }, WAIT);

describe("a hand-off that ends early", () => {
  it("is fenced before it is withdrawn after go, and the vehicle can never switch by it", async () => {
    await begin();
    sides.vehicle.deaf = true;
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    await vi.waitFor(() => expect(sides.told("vn", "going")).toHaveLength(1), WAIT);
    sides.service("vn").withdraw(H1, "the vehicle limps");
    await vi.waitFor(
      () =>
        expect(sides.instructions.some((one) => one.kind === "transferControl" && one.to === "vn")).toBe(
          true,
        ),
      WAIT,
    );
    expect(sides.told("vn", "ended"), "not before the witness has moved").toEqual([]);
    expect(sides.service("cn").open()).toMatchObject([{ phase: "gone" }]);
    sides.vehicle.deaf = false;
    await both((side) => expect(sides.told(side, "ended")[0]).toMatchObject({ how: "withdrawn" }));
    expect(sides.vehicle.register).toMatchObject({ authority: "vn", epoch: 5 });
    expect(await sides.service("cn").custody()).toEqual([]);
  });

  it("is fenced when the taker asks for its end after go", async () => {
    await begin();
    sides.vehicle.deaf = true;
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    await vi.waitFor(() => expect(sides.told("vn", "going")).toHaveLength(1), WAIT);
    sides.service("cn").revoke(H1, "the border closes");
    // Only once the giver has heard of it may the vehicle hear again: before, its transfer would win.
    await vi.waitFor(() => expect(sides.service("vn").open()).toMatchObject([{ phase: "fencing" }]), WAIT);
    sides.vehicle.deaf = false;
    await both((side) =>
      expect(sides.told(side, "ended")[0]).toMatchObject({ how: "revoked", reason: "the border closes" }),
    );
    expect(sides.vehicle.register).toMatchObject({ authority: "vn", epoch: 5 });
  });

  it("is declined with the taker's code", async () => {
    await begin();
    sides.conduct = { ...sides.conduct, accepts: false };
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    await vi.waitFor(() => expect(sides.told("cn", "offered")).toHaveLength(1), WAIT);
    sides.service("cn").decline(H1, "no-room");
    await vi.waitFor(() => expect(sides.told("vn", "declined")[0]).toMatchObject({ code: "no-room" }), WAIT);
    await both((side) => expect(sides.service(side).open()).toEqual([]));
  });

  it("expires on both sides when nobody says go in time, after the epoch was raised", async () => {
    await begin();
    sides.conduct = { ...sides.conduct, goes: false };
    const offer = offerOf("h-1", sides.clock.nowMs());
    sides.service("vn").offer({ ...offer, expiresAtMs: Math.round(sides.clock.nowMs()) + 20_000 });
    await both((side) => expect(sides.told(side, "ended")[0]).toMatchObject({ how: "expired" }));
    expect(sides.vehicle.register.authority).toBe("vn");
  });
});

describe("what is out of reach", () => {
  it("calls the partner silent once and back once, and goes on where it was", async () => {
    await begin({ settings: { silentAfterMs: 3_000 } });
    const codes = (): string[] => sides.told("vn", "trouble").map(({ code }) => code);
    await sides.kill("cn");
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    await vi.waitFor(() => expect(codes()).toEqual(["partner-silent"]), WAIT);
    expect(sides.service("vn").partner()).toBe("silent");
    await sides.start("cn");
    await concluded("h-1");
    expect(codes()).toEqual(["partner-silent", "partner-back"]);
    expect(sides.service("vn").lastPartnerMessageAtMs()).toBeGreaterThan(0);
  });

  it("keeps requests while the store is away, refuses the partner's messages, and loses none of either", async () => {
    await begin();
    sides.storeDown.add("vn");
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    let isKept = false;
    const kept = sides
      .service("vn")
      .kept()
      .then(() => {
        isKept = true;
      });
    await vi.waitFor(
      () => expect(sides.told("vn", "trouble")[0]).toMatchObject({ code: "store-unreachable" }),
      WAIT,
    );
    expect(sides.events.cn).toEqual([]);
    expect(isKept).toBe(false);
    sides.storeDown.delete("vn");
    await kept;
    await vi.waitFor(() => expect(sides.told("cn", "ready")).toHaveLength(1), WAIT);
    sides.storeDown.add("vn");
    const refusals = (): number => sides.service("vn").metrics().refused["not-durable"] ?? 0;
    await vi.waitFor(
      () => expect(refusals() > 0 || sides.told("cn", "switched").length > 0).toBe(true),
      WAIT,
    );
    sides.storeDown.delete("vn");
    await concluded("h-1");
    await expectOneHandover(["h-1"]);
  });

  it("stops at once when another process has taken over its hand-offs", async () => {
    await begin();
    sides.conduct = { ...sides.conduct, goes: false };
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    await vi.waitFor(() => expect(sides.told("cn", "ready")).toHaveLength(1), WAIT);
    await sides.store("vn").open();
    sides.service("cn").go(H1);
    await vi.waitFor(
      () => expect(sides.told("vn", "trouble").map(({ code }) => code)).toContain("superseded"),
      WAIT,
    );
    expect(sides.instructions, "what it has not kept it does not do").toEqual([]);
  });

  it("brings a vehicle that does not switch to a person, once", async () => {
    await begin({ settings: { witnessAfterMs: 2_000 } });
    sides.vehicle.deaf = true;
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    const codes = (): string[] => sides.told("vn", "trouble").map(({ code }) => code);
    await vi.waitFor(() => expect(codes()).toEqual(["vehicle-not-switching"]), WAIT);
    sides.vehicle.deaf = false;
    await concluded("h-1");
    expect(codes()).toEqual(["vehicle-not-switching"]);
  });

  it("does not bring a vehicle to a person whose partner has yet to hear that it may go", async () => {
    await begin({ settings: { witnessAfterMs: 2_000, silentAfterMs: 3_600_000 } });
    let lost = 0;
    sides.network = async (send, from) => {
      if (from === "vn" || sides.service("cn").open()[0]?.phase !== "gone") return send();
      lost++;
      throw new Error("the request is lost");
    };
    sides.service("vn").offer(offerOf("h-1", sides.clock.nowMs()));
    // Several times the patience, by the pauses between attempts.
    await vi.waitFor(() => expect(lost).toBeGreaterThan(6), WAIT);
    expect(sides.told("cn", "trouble")).toEqual([]);
    sides.network = (send) => send();
    await concluded("h-1");
  });
});
