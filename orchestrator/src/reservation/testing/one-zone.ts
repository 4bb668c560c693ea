import type { DriveOrder, VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, Network, NodeId, VehicleClassId } from "@baton/maps";
import { at } from "../core/runs.ts";
import type { LeaderId, Ledger } from "../ledger/ledger.ts";
import { createModelLedger } from "../ledger/model.ts";
import { createOrderWriter } from "../orders.ts";
import type { LegId, LegRequest, ReservationEvent, Witnesses } from "../port.ts";
import { createReservation } from "../service.ts";
import { smallNetwork } from "./small-network.ts";
import { CARRIER, NO_TIMERS } from "./traffic.ts";

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };
export const CAR = "car" as VehicleId;
export const OTHER = "other" as VehicleId;

/** One service with a clock in hand, everything that it said, and every order that it gave. */
export async function zoneOn(
  network: Network,
  ledger: Ledger = createModelLedger(),
  mayCommand = (): boolean => true,
  witnesses?: Witnesses,
) {
  let nowMs = 1_000_000;
  const events: ReservationEvent[] = [];
  const orders: { vehicleId: VehicleId; order: DriveOrder }[] = [];
  const service = createReservation({
    network,
    ledger,
    kinematics: CARRIER,
    leaderId: "me" as LeaderId,
    clock: { nowMs: () => nowMs },
    timers: NO_TIMERS,
    log: QUIET,
    ...(witnesses === undefined ? {} : { witnesses }),
  });
  const writer = createOrderWriter({
    network,
    mayCommand,
    fleet: { drive: (vehicleId, order) => void orders.push({ vehicleId, order }) },
  });
  service.onCommitted((legs) => writer.write(legs));
  service.subscribe((event) => void events.push(event));
  await service.start();
  return {
    service,
    events,
    orders,
    async tick(count = 1) {
      for (let i = 0; i < count; i++) {
        nowMs += 200;
        await service.tick();
      }
    },
    /** Puts a vehicle somewhere, standing, and lets the zone see it. */
    see(vehicleId: VehicleId, nodeId: string, speedMps = 0, dxM = 0, dyM = 0) {
      const pose = network.poseIndex(nodeId as NodeId) ?? -1;
      const { xM, yM, headingRad } = network.poses;
      service.observe({
        vehicleId,
        speedMps,
        driving: speedMps > 0,
        atMs: nowMs,
        pose: { xM: at(xM, pose) + dxM, yM: at(yM, pose) + dyM, headingRad: at(headingRad, pose) },
      });
    },
    /** Lets the zone see a vehicle on its way, after as long as it takes to get there. */
    async seeOn(edgeId: string, alongM: number, speedMps = 3, vehicleId = CAR) {
      await this.tick(60);
      const pose = network.poseAlong(network.moveIndex(edgeId as EdgeId) ?? -1, alongM);
      service.observe({ vehicleId, pose, speedMps, driving: speedMps > 0, atMs: nowMs });
      await this.tick();
    },
    async admit(vehicleId: VehicleId, nodeId: string) {
      service.admit({ vehicleId, vehicleClassId: "carrier" as VehicleClassId, nodeId: nodeId as NodeId });
      this.see(vehicleId, nodeId);
      await this.tick();
    },
    said(kind: ReservationEvent["kind"]) {
      return events.filter((event) => event.kind === kind);
    },
  };
}

/** A leg of `CAR` as it is asked for. */
export function leg(legId: string, toNodeId: string, more: Partial<LegRequest> = {}): LegRequest {
  return {
    legId: legId as LegId,
    vehicleId: CAR,
    via: [],
    toNodeId: toNodeId as NodeId,
    actionsAtEnd: [],
    priority: 0,
    commandedBy: "us",
    ...more,
  };
}

/** A straight road: stands at a and e, may stop at b and d, must not stop at c; the second half is foreign. */
export function road(): Network {
  const kinds = ["endpoint", "way", "passing", "way", "endpoint"] as const;
  const ids = ["a", "b", "c", "d", "e"];
  const poses = ids.map((id, i) => ({ id, xM: 40 * i, yM: 0, kind: at(kinds, i), blocks: [id] }));
  const moves = ids.slice(1).map((id, i) => ({ from: at(ids, i), to: id }));
  return smallNetwork(poses, moves, ["d", "e"]);
}
