import type { DriveOrder, FleetOrderId, VehicleId } from "@baton/fleet-adapter";
import { expect, test } from "vitest";
import { type CommittedLeg, committedLegOf } from "./core/committed-leg.ts";
import { createOrderWriter } from "./orders.ts";
import { CoreWorld } from "./testing/core-world.ts";
import { smallNetwork } from "./testing/small-network.ts";

test("an order that was given up on the vehicle counts as told, and is not stated again", () => {
  const poses = ["a", "b", "c"].map((id, i) => ({
    id,
    xM: 40 * i,
    yM: 0,
    kind: id === "b" ? ("way" as const) : ("endpoint" as const),
    blocks: [id],
  }));
  const moves = [
    { from: "a", to: "b" },
    { from: "b", to: "c" },
  ];
  const world = new CoreWorld(smallNetwork(poses, moves));
  const car = world.admit("car", "a");
  world.request(car, "leg", "c");
  world.tick(2);
  const leg = committedLegOf(world.zone, world.vehicle(car));
  if (leg === undefined) throw new Error("no leg");
  const stated: DriveOrder[] = [];
  const drive = (_: VehicleId, order: DriveOrder): void => void stated.push(order);
  const writer = createOrderWriter({
    network: world.zone.network,
    fleet: { drive },
    mayCommand: () => true,
  });
  writer.write([leg]);
  const [order] = stated;
  if (order === undefined) throw new Error("nothing was stated");

  // What the vehicle says of itself once it has given the order up: a revision of this run is no longer known of it.
  const said = { vehicleId: car, orderId: order.orderId, orderRevision: -1 };
  expect(writer.hasAllTold(said)).toBe(false);
  writer.hear({ kind: "orderEnded", vehicleId: car, orderId: order.orderId, how: "cancelled" });
  expect(writer.hasAllTold(said)).toBe(true);
  const further: CommittedLeg = { ...leg, revision: leg.revision + 1 };
  writer.write([further]);
  expect(stated).toHaveLength(1);

  // An order of another name counts again.
  const anew: CommittedLeg = { ...leg, legId: "leg-2" as CommittedLeg["legId"] };
  writer.write([anew]);
  expect(stated).toHaveLength(2);
  expect(writer.hasAllTold(said)).toBe(false);
  expect(writer.hasAllTold({ ...said, orderId: "leg-2" as FleetOrderId, orderRevision: 99 })).toBe(true);
});
