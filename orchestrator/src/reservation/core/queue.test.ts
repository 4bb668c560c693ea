import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ClosureId, LegId } from "../port.ts";
import { driveCore } from "../testing/core-traffic.ts";
import { CoreWorld, infeasibilities } from "../testing/core-world.ts";
import { findCircle } from "../testing/dependency-graph.ts";
import { queueLane } from "../testing/layouts.ts";
import { randomOf } from "../testing/traffic.ts";
import { explain } from "./explain.ts";
import { endOf, isQueued } from "./queue.ts";
import { spread } from "./retime.ts";
import { at } from "./runs.ts";
import type { Zone } from "./zone.ts";

const GATE = [{ nodeId: "gate" as NodeId, expectedDwellMs: 3000 }];

/** So many vehicles in their bays, all of which are to go through the gate to the line. */
function toTheLine(
  count: number,
  places: number,
  bays = count + 1,
  share: (vehicleId: VehicleId) => number = () => 1,
): CoreWorld {
  const world = new CoreWorld(queueLane(bays, places).network, { share });
  for (let i = 0; i < count; i++) world.admit(`car-${i}`, `bay${i}`);
  world.tick();
  for (const { vehicleId } of world.zone.vehicles.values())
    world.request(vehicleId, `${vehicleId}/in`, "line", { via: GATE });
  return world;
}

/** Lets everybody on at the gate, and whoever is at the line on to where it came from after so many ticks. */
function serve(world: CoreWorld, ticks: number, serviceTicks: number): number[] {
  const servedAt: number[] = [];
  const leaves: { tick: number; go: () => void }[] = [];
  const leave = ({ vehicleId }: { readonly vehicleId: VehicleId }, tick: number): void => {
    const bay = `bay${vehicleId.slice(4)}`;
    leaves.push({ tick, go: () => world.request(vehicleId, `${vehicleId}/out`, bay) });
  };
  for (const vehicle of world.zone.vehicles.values())
    if (vehicle.leg?.completed === true && vehicle.leg.request.toNodeId === "line")
      leave(vehicle, serviceTicks);
  for (let tick = 0; tick < ticks; tick++) {
    const from = world.events.length;
    world.tick();
    for (const event of world.events.slice(from)) {
      if (event.kind === "waitingAt") world.command({ ...event, kind: "proceed" });
      if (event.kind !== "legCompleted" || event.nodeId !== "line") continue;
      servedAt.push(tick);
      leave(event, tick + serviceTicks);
    }
    for (const { tick: at, go } of leaves) if (at === tick) go();
  }
  return servedAt;
}

function meanGap(ticks: readonly number[]): number {
  return (at(ticks, ticks.length - 1) - at(ticks, 0)) / (ticks.length - 1);
}

const restsAt = (world: CoreWorld): string[] =>
  [...world.zone.vehicles.values()].map(({ leg }) =>
    leg === undefined ? "" : at(world.zone.network.poses.nodeIds, endOf(leg)),
  );

