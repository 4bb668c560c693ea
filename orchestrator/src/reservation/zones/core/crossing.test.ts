import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId, VehicleClassId, ZoneId } from "@baton/maps";
import { expect, test } from "vitest";
import type { CommittedLeg } from "../../core/committed-leg.ts";
import type { LegId } from "../../port.ts";
import { Routes } from "../routes.ts";
import { zonedRing } from "../testing/layouts.ts";
import { zoneCommitted, zoneIsUp } from "./answers.ts";
import { lookAgain } from "./crossing.ts";
import { createDesk, type Desk, takeEffects } from "./desk.ts";
import type { VehicleRecord } from "./record.ts";

const CAR = "car" as VehicleId;
const [Z0, Z2] = ["z0" as ZoneId, "z2" as ZoneId];

/** All the way around a ring of three zones: in z2, on its way to the border to z0, where it came from. */
function aroundTheRing(): Desk {
  const record: VehicleRecord = {
    vehicleId: CAR,
    vehicleClassId: "carrier" as VehicleClassId,
    zoneId: Z2,
    nodeId: "r6" as NodeId,
    isAdmitted: true,
    behind: [{ zoneId: Z0, placeNodeId: "r3" as NodeId, hop: 0, dismissed: true }],
    isGone: false,
    journey: {
      request: {
        legId: "1" as LegId,
        vehicleId: CAR,
        via: [],
        toNodeId: "bay0" as NodeId,
        actionsAtEnd: [],
        priority: 0,
        commandedBy: "us",
      },
      startNodeId: "bay1" as NodeId,
      hop: 2,
      placeNodeId: "r0" as NodeId,
      isAsked: true,
      viasBefore: 0,
      viasHere: 0,
      proceeded: [],
      edgesBefore: [["bay1>r2" as EdgeId], ["r3>r4" as EdgeId]],
      revisionBefore: 5,
      completed: false,
    },
  };
  return createDesk(new Routes(zonedRing(9, 3).partition), [record]);
}

function granted(edges: number, leadsToEnd = true): CommittedLeg {
  return {
    vehicleId: CAR,
    legId: "1#2" as LegId,
    revision: 3,
    commandedBy: "us",
    actionsAtEnd: [],
    startNodeId: "r6" as NodeId,
    edgeIds: ["r6>r7", "r7>r8", "r8>r0"] as EdgeId[],
    leadsToEnd,
    grantedEdges: edges,
    completed: false,
  };
}

function askedOf(desk: Desk, zoneId: ZoneId): string[] {
  lookAgain(desk);
  return takeEffects(desk).flatMap((effect) =>
    effect.kind === "ask" && effect.zoneId === zoneId ? [effect.command.kind] : [],
  );
}

test("a zone that the vehicle has left is not entered again before it has confirmed that it forgot the vehicle", () => {
  const desk = aroundTheRing();
  zoneCommitted(desk, Z2, [granted(3)], () => true);
  expect(askedOf(desk, Z0)).toEqual([]);
  zoneCommitted(desk, Z0, [], () => false);
  expect(askedOf(desk, Z0)).toEqual(["admit", "requestLeg"]);
  // And whatever happens to that zone now, it is not told to forget the vehicle a second time.
  zoneIsUp(desk, Z0);
  expect(askedOf(desk, Z0)).toEqual(["admit", "requestLeg"]);
});

test("the next zone is asked for nothing while any of the way to its border is only claimed, or is to be planned again", () => {
  const desk = aroundTheRing();
  zoneCommitted(desk, Z0, [], () => false);
  for (const leg of [granted(0), granted(2), granted(3, false)]) {
    zoneCommitted(desk, Z2, [leg], () => true);
    expect(askedOf(desk, Z0)).toEqual([]);
  }
  zoneCommitted(desk, Z2, [granted(3)], () => true);
  expect(askedOf(desk, Z0)).toEqual(["admit", "requestLeg"]);
});

test("what is kept comes before what is asked for by it, and the order's revision goes on from where it was", () => {
  const desk = aroundTheRing();
  zoneCommitted(desk, Z0, [], () => false);
  zoneCommitted(desk, Z2, [granted(3)], () => true);
  const effects = takeEffects(desk);
  const kept = effects.findLastIndex((effect) => effect.kind === "keep");
  const record = effects.flatMap((effect) => (effect.kind === "keep" ? [effect.record] : [])).at(-1);
  expect(kept).toBeGreaterThanOrEqual(0);
  expect(record).toMatchObject({
    zoneId: Z0,
    nodeId: "r0",
    journey: { hop: 3, revisionBefore: 8, isAsked: true },
  });
});
