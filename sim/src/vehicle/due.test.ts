import type { Side, Site } from "@baton/maps";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadScenario } from "../scenario/load.ts";
import { wakesAtMs } from "./due.ts";
import { exampleModel, instant, nodeAction, orderOn, VehicleBench, vehicleAt } from "./example-vehicle.ts";
import { SPARING_PACE } from "./pace.ts";
import type { VehicleEvent } from "./step.ts";
import { remember } from "./store.ts";
import type { Vehicle, VehicleModel } from "./vehicle.ts";

let site: Site;
let model: VehicleModel;
beforeAll(async () => {
  const loaded = await loadScenario("first-look");
  site = loaded.site;
  model = { ...exampleModel(loaded.scenario, site), pace: SPARING_PACE, integrationStepS: 0.5 };
});

const BERTH = ["vn.yard.crane-1", "vn.yard.crane-1.leave", "vn.yard.crane-1.out"];
const TICK_MS = 1_000;

/** When each side was told, and when the world saw it, of what comes of one event. */
const toldBy = (bench: VehicleBench, event: VehicleEvent): string[] => {
  const before = bench.effects.length;
  bench.take(event);
  return bench.effects
    .slice(before)
    .map((effect) => (effect.kind === "report" ? `report ${effect.sides.join(" ")}` : effect.kind));
};

const kept = (vehicle: Vehicle): { readonly batteryPct: number } => JSON.parse(remember(vehicle));

const asked = fc.oneof(
  fc.constant("order" as const),
  fc.constant("drop" as const),
  fc.constant("pause" as const),
  fc.constant("resume" as const),
  fc.constant("cancel" as const),
  fc.constant("other side asks for the state" as const),
  fc.constant("lifted" as const),
);

function eventOf(what: string, number: number): VehicleEvent {
  const ask = (side: Side, actionType: string): VehicleEvent => ({
    kind: "instantActions",
    side,
    message: instant(actionType, `i-${number}`),
  });
  switch (what) {
    case "pause":
      return ask("vn", "startPause");
    case "resume":
      return ask("vn", "stopPause");
    case "cancel":
      return ask("vn", "cancelOrder");
    case "other side asks for the state":
      return ask("cn", "stateRequest");
    case "lifted":
      return { kind: "crane", liftId: `l-${number}`, containerNo: "BTNU0000017", phase: "lifted" };
    default: {
      const drop = { nodeIds: BERTH.slice(0, 1), actionsAtEnd: [nodeAction("drop", `d-${number}`)] };
      const way = what === "drop" ? drop : { nodeIds: BERTH };
      return {
        kind: "order",
        side: "vn",
        order: orderOn(site, { side: "vn", orderId: `o-${number}`, ...way }),
      };
    }
  }
}

describe("a vehicle that sleeps while it has nothing to do", () => {
  it("does and tells the same, at the same seconds, as one that looks at the clock every second", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ afterTicks: fc.integer({ min: 1, max: 90 }), what: asked }), { maxLength: 8 }),
        (script) => {
          const start = vehicleAt(site, "vn", "vn.yard.crane-1", "BTNU0000017");
          const awake = new VehicleBench(start, model);
          const sleepy = new VehicleBench(start, model);
          let nowMs = start.atMs;
          let wakes = Number.NEGATIVE_INFINITY;
          const sleepyTakes = (event: VehicleEvent): string[] => {
            const told = toldBy(sleepy, event);
            wakes = wakesAtMs(sleepy.vehicle, SPARING_PACE);
            return told;
          };
          const second = (): void => {
            nowMs += TICK_MS;
            const loud = toldBy(awake, { kind: "tick", nowMs });
            const quiet = nowMs >= wakes ? sleepyTakes({ kind: "tick", nowMs }) : [];
            expect(quiet, `at ${nowMs - start.atMs} ms`).toEqual(loud);
          };
          const same = (): void => {
            const one = kept(awake.vehicle);
            const other = kept(sleepy.vehicle);
            expect({ ...other, batteryPct: 0 }).toEqual({ ...one, batteryPct: 0 });
            expect(sleepy.vehicle.speedMps).toBe(awake.vehicle.speedMps);
            // The one that sleeps adds up in fewer pieces what it draws, and later.
            expect(Math.abs(other.batteryPct - one.batteryPct)).toBeLessThan(0.1);
          };
          second();
          script.forEach(({ afterTicks, what }, number) => {
            for (let tick = 0; tick < afterTicks; tick++) second();
            const event = eventOf(what, number);
            const loud = toldBy(awake, event);
            if (wakes > sleepy.vehicle.atMs) sleepyTakes({ kind: "tick", nowMs });
            expect(sleepyTakes(event)).toEqual(loud);
            same();
          });
          for (let tick = 0; tick < 120; tick++) second();
          same();
        },
      ),
      { numRuns: 100 },
    );
  });

  it("tells the other side seldom while it is far from the line, and at once what the other side asked for", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1"), model);
    bench.order("vn", orderOn(site, { side: "vn", orderId: "o", nodeIds: BERTH }));
    for (let tick = 0; tick < 30; tick++) bench.take({ kind: "tick", nowMs: bench.vehicle.atMs + TICK_MS });
    const told = (side: Side): number =>
      bench.effects.filter((effect) => effect.kind === "report" && effect.sides.includes(side)).length;
    expect(Math.abs(bench.vehicle.pose.xM)).toBeGreaterThan(SPARING_PACE.nearLineM);
    expect(told("cn")).toBeLessThan(told("vn") / 2);
    const before = told("cn");
    bench.ask("cn", instant("stateRequest", "s"));
    expect(told("cn")).toBe(before + 1);
  });

  it("does not tell the side that did not ask of an order and its updates", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1"), model);
    const sides = (): readonly Side[] =>
      bench.effects.flatMap((effect) => (effect.kind === "report" ? effect.sides : []));
    bench.take({ kind: "tick", nowMs: bench.vehicle.atMs + TICK_MS });
    expect(sides(), "what nobody has heard yet").toEqual(["vn", "cn"]);
    bench.effects.length = 0;
    bench.order("vn", orderOn(site, { side: "vn", orderId: "o", nodeIds: BERTH, released: 2 }));
    const update = orderOn(site, { side: "vn", orderId: "o", nodeIds: BERTH.slice(1), firstSequenceId: 2 });
    bench.order("vn", { ...update, orderUpdateId: 1 });
    expect(bench.vehicle.lastOrders.vn?.orderUpdateId).toBe(1);
    expect(sides()).toEqual(["vn", "vn"]);
  });

  it("is never silent for longer than 30 s, whoever holds it", () => {
    const bench = new VehicleBench(vehicleAt(site, "vn", "vn.yard.crane-1"), model);
    let heard = { vn: bench.vehicle.atMs, cn: bench.vehicle.atMs };
    for (let tick = 0; tick < 300; tick++) {
      const nowMs = bench.vehicle.atMs + TICK_MS;
      const before = bench.effects.length;
      bench.take({ kind: "tick", nowMs });
      for (const effect of bench.effects.slice(before)) {
        if (effect.kind === "report") for (const side of effect.sides) heard = { ...heard, [side]: nowMs };
      }
      expect(nowMs - Math.min(heard.vn, heard.cn)).toBeLessThanOrEqual(30_000);
    }
  });
});
