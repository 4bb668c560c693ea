import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, ZoneId } from "@baton/maps";
import { expect, test } from "vitest";
import type { ClosureId, LegId } from "../port.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { border, ringOfLongBodies, yards, zone, zoned, zonedRing } from "./testing/layouts.ts";
import { sideOn } from "./testing/side-in-hand.ts";
import { driveZones } from "./testing/zoned-traffic.ts";

const WEST = "z0" as ZoneId;
const EAST = "z1" as ZoneId;

test("a leg over a border is one leg to whoever asked for it, and its vehicle passes the border without stopping", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.send("1", "car", "y1.bay2");
  const speeds: number[] = [];
  await side.until(() => {
    if (side.reached("1").length > 1) speeds.push(side.vehicles.get("car" as VehicleId)?.speedMps ?? 0);
    return side.reached("1").includes("y1.b1");
  });
  expect(Math.min(...speeds)).toBeGreaterThan(2);
  await side.until(() => side.said("legCompleted").length > 0);
  expect(side.reached("1")).toEqual([
    ...["y0.bay2", "y0.b3", "y0.b4", "east1", "y1.b0", "y1.b1", "y1.b2", "y1.bay2"],
  ]);
  expect(side.said("legCompleted")).toMatchObject([{ legId: "1", nodeId: "y1.bay2" }]);
  expect(side.said("admitted")).toHaveLength(1);
  expect(side.said("trouble")).toEqual([]);
  expect(await side.held("car")).toEqual({ z1: ["y1.bay2"] });
  expect(side.reservation.standing()).toEqual([{ vehicleId: "car", nodeIds: ["y1.bay2"] }]);
});

test("of a vehicle that people say is gone whoever sent it hears that it will not come, wherever it was on its way", async () => {
  for (const there of ["y0.b3", "y1.b1"]) {
    const side = await sideOn(yards(2, 3));
    const car = "car" as VehicleId;
    await side.admit(car, "y0.bay2");
    side.send("1", "car", "y1.bay2");
    await side.until(() => side.reached("1").includes(there as NodeId));
    side.vehicles.delete(car);
    expect(await side.reservation.vouch(car, "removed")).toEqual({ kind: "ok" });
    await side.tick(3);
    expect(side.said("legAbandoned")).toMatchObject([{ legId: "1", ok: true }]);
    expect(side.said("legRefused")).toMatchObject([{ legId: "1", reason: "order-lost" }]);
    expect(await side.held("car")).toEqual({});
  }
});

test("nothing beyond a border is in the vehicle's order before the zone beyond has it in its ledger", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.standing.add(EAST);
  side.send("1", "car", "y1.bay2");
  await side.tick(400);
  expect(side.reached("1").at(-1)).toBe("east1");
  expect(await side.held("car")).toEqual({ z0: ["east1"] });
  side.standing.delete(EAST);
  await side.until(() => side.said("legCompleted").length > 0);
});

test("the zone behind keeps the place until the body is seen to have left it, even when its own loop stands meanwhile", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.send("1", "car", "y1.bay2");
  await side.until(() => side.reached("1").includes("east1"));
  side.standing.add(WEST);
  await side.until(() => side.said("legCompleted").length > 0);
  expect(Object.keys(await side.held("car"))).toEqual([WEST, EAST]);
  side.standing.delete(WEST);
  await side.tick(3);
  expect(Object.keys(await side.held("car"))).toEqual([EAST]);
});

test("a body astride a border keeps what it covers of the zone behind", async () => {
  const side = await sideOn(ringOfLongBodies(12, 3));
  await side.admit("car", "bay1");
  side.send("1", "car", "bay6");
  await side.until(() => side.reached("1").includes("r5"));
  // At r5 it covers c5, which is the next zone's, and c4, which is the place's.
  side.stopped.add("car" as VehicleId);
  await side.tick(20);
  const held = await side.held("car");
  expect(held.z0).toContain("c4");
  expect(held.z1).toContain("c5");
  side.stopped.clear();
  await side.until(() => side.said("legCompleted").length > 0);
  expect(await side.held("car")).toEqual({ z1: ["bay6"] });
});

