import {
  type ControlRegister,
  countedIds,
  type Instruction,
  type ManualClock,
  manualClock,
  type NetworkConditions,
  type VehicleId,
} from "@baton/fleet-adapter";
import { otherSide, SIDES, type Side } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recordHash, verifyChain } from "./custody.ts";
import { createHandoffMemory, createMemoryHandoffStore } from "./handoff-store.ts";
import { type MemoryPartnerLink, memoryPartnerLink } from "./memory-partner-link.ts";
import type { HandoffEvent } from "./port.ts";
import { createHandoffs } from "./service.ts";
import type { HandoffService } from "./service-port.ts";
import { seeded } from "./testing/seeded.ts";
import { keyRingOf, publicKeys } from "./testing/test-keys.ts";
import { manifest, offerOf } from "./testing/two-sides.ts";

const VEHICLE = "sim.vn-01" as VehicleId;
const START_MS = Date.UTC(2026, 10, 22);

interface World {
  readonly clock: ManualClock;
  readonly services: Readonly<Record<Side, HandoffService>>;
  readonly links: Readonly<Record<Side, MemoryPartnerLink>>;
  readonly events: { readonly atMs: number; readonly side: Side; readonly event: HandoffEvent }[];
  readonly vehicle: { register: ControlRegister; switches: number };
  /** Lets time pass, until then or until something is so. */
  pass(ms: number, isSo?: () => boolean): Promise<void>;
  end(): Promise<void>;
}

/** Two sides and one vehicle, on a clock that stands still while anything is in work. */
async function world(network: NetworkConditions, seed: number): Promise<World> {
  const clock = manualClock(START_MS);
  const events: World["events"] = [];
  const vehicle: World["vehicle"] = { register: { authority: "vn", epoch: 4 }, switches: 0 };
  const perSide = <T>(make: (side: Side) => T): Record<Side, T> => ({ vn: make("vn"), cn: make("cn") });
  const links: Record<Side, MemoryPartnerLink> = perSide((side) =>
    memoryPartnerLink({
      timers: clock,
      random: seeded(seed + (side === "vn" ? 0 : 1)),
      network,
      door: (...request) => services[otherSide(side)].receiveFromPartner(...request),
      beat: (...request) => services[otherSide(side)].heartbeatFromPartner(...request),
      sign: (answer) => services[otherSide(side)].gate.signAnswer(answer),
    }),
  );
  const obey = (instruction: Instruction): void => {
    const { register } = vehicle;
    if (instruction.kind !== "transferControl" || register.authority !== instruction.from) return;
    if (register.epoch !== instruction.expectedEpoch) return;
    const { to, handoffId } = instruction;
    vehicle.register = { authority: to, epoch: register.epoch + 1, handoffId };
    vehicle.switches += 1;
  };
  const services: Record<Side, HandoffService> = perSide((side) =>
    createHandoffs({
      side,
      partnerSide: otherSide(side),
      partnerUrl: `http://${otherSide(side)}.example`,
      keys: keyRingOf(side),
      store: createMemoryHandoffStore(createHandoffMemory()),
      fleet: { instruct: (_vehicleId, instruction) => obey(instruction) },
      clock,
      timers: clock,
      ids: countedIds(`${side}-nonce`),
      log: { info: () => {}, warn: () => {}, error: () => {} },
      account: `duty-officer@${side}`,
      fetch: links[side].fetch,
    }),
  );
  for (const side of SIDES) {
    const service = services[side];
    service.subscribe((event) => {
      events.push({ atMs: clock.nowMs(), side, event });
      if (event.kind === "offered") service.accept(event.offer.handoffId);
      if (event.kind === "accepted") service.ready(event.handoffId, manifest);
      if (event.kind === "ready") service.go(event.handoffId);
      if (event.kind === "switched" && side === "cn") service.receive(event.handoffId, { kind: "accepted" });
    });
    await service.start();
  }
  const stopStates = clock.every(1_000, () => {
    for (const side of SIDES) services[side].observeRegister(VEHICLE, vehicle.register);
  });
  return {
    clock,
    services,
    links,
    events,
    vehicle,
    pass: async (ms, isSo = () => false) => {
      const untilMs = clock.nowMs() + ms;
      for (;;) {
        // Every promise that can settle without time passing has settled when an immediate runs.
        await new Promise((resolve) => setImmediate(resolve));
        const dueMs = clock.nextDueMs() ?? Number.POSITIVE_INFINITY;
        if (isSo() || dueMs > untilMs) break;
        clock.advance(dueMs - clock.nowMs());
      }
    },
    end: async () => {
      stopStates();
      await Promise.all(SIDES.map((side) => services[side].stop()));
    },
  };
}

