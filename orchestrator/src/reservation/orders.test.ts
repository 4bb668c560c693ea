import type { ActionId, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import { committedLegOf } from "./core/committed-leg.ts";
import { at } from "./core/runs.ts";
import { orderOf } from "./orders.ts";
import type { ClosureId } from "./port.ts";
import { CoreWorld } from "./testing/core-world.ts";
import { ModelVehicle } from "./testing/model-vehicle.ts";
import { smallNetwork } from "./testing/small-network.ts";

/** Two ways to d, over b and over c; a vehicle that refuses an order whose base shrinks. */
function fork() {
  const poses = ["a", "j", "p", "b", "c", "d"].map((id, i) => ({
    id,
    xM: [0, 40, 65, 95, 80, 120][i] ?? 0,
    yM: id === "c" ? 60 : 0,
    kind: id === "a" || id === "d" ? ("endpoint" as const) : ("way" as const),
    blocks: [id],
  }));
  const moves = ["aj", "jp", "pb", "jc", "bd", "cd"].map(([from = "", to = ""]) => ({ from, to }));
  const world = new CoreWorld(smallNetwork(poses, moves));
  const car = world.admit("car", "a");
  const pick = { actionId: "x" as ActionId, kind: "pick", loadId: "MSKU1", stationId: "crane" } as const;
  world.request(car, "leg", "d", { actionsAtEnd: [pick] });
  const body = new ModelVehicle(world.zone.network, car, 0);
  return {
    world,
    order() {
      const leg = committedLegOf(world.zone, world.vehicle(car));
      if (leg === undefined) throw new Error("no leg");
      const order = orderOf(world.zone.network, leg);
      body.take(order);
      return order;
    },
  };
}

describe("an order whose way is planned anew", () => {
  test("keeps its base and shows the new horizon; what is to be done at its end stays there", () => {
    const { world, order } = fork();
    world.tick(2);
    const before = order();
    const closure = { closureId: "x" as ClosureId, edgeIds: ["p>b" as EdgeId], reason: "works" };
    world.command({ kind: "close", closure });
    world.tick();
    const after = order();
    const released = before.edges.filter((edge) => edge.released).map((edge) => edge.edgeId);
    expect(after.edges.slice(0, released.length).map((edge) => edge.edgeId)).toEqual(released);
    expect(before.edges.map((edge) => edge.edgeId)).toContain("b>d");
    expect(after.edges.map((edge) => edge.edgeId)).toContain("c>d");
    expect(at(after.nodes, after.nodes.length - 1).actions).toHaveLength(1);
  });

  test("shows as much of what is planned as it is asked to, and the same base", () => {
    const { world } = fork();
    world.tick(2);
    const leg = committedLegOf(world.zone, world.vehicle("car" as VehicleId));
    if (leg === undefined) throw new Error("no leg");
    const { network } = world.zone;
    const released = (order: ReturnType<typeof orderOf>) => order.nodes.filter((node) => node.released);
    const short = orderOf(network, leg, 1);
    expect(short.nodes).toHaveLength(leg.grantedEdges + 2);
    expect(orderOf(network, leg).nodes.length).toBeGreaterThan(short.nodes.length);
    expect(released(short)).toEqual(released(orderOf(network, leg)));
    expect(
      short.nodes.flatMap((node) => node.actions),
      "its end is not shown yet",
    ).toEqual([]);
  });

  test("that was cut on the way has nothing done where it ends for now", () => {
    const { world, order } = fork();
    world.tick(2);
    const edgeIds = ["p>b", "j>c"] as EdgeId[];
    world.command({ kind: "close", closure: { closureId: "x" as ClosureId, edgeIds, reason: "works" } });
    world.tick(300);
    const cut = order();
    expect(cut.nodes.flatMap((node) => node.actions)).toEqual([]);
    world.command({ kind: "open", closureId: "x" as ClosureId });
    world.tick(400);
    expect(at(order().nodes, order().nodes.length - 1).actions).toHaveLength(1);
    expect(world.said("legCompleted")).toHaveLength(1);
  });
});