test("a place holds one: the next vehicle waits in its bay and is told whom it waits for, over the border", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("first", "y0.bay2");
  await side.admit("second", "y0.bay3");
  side.standing.add(EAST);
  side.send("1", "first", "y1.bay2");
  await side.tick(300);
  side.send("2", "second", "y1.bay3");
  await side.tick(100);
  expect(side.said("legWaiting", "2")).toMatchObject([{ reason: "endpoint-taken" }]);
  expect(side.reservation.explain("second" as VehicleId)?.chain[0]).toMatchObject({
    vehicleId: "second",
    heldBy: "first",
    blockId: "east1",
  });
  side.standing.delete(EAST);
  await side.until(() => side.said("legCompleted").length === 2);
});

test("a via beyond the border, and one on the place itself, are waited at until the vehicle may proceed", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  const via = ["east1", "y1.b1"].map((nodeId) => ({ nodeId: nodeId as NodeId, expectedDwellMs: 1000 }));
  side.send("1", "car", "y1.bay2", { via });
  await side.tick(300);
  expect(side.said("waitingAt")).toMatchObject([{ nodeId: "east1" }]);
  expect(await side.held("car")).toEqual({ z0: ["east1"] });
  side.reservation.proceed("car" as VehicleId, "1" as LegId, "east1" as NodeId);
  await side.until(() => side.said("waitingAt").length === 2);
  side.reservation.proceed("car" as VehicleId, "1" as LegId, "y1.b1" as NodeId);
  await side.until(() => side.said("legCompleted").length > 0);
});

test("what is to be done at the end is in the order only when the order leads there", async () => {
  const side = await sideOn(yards(2, 3));
  const ends: number[] = [];
  side.reservation.onCommitted((legs) => {
    for (const leg of legs) if (leg.leadsToEnd) ends.push(leg.edgeIds.length);
  });
  await side.admit("car", "y0.bay2");
  const actionsAtEnd = [{ actionId: "a" as ActionId, kind: "startCharging" as const }];
  side.send("1", "car", "y1.bay2", { actionsAtEnd });
  await side.until(() => side.said("legCompleted").length > 0);
  expect(new Set(ends)).toEqual(new Set([7]));
});

test("a leg that was taken back before the vehicle moved leaves it with its body's ground, in its own zone alone", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.send("1", "car", "y1.bay2", { commandedBy: "partner" });
  await side.tick(20);
  side.reservation.abandonLeg("car" as VehicleId, "1" as LegId);
  await side.tick(3);
  expect(side.said("legAbandoned")).toMatchObject([{ legId: "1", ok: true }]);
  expect(await side.held("car")).toEqual({ z0: ["y0.bay2"] });
});

test("a leg that begins on a place is taken back from the zone beyond", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "east1");
  side.send("1", "car", "y1.bay2", { commandedBy: "partner" });
  await side.tick(5);
  expect(Object.keys(await side.held("car"))).toEqual([WEST, EAST]);
  side.reservation.abandonLeg("car" as VehicleId, "1" as LegId);
  await side.tick(5);
  expect(side.said("legAbandoned")).toMatchObject([{ ok: true }]);
  expect(await side.held("car")).toEqual({ z0: ["east1"] });
  side.send("2", "car", "y1.bay3");
  await side.until(() => side.said("legCompleted", "2").length > 0);
});

test("a vehicle that has set out is not taken back", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.send("1", "car", "y1.bay2");
  await side.until(() => side.reached("1").includes("y1.b0"));
  side.reservation.abandonLeg("car" as VehicleId, "1" as LegId);
  await side.tick(2);
  expect(side.said("legAbandoned")).toMatchObject([{ ok: false }]);
  await side.until(() => side.said("legCompleted").length > 0);
});