describe("a queue before a line", () => {
  test("passes vehicles at the headway of moving up, and not one for each way from the gate", () => {
    const serviceTicks = 50;
    const queued = serve(toTheLine(12, 6), 3000, serviceTicks);
    const alone = serve(toTheLine(12, 1), 6000, serviceTicks);
    expect(queued).toHaveLength(12);
    expect(alone).toHaveLength(12);
    // At the line, 20 m to drive off and 20 m to roll up behind that at 5 m/s, and a few ticks to be told of it.
    expect(meanGap(queued)).toBeLessThan(serviceTicks + 60);
    expect(meanGap(alone)).toBeGreaterThan(2.5 * meanGap(queued));
  });

  test("fills from its head, one place each, and the next ones wait in their bays", () => {
    const world = toTheLine(6, 4);
    serve(world, 700, 100_000);
    expect(restsAt(world).sort()).toEqual(["", "", "line", "queue1", "queue2", "queue3"]);
    const waits = world.events.filter(({ kind }) => kind === "legWaiting");
    expect(waits).toHaveLength(2);
    expect(waits[0]).toMatchObject({ reason: "endpoint-taken" });
    // Only who is at the line has come to the end of its leg.
    expect(world.said("legCompleted")).toHaveLength(1);
  });

  test("says who is before whom, down to the one at the line", () => {
    const world = toTheLine(3, 3);
    serve(world, 700, 100_000);
    const byRest = (nodeId: string) => {
      const found = [...world.zone.vehicles.values()][restsAt(world).indexOf(nodeId)];
      if (found === undefined) throw new Error(`nobody is at ${nodeId}`);
      return found.vehicleId;
    };
    const said = explain(world.zone, byRest("queue2"));
    expect(said?.chain.map(({ heldBy, how }) => [heldBy, how])).toEqual([
      [byRest("queue1"), "queued-before"],
      [byRest("line"), "queued-before"],
    ]);
    expect(said?.head).toEqual({ vehicleId: byRest("line"), because: "at-rest" });
  });

  test("moves up while it drives, as soon as the one at the line has a plan that leaves it", () => {
    const world = toTheLine(2, 3);
    const [first, second] = [...world.zone.vehicles.keys()];
    if (first === undefined || second === undefined) throw new Error("two vehicles were admitted");
    serve(world, 1, 0);
    // The second one follows to the place behind the first, and has all its way planned before it has left its bay.
    expect(restsAt(world).sort()).toEqual(["line", "queue1"]);
    serve(world, 400, 1);
    expect(
      world.said("legCompleted").filter((event) => "nodeId" in event && event.nodeId === "line"),
    ).toHaveLength(2);
  });

  test("stands again as it stood when the one at the line takes back its way on, and goes on with it", () => {
    const stopped = new Set<VehicleId>();
    const world = toTheLine(4, 4, 5, (vehicleId) => (stopped.has(vehicleId) ? 0 : 1));
    serve(world, 700, 100_000);
    const before = restsAt(world);
    const head = [...world.zone.vehicles.values()].find(({ leg }) => leg?.completed === true);
    if (head === undefined) throw new Error("nobody is at the line");
    const { vehicleId } = head;
    stopped.add(vehicleId);
    world.request(vehicleId, "on", "bay4");
    world.tick(3);
    // Those behind are planned to move up behind it, as soon as it will have gone.
    expect(restsAt(world).sort()).toEqual(["bay4", "line", "queue1", "queue2"]);
    world.command({ kind: "abandonLeg", vehicleId, legId: "on" as LegId });
    world.tick(20);
    expect(world.said("legAbandoned")).toMatchObject([{ ok: true }]);
    expect(restsAt(world)).toEqual(before.map((place) => (place === "line" ? "" : place)));
    stopped.clear();
    world.request(vehicleId, "on-again", "bay4");
    expect(serve(world, 1500, 10)).toHaveLength(3);
  });

  test("leads to the places behind closed ground, and up to the line when it is open again", () => {
    const world = toTheLine(3, 4);
    const closureId = "works" as ClosureId;
    const closure = { closureId, edgeIds: ["queue2>queue1" as EdgeId], reason: "a test" };
    world.command({ kind: "close", closure });
    serve(world, 700, 10);
    // The closed ground is that of both its ends.
    expect(restsAt(world).sort()).toEqual(["", "", "queue3"]);
    expect(world.said("legCompleted")).toHaveLength(0);
    world.command({ kind: "open", closureId });
    expect(serve(world, 1500, 10)).toHaveLength(3);
  });

  test("waits behind one that has failed, and goes on when it is back", () => {
    const world = toTheLine(4, 4);
    serve(world, 250, 100_000);
    const failed = [...world.zone.vehicles.values()].find(({ leg }) => leg !== undefined && isQueued(leg));
    if (failed === undefined) throw new Error("nobody waits in the queue");
    world.command({ kind: "fail", vehicleId: failed.vehicleId, reason: "a test" });
    const first = serve(world, 1500, 10);
    world.command({ kind: "recover", vehicleId: failed.vehicleId });
    const second = serve(world, 1500, 10);
    const completed = world
      .said("legCompleted")
      .filter((event) => "nodeId" in event && event.nodeId === "line");
    expect(completed).toHaveLength(4);
    expect(first.length).toBeLessThan(3);
    expect(second.length).toBeGreaterThan(0);
  });

  test("serves everybody once all that was closed or had failed on the way is open and whole again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), fc.integer({ min: 2, max: 5 }), (seed, places) => {
        const random = randomOf(seed);
        const world = toTheLine(5, places, 6, () => 0.3 + 0.7 * random());
        const { moves } = world.zone.network;
        const cars = [...world.zone.vehicles.keys()];
        for (let i = 0; i < 80; i++) {
          const edgeId = at(moves.edgeIds, Math.floor(random() * moves.count));
          const vehicleId = at(cars, Math.floor(random() * cars.length));
          const closureId = `c${i % 3}` as ClosureId;
          if (random() < 0.1)
            world.command({ kind: "close", closure: { closureId, edgeIds: [edgeId], reason: "test" } });
          if (random() < 0.3) world.command({ kind: "open", closureId });
          if (random() < 0.05) world.command({ kind: "fail", vehicleId, reason: "test" });
          if (random() < 0.3) world.command({ kind: "recover", vehicleId });
          serve(world, 10, 3);
        }
        for (let i = 0; i < 3; i++) world.command({ kind: "open", closureId: `c${i}` as ClosureId });
        for (const vehicleId of cars) world.command({ kind: "recover", vehicleId });
        serve(world, 3000, 3);
        const back = world.said("legCompleted").flatMap((event) => ("legId" in event ? [event.legId] : []));
        expect(new Set(back)).toEqual(new Set(cars.flatMap((car) => [`${car}/in`, `${car}/out`])));
      }),
      { numRuns: 20, endOnFailure: true },
    );
  }, 60_000);

  test("is taken in the order in which vehicles came in, never by more than it has places, whatever stops", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0 }),
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom(0, 0.005, 0.02),
        (seed, places, stops) => {
          const layout = queueLane(9, places);
          const came: string[] = [];
          const served: string[] = [];
          const watch = (
            zone: Zone,
            { events }: { readonly events: readonly { readonly kind: string }[] },
          ): void => {
            for (const event of events as Parameters<typeof noteOrder>[0][])
              noteOrder(event, places, came, served);
            expect(served).toEqual(came.slice(0, served.length));
            const ends = [...zone.vehicles.values()].flatMap(({ leg }) =>
              leg === undefined || leg.completed || leg.cut || leg.request.toNodeId !== "line"
                ? []
                : [endOf(leg)],
            );
            expect(new Set(ends).size).toBe(ends.length);
            expect(findCircle(zone)).toBeUndefined();
            spread(zone);
            expect(infeasibilities(zone).filter((one) => one.startsWith("block"))).toEqual([]);
          };
          driveCore({ layout, seed, vehicles: 7, tripsEach: 3, stops, watch });
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  }, 60_000);
});

function noteOrder(
  event: { readonly kind: string; readonly vehicleId: string; readonly nodeId?: string },
  places: number,
  came: string[],
  served: string[],
): void {
  if (event.kind === "reached" && event.nodeId === `queue${places - 1}`) came.push(event.vehicleId);
  if (event.kind === "legCompleted" && event.nodeId === "line") served.push(event.vehicleId);
}
