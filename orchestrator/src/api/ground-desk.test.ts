import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import { describe, expect, test } from "vitest";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { createGroundDesk } from "./ground-desk.ts";

const CAR = "sim.vn-01" as VehicleId;

const notAsked = (): never => {
  throw new Error("this test does not ask for that");
};

interface Scene {
  readonly says?: Partial<VehicleState>;
  readonly hasFailed?: boolean;
  /** More of its order is on its way to it. */
  readonly isToldMore?: boolean;
}

/** A vehicle at a node, that sets out right after it has answered where it stands, if there is anything that makes it. */
function vehicleAtNode({ says = {}, hasFailed = false, isToldMore = false }: Scene) {
  const pose = { xM: 0, yM: 0, headingRad: 0 };
  const state = standingVehicle(CAR, { pose, lastNodeId: "n1" as NodeId, ...says });
  let isOnTheRoad = false;
  let order: "kept" | "given up at the node" | "given up on the road" = "kept";
  const desk = createGroundDesk({
    side: "vn",
    reservation: {
      close: notAsked,
      open: notAsked,
      fail: notAsked,
      recover: notAsked,
      explain: notAsked,
      outOfUse: () => ({
        closures: [],
        failed: hasFailed ? [{ vehicleId: CAR, reason: "its leg is lost" }] : [],
      }),
      holding: () => ({ legId: undefined, grantedEdgeIds: [], plannedEdgeIds: [], waitingFor: undefined }),
      standing: () => [{ vehicleId: CAR, nodeIds: [] }],
      vouch: async () => (isOnTheRoad ? { kind: "refused", why: "it is on the road" } : { kind: "ok" }),
      whyNotIdleAt: () => undefined,
    },
    askState: async () => {
      const isReleased = state.nodesAhead > 0 || isToldMore || !hasFailed;
      isOnTheRoad = isReleased && !state.pausedBy.includes("vn");
      return state;
    },
    cancelOrder: async () => {
      order = isOnTheRoad ? "given up on the road" : "given up at the node";
    },
    hasAllTold: () => !isToldMore,
    vehicles: () => new Map([[CAR, { connection: "online", state }]]),
    edgeIdOf: notAsked,
    isKeptGround: notAsked,
    nextId: notAsked,
  });
  return {
    vouch: async () => ({ outcome: await desk.vouch(CAR, "stands-idle"), order }),
  };
}

describe("a vehicle that is vouched for as standing idle", () => {
  const mayRoll = {
    outcome: { kind: "refused", why: expect.stringContaining("stop it first") },
    order: "kept",
  };
  const stands = { outcome: { kind: "vouched" }, order: "given up at the node" };

  test.each<Scene & { readonly which: string; readonly comes: object }>([
    { which: "is released to drive on", says: { nodesAhead: 1 }, comes: mayRoll },
    { which: "is where its grants end, and may be granted more", comes: mayRoll },
    {
      which: "is stopped from the other side only",
      says: { nodesAhead: 1, pausedBy: ["cn"] },
      comes: mayRoll,
    },
    {
      which: "has failed, with something left to drive",
      says: { nodesAhead: 1 },
      hasFailed: true,
      comes: mayRoll,
    },
    { which: "has failed, with more on its way to it", hasFailed: true, isToldMore: true, comes: mayRoll },
    { which: "is stopped", says: { nodesAhead: 1, pausedBy: ["vn"] }, comes: stands },
    { which: "has failed and driven all that it was told", hasFailed: true, comes: stands },
  ])("and $which never loses its order on the road", async ({ which: _, comes, ...scene }) => {
    expect(await vehicleAtNode(scene).vouch()).toEqual(comes);
  });
});