test("a leg asked for again is announced again as it stands, from its beginning, in both zones", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.send("1", "car", "y1.bay2");
  await side.until(() => side.reached("1").includes("y1.b1"));
  const before = new Set(side.reached("1"));
  side.events.length = 0;
  side.send("1", "car", "y1.bay2");
  await side.tick(2);
  expect(new Set(side.reached("1"))).toEqual(before);
  expect(side.said("legPlanned", "1")).toHaveLength(1);
});

test("a vehicle dismissed on a border holds nothing in any zone, and can come again", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.send("1", "car", "y1.bay2");
  await side.until(() => side.reached("1").includes("east1"));
  side.vehicles.delete("car" as VehicleId);
  side.reservation.dismiss("car" as VehicleId);
  await side.tick(2);
  expect(await side.held("car")).toEqual({});
  expect(side.reservation.holding("car" as VehicleId)).toBeUndefined();
  expect(side.reservation.standing()).toEqual([]);
  await side.admit("car", "y1.bay1");
  expect(await side.held("car")).toEqual({ z1: ["y1.bay1"] });
});

test("wrong for good is said at once: no such node, no way there, a second leg", async () => {
  const side = await sideOn(yards(2, 3));
  await side.admit("car", "y0.bay2");
  side.send("1", "car", "nowhere");
  side.send("2", "car", "y1.bay2", { firstGrantThroughNodeId: "y1.b0" as NodeId });
  side.send("3", "car", "y1.bay2");
  side.send("4", "car", "y0.bay1");
  await side.tick();
  expect(side.said("legRefused")).toMatchObject([
    { legId: "1", reason: "unknown-node" },
    { legId: "2", reason: "unreachable" },
    { legId: "4", reason: "busy" },
  ]);
});

test("three zones in a circle, each full and each vehicle wanting into the next, do not lock", async () => {
  const goalOf = (vehicle: number, trip: number): string => `bay${(vehicle + 2 * (trip + 1)) % 6}`;
  for (let seed = 0; seed < 4; seed++) {
    const quiet = { stops: 0.005, lostReports: 0.1, leadersDie: 0, sidesDie: 0, downTicks: 0 };
    const drive = await driveZones({
      layout: zonedRing(6, 3),
      seed,
      vehicles: 6,
      tripsEach: 3,
      goalOf,
      ...quiet,
    });
    expect(drive.trips).toBe(18);
  }
});

test("where one of two places on a border is closed a vehicle goes over the other, and waits when both are", async () => {
  const pose = (id: string, xM: number, yM: number, kind: "endpoint" | "way") => ({
    id,
    xM,
    yM,
    kind,
    blocks: [id],
  });
  const network = smallNetwork(
    [
      pose("west", 0, 0, "endpoint"),
      pose("fork", 40, 0, "way"),
      pose("to-near", 60, 10, "way"),
      pose("to-far", 60, 40, "way"),
      pose("near", 80, 10, "way"),
      pose("far", 80, 60, "way"),
      pose("join", 140, 0, "way"),
      pose("east", 180, 0, "endpoint"),
    ],
    [
      ["west", "fork"],
      ["fork", "to-near"],
      ["fork", "to-far"],
      ["to-near", "near"],
      ["to-far", "far"],
      ["near", "join"],
      ["far", "join"],
      ["join", "east"],
    ].map(([from = "", to = ""]) => ({ from, to })),
  );
  const layout = { name: "two places", network, bays: ["west", "east"], viasBetween: () => [] };
  const side = await sideOn(
    zoned(layout, [zone("z0", "west"), zone("z1", "east")], [border("near"), border("far")]),
  );
  const close = (closureId: string, edge: string): void =>
    side.reservation.close({ closureId: closureId as ClosureId, edgeIds: [edge as EdgeId], reason: "works" });
  await side.admit("car", "west");
  close("1", "to-near>near");
  close("2", "to-far>far");
  side.send("leg", "car", "east");
  await side.tick(5);
  expect(side.said("legWaiting", "leg")).toMatchObject([{ reason: "ground-closed" }]);
  side.reservation.open("2" as ClosureId);
  await side.until(() => side.said("legCompleted").length > 0);
  expect(side.reached("leg")).toEqual(["west", "fork", "to-far", "far", "join", "east"]);
});
