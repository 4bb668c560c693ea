import type { Side, Site } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CrossingModel, type ModelTimes } from "./testing/crossing-model.ts";
import type { Yard } from "./yard.ts";
import { indexOf } from "./yard-index.ts";
import { yardOfSite } from "./yard-of-site.ts";

const SIDES = ["vn", "cn"] as const;
const HOUR_MS = 3_600_000;

async function yardsOf(siteId: string): Promise<Record<Side, Yard>> {
  const reading = await loadSite(siteDirectory(siteId));
  if (!reading.ok) throw new Error(`${siteId} does not load`);
  const site: Site = reading.site;
  return { vn: yardOfSite(site, "vn"), cn: yardOfSite(site, "cn") };
}

const mini = await yardsOf("mini");

function park(model: CrossingModel, side: Side, count: number, batteryPct: () => number): void {
  const { parkings, chargers } = indexOf(model.yards[side]);
  for (const place of [...parkings, ...chargers].slice(0, count))
    model.addVehicle(side, place.stationId, batteryPct());
}

/** A yard with fewer stations on the same roads: the tighter it is, the sooner a lock would show. */
function withOnly(yard: Yard, sizes: Readonly<Record<"cranes" | "out" | "in" | "places", number>>): Yard {
  const { cranes, outboundBays, inboundBays, parkings, chargers } = indexOf(yard);
  const kept = new Set([
    ...cranes.slice(0, sizes.cranes),
    ...outboundBays.slice(0, sizes.out),
    ...inboundBays.slice(0, sizes.in),
    ...[...chargers.slice(0, 1), ...parkings].slice(0, sizes.places),
  ]);
  return { ...yard, stations: yard.stations.filter((station) => kept.has(station)) };
}

/** Small ones are drawn as often as large ones: a lock needs everything full at once. */
const sizes = fc.record({
  cranes: fc.constantFrom(1, 1, 2, 3),
  out: fc.constantFrom(1, 1, 2, 3),
  in: fc.constantFrom(1, 1, 2, 3),
  places: fc.constantFrom(2, 4, 7, 9),
});

describe("the circulation over both sides, however tight and whatever takes how long", () => {
  it("never locks: every container is delivered, whether as many go each way, more one way, or all one way", {
    timeout: 120_000,
  }, () => {
    let calledOff = 0;
    let exchanged = 0;
    fc.assert(
      fc.property(
        fc.record({
          ground: fc.record({ vn: sizes, cn: sizes }),
          orders: fc.constantFrom(1, 6, 12, 20),
          /** How many there are of a direction for each of the other: a side may run out of vehicles, and have no more to send. */
          share: fc.constantFrom({ vn: 1, cn: 1 }, { vn: 1, cn: 0.3 }, { vn: 1, cn: 0 }, { vn: 0, cn: 1 }),
          spreadS: fc.constantFrom(0, 0, 600, 6_000),
          emptyPlaces: fc.record({ vn: fc.nat(3), cn: fc.nat(3) }),
          /** Below 0 vehicles on their way are changed as often as may be. */
          exchangeGainS: fc.constantFrom(-500, 0, 60),
          slow: fc.constantFrom("nothing", "lift", "checks", "truck", "gate"),
          draws: fc.infiniteStream(fc.nat(1_000_000)),
        }),
        ({ ground, orders, share, spreadS, emptyPlaces, exchangeGainS, slow, draws }) => {
          const draw = (): number => draws.next().value ?? 0;
          const upTo = (name: string) => (): number => (draw() % (slow === name ? 3_000 : 300)) * 1_000;
          const times: ModelTimes = {
            truck: upTo("truck"),
            lift: upTo("lift"),
            seal: upTo("seal"),
            checks: upTo("checks"),
            gate: upTo("gate"),
            turns: () => draw() % 4 > 0,
          };
          const yards = { vn: withOnly(mini.vn, ground.vn), cn: withOnly(mini.cn, ground.cn) };
          const model = new CrossingModel(yards, times, { exchangeGainS });
          for (const side of SIDES)
            park(model, side, Math.max(1, ground[side].places - emptyPlaces[side]), () => 20 + (draw() % 80));
          const ordered = { vn: Math.ceil(orders * share.vn), cn: Math.ceil(orders * share.cn) };
          for (const side of SIDES)
            for (let i = 0; i < ordered[side]; i++)
              model.order(side, (draw() % (spreadS + 1)) * 1_000, draw() % 2);
          const all = ordered.vn + ordered.cn;
          const untilMs = 120 * HOUR_MS;
          model.tickEvery(120_000, untilMs);
          for (let atMs = HOUR_MS; atMs <= untilMs && model.delivered < all; atMs += HOUR_MS) model.run(atMs);
          calledOff += model.calledOff;
          exchanged += model.exchanged;
          const left = model.delivered < all ? model.standstill() : [];
          expect(left, `${model.delivered} of ${all} delivered`).toEqual([]);
          // For a container one may come, and one may leave to make room beyond the line: none goes back and forth.
          expect(model.emptyRuns).toBeLessThanOrEqual(2 * all);
        },
      ),
      // What fails, fails slowly: it is not made smaller.
      { numRuns: 60, endOnFailure: true },
    );
    expect(calledOff, "vehicles called off on their way to a place").toBeGreaterThan(5);
    expect(exchanged, "containers that were given another vehicle").toBeGreaterThan(20);
  });
});

