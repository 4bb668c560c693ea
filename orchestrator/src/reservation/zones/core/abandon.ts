import type { VehicleId } from "@baton/fleet-adapter";
import type { LegId } from "../../port.ts";
import { tryToGoOver } from "./crossing.ts";
import { ask, type Desk, keep, tell } from "./desk.ts";
import { type Journey, type VehicleRecord, zoneLegId, zoneLegsUnderWay } from "./record.ts";

/**
 * Nothing that the vehicle was told is taken back, so the zone in which the leg began decides: whether the vehicle
 * still stands where it began is known there.
 */
export function abandonLeg(desk: Desk, vehicleId: VehicleId, legId: LegId): void {
  const record = desk.records.get(vehicleId);
  const journey = record?.journey;
  if (desk.legsToCome.get(vehicleId)?.legId === legId) desk.legsToCome.delete(vehicleId);
  if (record === undefined || journey?.request.legId !== legId) {
    tell(desk, { kind: "legAbandoned", vehicleId, legId, ok: true });
    return;
  }
  if (journey.request.partnerStretch !== undefined) {
    giveUpStretch(desk, record, journey);
    return;
  }
  const first = zoneLegsUnderWay(record, journey)[0];
  const beganHere = first?.hop === 0 || (first?.hop === 1 && journey.edgesBefore[0]?.length === 0);
  const isOnPlace = record.behind.length > 0 && journey.hop === 1 && journey.edgesBefore[0]?.length === 0;
  if (journey.completed || (first !== undefined && !beganHere && !isOnPlace)) {
    tell(desk, { kind: "legAbandoned", vehicleId, legId, ok: false });
    return;
  }
  // On a place from the beginning: the zone ahead is the one that knows whether it has left.
  const asked = isOnPlace ? (journey.isAsked ? { zoneId: record.zoneId, hop: 1 } : undefined) : first;
  if (asked === undefined) {
    takenBack(desk, record, true);
    return;
  }
  desk.takingBack.add(vehicleId);
  ask(desk, asked.zoneId, { kind: "abandonLeg", vehicleId, legId: zoneLegId(journey, asked.hop) });
}

/** The partner's stretch lies at the end of a leg, in its last zone: that zone gives it up, the leg itself goes on to its end. */
function giveUpStretch(desk: Desk, record: VehicleRecord, journey: Journey): void {
  const { vehicleId } = record;
  const { partnerStretch: _over, ...request } = journey.request;
  const isLast = journey.placeNodeId === undefined;
  if (isLast && journey.isAsked) {
    ask(desk, record.zoneId, { kind: "abandonLeg", vehicleId, legId: zoneLegId(journey, journey.hop) });
  }
  keep(desk, { ...record, journey: { ...journey, request } });
  tell(desk, { kind: "legAbandoned", vehicleId, legId: request.legId, ok: true });
}

/** The zone in which the leg began has answered. */
export function takenBack(desk: Desk, record: VehicleRecord, ok: boolean): void {
  const { vehicleId, journey } = record;
  desk.takingBack.delete(vehicleId);
  if (journey === undefined) return;
  const { legId } = journey.request;
  if (ok) {
    const first = record.behind.find((zone) => zone.hop === 0 && !zone.dismissed);
    const back = journey.hop === 0 ? record.zoneId : (first?.zoneId ?? record.zoneId);
    const left = record.behind.filter((zone) => zone.dismissed);
    if (back !== record.zoneId) {
      left.push({ zoneId: record.zoneId, placeNodeId: record.nodeId, hop: journey.hop, dismissed: true });
      ask(desk, record.zoneId, { kind: "dismiss", vehicleId });
    }
    keep(desk, { ...record, zoneId: back, nodeId: journey.startNodeId, behind: left, journey: undefined });
    desk.isFreed = true;
  } else tryToGoOver(desk, record);
  tell(desk, { kind: "legAbandoned", vehicleId, legId, ok });
}
