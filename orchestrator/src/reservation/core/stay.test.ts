import type { ActionId, DriveOrder, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId } from "@baton/maps";
import { expect, test } from "vitest";
import { createOrderWriter } from "../orders.ts";
import type { ClosureId, LegId } from "../port.ts";
import { CoreWorld } from "../testing/core-world.ts";
import { smallNetwork } from "../testing/small-network.ts";
import { committedLegOf } from "./committed-leg.ts";

const CAR = "car" as VehicleId;
const TAKER = "taker" as VehicleId;
const pick = { actionId: "x" as ActionId, kind: "pick", loadId: "MSKU1", stationId: "crane" } as const;

/** A road over these edges to bay d, for which a vehicle sets out from bay a; bay e is on it, or beside it. */
function road(edges: readonly string[]) {
  const poses = ["a", "j", "k", "e", "m", "d"].map((id, i) => ({
    id,
    xM: 40 * i,
    yM: 0,
    kind: "ade".includes(id) ? ("endpoint" as const) : ("way" as const),
    blocks: [id],
  }));
  const moves = edges.map(([from = "", to = ""]) => ({ from, to }));
  const world = new CoreWorld(smallNetwork(poses, moves));
  const told: DriveOrder[] = [];
  const writer = createOrderWriter({
    network: world.zone.network,
    mayCommand: () => true,
    fleet: { drive: (_, order) => void told.push(order) },
  });
  world.admit(CAR, "a");
  world.request(CAR, "to-park", "d");
  return {
    world,
    told,
    tick(count = 1) {
      for (let i = 0; i < count; i++) {
        world.tick();
        writer.write(
          [...world.zone.vehicles.values()].flatMap((car) => committedLegOf(world.zone, car) ?? []),
        );
      }
    },
    close: (edge: string) =>
      world.command({
        kind: "close",
        closure: { closureId: edge as ClosureId, edgeIds: [edge as EdgeId], reason: "a test" },
      }),
    open: (edge: string) => world.command({ kind: "open", closureId: edge as ClosureId }),
    sendToE: (legId = "to-load") =>
      world.request(CAR, legId, "e", { insteadOf: "to-park" as LegId, actionsAtEnd: [pick] }),
    reached: () =>
      world
        .said("reached")
        .flatMap((event) => ("nodeId" in event && event.vehicleId === CAR ? [event.nodeId] : [])),
    ended: () =>
      world
        .said("legCompleted")
        .flatMap((event) => ("nodeId" in event ? [`${event.legId} at ${event.nodeId}`] : [])),
  };
}

/** Its place is taken while it is kept on the road, so that it is to go aside to e. */
function aside() {
  const scene = road(["aj", "jk", "km", "md", "ke", "em"]);
  const { world, tick, close, open } = scene;
  tick(2);
  close("k>m");
  tick();
  world.admit(TAKER, "d");
  open("k>m");
  return {
    ...scene,
    /** Until all of the way aside is granted; `there` until it stands at its end. */
    untilAside(there: boolean) {
      const { poses } = world.zone.network;
      for (let i = 0; i < 400; i++) {
        tick();
        const { runs, grantedRuns, atPose } = world.leg(CAR);
        const end = runs[grantedRuns - 1]?.to ?? -1;
        if (poses.nodeIds[end] === "e" && (!there || atPose === grantedRuns)) return;
      }
      throw new Error("it did not go aside");
    },
  };
}

test.each([
  { where: "stands", there: true },
  { where: "is on its way", there: false },
])(
  "a vehicle that $where aside and is sent to that very place stays, and does there what it is sent for, though its old end is free again",
  ({ there }) => {
    const { world, told, tick, sendToE, untilAside, reached, ended } = aside();
    untilAside(there);
    expect(world.leg(CAR).atPose === world.leg(CAR).runs.length).toBe(there);
    world.command({ kind: "dismiss", vehicleId: TAKER });
    sendToE();
    tick(400);
    expect(ended()).toEqual(["to-load at e"]);
    expect(reached()).not.toContain("m");
    expect(world.said("legAbandoned")).toMatchObject([{ legId: "to-park", ok: true }]);
    expect(told.at(-1)).toMatchObject({
      orderId: "to-load",
      nodes: [{ nodeId: "e", released: true, actions: [pick] }],
      edges: [],
    });
  },
);

test("a vehicle that is sent to where its way was cut is told that it goes no further before it gets another order", () => {
  const { told, tick, close, open, sendToE, ended } = road(["aj", "jk", "ke", "em", "md"]);
  const end = () => told.at(-1)?.edges.findLast((edge) => edge.released)?.edgeId;
  for (let i = 0; i < 400 && end() !== "k>e"; i++) tick();
  expect(told.at(-1)?.edges.at(-1)).toMatchObject({ edgeId: "m>d", released: false });
  close("e>m");
  tick(100);
  sendToE();
  open("e>m");
  tick(100);
  expect(ended()).toEqual(["to-load at e"]);
  expect(told.at(-2)).toMatchObject({ orderId: "to-park" });
  expect(told.at(-2)?.edges.at(-1)).toMatchObject({ edgeId: "k>e", released: true });
});

test("a vehicle that went aside goes on to its old end when it is not to stay after all", () => {
  const { world, tick, sendToE, untilAside, ended } = aside();
  untilAside(false);
  sendToE();
  tick();
  world.command({ kind: "abandonLeg", vehicleId: CAR, legId: "to-load" as LegId });
  world.command({ kind: "dismiss", vehicleId: TAKER });
  tick(400);
  expect(ended()).toEqual(["to-park at d"]);
});