describe("a crossing with as much to carry one way as the other", () => {
  it("has its vehicles drive less than 15 % of their way empty, charging included", {
    timeout: 120_000,
  }, async () => {
    const yards = await yardsOf("1119-1120");
    let state = 7;
    // A linear congruential generator (Numerical Recipes): the same day every time.
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const about = (seconds: number) => (): number => seconds * 1_000 * (0.7 + 0.6 * random());
    for (const perHour of [5, 20]) {
      const model = new CrossingModel(yards, {
        truck: about(120),
        lift: about(164),
        seal: about(60),
        checks: about(285),
        gate: about(30),
      });
      for (const side of SIDES) park(model, side, 20, () => 50 + 50 * random());
      const orders = perHour * 16;
      for (const side of SIDES)
        for (let i = 0; i < orders; i++) model.order(side, ((i + random()) / perHour) * HOUR_MS);
      model.tickEvery(20_000, 18 * HOUR_MS);
      model.run(18 * HOUR_MS);
      expect(model.delivered).toBe(2 * orders);
      const { emptyM, loadedM } = model.driven;
      expect(emptyM / (emptyM + loadedM), `${perHour} an hour`).toBeLessThan(0.15);
    }
  });
});

describe("a crossing with much more to carry one way than the other", () => {
  it("delivers all of it: vehicles come back with nothing aboard, no more of them than there are containers", {
    timeout: 120_000,
  }, async () => {
    const yards = await yardsOf("1119-1120");
    const always = (seconds: number) => (): number => seconds * 1_000;
    const model = new CrossingModel(yards, {
      truck: always(120),
      lift: always(164),
      seal: always(60),
      checks: always(285),
      gate: always(30),
    });
    for (const side of SIDES) park(model, side, 8, () => 90);
    const orders = { vn: 60, cn: 12 };
    for (const side of SIDES)
      for (let i = 0; i < orders[side]; i++) model.order(side, (i / orders[side]) * 6 * HOUR_MS);
    model.tickEvery(20_000, 8 * HOUR_MS);
    model.run(8 * HOUR_MS);
    expect(model.delivered).toBe(orders.vn + orders.cn);
    expect(model.emptyRuns).toBeGreaterThan(orders.vn - orders.cn - 16 - 1);
    expect(model.emptyRuns).toBeLessThanOrEqual(orders.vn - orders.cn);
  });
});