const told = ({ events }: World, side: Side, kind: HandoffEvent["kind"]): HandoffEvent[] =>
  events.filter((one) => one.side === side && one.event.kind === kind).map(({ event }) => event);
const isConcluded = (here: World): boolean => SIDES.every((side) => told(here, side, "concluded").length > 0);

const PERFECT: NetworkConditions = {
  latencyMs: { min: 20, max: 20 },
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
};

/** What both sides were told and when, and what they signed. */
async function story(network: NetworkConditions, seed: number): Promise<string> {
  const here = await world(network, seed);
  here.services.vn.offer(offerOf("h-1", here.clock.nowMs()));
  await here.pass(3_600_000, () => isConcluded(here));
  const chains = await Promise.all(SIDES.map((side) => here.services[side].custody()));
  const figures = SIDES.map((side) => here.links[side].figures());
  await here.end();
  return JSON.stringify({ events: here.events, chains, figures });
}

describe("two sides without a network between them", () => {
  it("hand a vehicle over with signed requests, as over HTTP, within a few latencies", async () => {
    const here = await world(PERFECT, 1);
    here.services.vn.offer(offerOf("h-1", here.clock.nowMs()));
    await here.pass(60_000, () => isConcluded(here));
    expect(isConcluded(here)).toBe(true);
    expect(here.vehicle.register).toEqual({ authority: "cn", epoch: 5, handoffId: "h-1" });
    expect(told(here, "vn", "trouble")).toEqual([]);
    const metrics = SIDES.map((side) => here.services[side].metrics());
    expect(metrics.every(({ signatures }) => Object.keys(signatures).length === 0)).toBe(true);
    expect(here.links.vn.figures()).toMatchObject({ lost: 0, doubled: 0 });
    await here.end();
  });

  it("hand it over once, and sign the same record, whatever the way does to requests and answers", async () => {
    const share = fc.double({ min: 0, max: 0.4, noNaN: true });
    const networks = fc.record({
      latencyMs: fc.tuple(fc.nat(500), fc.nat(5_000)).map(([min, more]) => ({ min, max: min + more })),
      lossShare: share,
      duplicateShare: share,
      reorderShare: share,
    });
    await fc.assert(
      fc.asyncProperty(networks, fc.integer(), async (network, seed) => {
        const here = await world(network, seed);
        const offer = offerOf("h-1", here.clock.nowMs());
        here.services.vn.offer({ ...offer, expiresAtMs: offer.expiresAtMs + 86_400_000 });
        await here.pass(7_200_000, () => isConcluded(here));
        expect(isConcluded(here)).toBe(true);
        expect(here.vehicle.switches).toBe(1);
        const [vn = [], cn = []] = await Promise.all(SIDES.map((side) => here.services[side].custody()));
        expect(vn.map(recordHash)).toEqual(cn.map(recordHash));
        expect(await verifyChain(vn, "vn", publicKeys)).toMatchObject({ ok: true, records: 1, pending: 0 });
        await here.end();
      }),
      { numRuns: 40 },
    );
  });

  it("tell the same story twice, byte for byte, from the same seed", async () => {
    const network = {
      latencyMs: { min: 10, max: 900 },
      lossShare: 0.3,
      duplicateShare: 0.3,
      reorderShare: 0.3,
    };
    const first = await story(network, 11);
    expect(await story(network, 11)).toBe(first);
    expect(await story(network, 12)).not.toBe(first);
  });

  it("find the partner silent while the way is cut, and go on where they were when it is mended", async () => {
    const here = await world(PERFECT, 3);
    for (const side of SIDES) here.links[side].cut();
    here.services.vn.offer(offerOf("h-1", here.clock.nowMs()));
    await here.pass(120_000);
    expect(told(here, "cn", "offered")).toEqual([]);
    expect(here.services.vn.partner()).toBe("silent");
    for (const side of SIDES) here.links[side].mend();
    await here.pass(120_000, () => isConcluded(here));
    expect(here.services.vn.partner()).toBe("online");
    expect(isConcluded(here)).toBe(true);
    await here.end();
  });
});

describe("two sides with nothing to hand over", () => {
  const codes = (here: World, side: Side): string[] =>
    here.events.flatMap(({ side: by, event }) =>
      by === side && event.kind === "trouble" ? [event.code] : [],
    );

  it("hear each other's heartbeat, and each shows the other as silent while the way is cut", async () => {
    const here = await world(PERFECT, 5);
    await here.pass(60_000);
    for (const side of SIDES) {
      expect(here.services[side].lastPartnerMessageAtMs()).toBeGreaterThan(START_MS + 45_000);
      here.links[side].cut();
    }
    await here.pass(60_000);
    for (const side of SIDES) expect(codes(here, side)).toEqual(["partner-silent"]);
    for (const side of SIDES) here.links[side].mend();
    await here.pass(20_000);
    for (const side of SIDES) expect(codes(here, side)).toEqual(["partner-silent", "partner-back"]);
    await here.end();
  });

  it("know which of the two ways is cut: who is heard and does not hear is silent to the other alone", async () => {
    const here = await world(PERFECT, 6);
    here.links.vn.cut();
    await here.pass(60_000);
    expect(codes(here, "vn")).toEqual(["partner-silent"]);
    expect(codes(here, "cn")).toEqual([]);
    await here.end();
  });
});

describe("the way to the partner in memory", () => {
  const post = { method: "POST", headers: {}, body: Buffer.alloc(0) } as const;
  const to = (door: () => Promise<never>): MemoryPartnerLink & { clock: ManualClock } => {
    const clock = manualClock();
    return {
      ...memoryPartnerLink({
        timers: clock,
        random: seeded(1),
        network: PERFECT,
        door,
        beat: door,
        sign: () => ({}),
      }),
      clock,
    };
  };
  const settle = async (clock: ManualClock): Promise<void> => {
    clock.advance(20);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(20);
  };

  it("answers as the routes do when there is nothing at an address, or something is wrong inside", async () => {
    const { fetch, clock } = to(() => Promise.reject(new Error("a bug")));
    const elsewhere = fetch("http://cn.example/partner/v1/elsewhere", post);
    const broken = fetch("http://cn.example/partner/v1/handoffs/h-1/messages", post);
    const body = Buffer.alloc(300_000);
    const long = fetch("http://cn.example/partner/v1/handoffs/h-1/messages", { ...post, body });
    await settle(clock);
    expect(await elsewhere).toMatchObject({ ok: false, status: 404 });
    expect(JSON.parse(await (await elsewhere).text())).toMatchObject({ code: "route-unknown" });
    expect(await broken).toMatchObject({ ok: false, status: 500 });
    expect(await long).toMatchObject({ ok: false, status: 413 });
  });

  it("gives up on an answer that does not come, in the time of its clock", async () => {
    const { fetch, clock } = to(() => new Promise<never>(() => {}));
    const failure = fetch("http://cn.example/partner/v1/handoffs/h-1/messages", post).catch(String);
    clock.advance(10_000);
    expect(await failure).toBe("Error: no answer within 10000 ms");
  });
});
