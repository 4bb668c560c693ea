import type { EdgeId, Network, NodeId, Pose, ZoneId } from "@baton/maps";
import { at } from "../../core/runs.ts";
import type { Observation } from "../../port.ts";
import { committedLeg, type Desk } from "./desk.ts";
import { type VehicleRecord, zoneLegId } from "./record.ts";

/** A report this near to a place is at it: as much as a reported position may be ahead of the true one. */
const AT_PLACE_M = 0.1;
/** A report farther than this from a way, or turned farther from it, is not on it. */
const OFF_WAY_M = 1.5;
const HEADING_RAD = Math.PI / 3;

/**
 * What each zone is to see of a report. A zone knows nothing of the ground beyond its borders, so it sees the
 * vehicle as near to where it is as its own ground allows: standing at the place by which it will come in, or standing
 * at the one by which it has left. Neither frees anything that is under the body: on the place it covers that
 * place's ground alone, and beyond the place nothing else of the zone behind.
 */
export function whatZonesSee(desk: Desk, record: VehicleRecord, observation: Observation): ZoneSight[] {
  const legs = legsUnderWay(desk, record);
  const first = legs[0];
  if (first === undefined || legs.length === 1) return [{ zoneId: record.zoneId, observation }];
  const inHop = hopOf(desk, record, legs, observation.pose);
  if (inHop === undefined) return [];
  return legs.flatMap((leg, index) => {
    const { zoneId, hop } = leg;
    // How it faces there is in the way that was granted, if one was: while that is not known nothing is said.
    if (!leg.isKnown && hop > inHop) return [];
    const entered = legs[index - 1]?.placeNodeId;
    const isLeft = hop < inHop || (hop === inHop && isAt(desk, leg.placeNodeId, observation.pose));
    if (isLeft && leg.placeNodeId !== undefined) {
      return { zoneId, observation: standingAt(desk, leg.placeNodeId, leg.edgeIds.at(-1), 1, observation) };
    }
    if (hop > inHop && entered !== undefined)
      return { zoneId, observation: standingAt(desk, entered, leg.edgeIds[0], 0, observation) };
    return { zoneId, observation };
  });
}

function isAt(desk: Desk, nodeId: NodeId | undefined, pose: Pose): boolean {
  const { poses, poseIndex } = desk.routes.partition.network;
  const place = nodeId === undefined ? undefined : poseIndex(nodeId);
  if (place === undefined) return false;
  return Math.hypot(at(poses.xM, place) - pose.xM, at(poses.yM, place) - pose.yM) <= AT_PLACE_M;
}

export interface ZoneSight {
  readonly zoneId: ZoneId;
  readonly observation: Observation;
}

/** A zone leg that the vehicle has not left altogether; the last one has no place at which it is left. */
interface LegUnderWay {
  readonly zoneId: ZoneId;
  readonly hop: number;
  readonly placeNodeId: NodeId | undefined;
  /** What is granted of it, as far as is known. */
  readonly edgeIds: readonly EdgeId[];
  readonly isKnown: boolean;
}

function legsUnderWay(desk: Desk, record: VehicleRecord): LegUnderWay[] {
  const { journey, behind, zoneId } = record;
  const hop = journey?.hop ?? 0;
  const leg = journey === undefined ? undefined : committedLeg(desk, record, zoneLegId(journey, hop));
  const isKnown = journey?.isAsked !== true || desk.committed.has(zoneId);
  const edgeIds = leg?.edgeIds.slice(0, leg.grantedEdges) ?? [];
  return [
    ...behind
      .filter((zone) => !zone.dismissed)
      .map((zone) => {
        const left = journey?.edgesBefore[zone.hop] ?? [];
        return {
          zoneId: zone.zoneId,
          hop: zone.hop,
          placeNodeId: zone.placeNodeId,
          edgeIds: left,
          isKnown: true,
        };
      }),
    { zoneId, hop, placeNodeId: undefined, edgeIds, isKnown },
  ];
}

/** As a vehicle stands at a place: facing the way by which it came there (`end` 1), or on which it goes on (0). */
function standingAt(
  desk: Desk,
  nodeId: NodeId,
  edgeId: EdgeId | undefined,
  end: 0 | 1,
  observation: Observation,
): Observation {
  const { network } = desk.routes.partition;
  const pose = network.poseIndex(nodeId);
  if (pose === undefined) return observation;
  const { xM, yM, headingRad } = network.poses;
  const move = edgeId === undefined ? undefined : network.moveIndex(edgeId);
  const facingRad =
    move === undefined
      ? at(headingRad, pose)
      : network.poseAlong(move, end * at(network.moves.lengthM, move)).headingRad;
  return {
    ...observation,
    pose: { xM: at(xM, pose), yM: at(yM, pose), headingRad: facingRad },
    speedMps: 0,
    driving: false,
  };
}

/**
 * The number of the zone leg on which the vehicle is; it does not go back. `undefined` while that cannot be told:
 * the zone ahead has not said yet how far it had granted the way, and the vehicle is on no way that is known.
 */
function hopOf(
  desk: Desk,
  record: VehicleRecord,
  legs: readonly LegUnderWay[],
  pose: Pose,
): number | undefined {
  const { journey, vehicleId } = record;
  const lowest = legs[0]?.hop ?? 0;
  if (journey === undefined) return lowest;
  const { legId } = journey.request;
  const before = desk.passed.get(vehicleId);
  const known = Math.max(lowest, before?.legId === legId ? before.hop : 0);
  for (let i = legs.length - 1; i > 0; i--) {
    const leg = legs[i];
    if (leg === undefined || leg.hop <= known) break;
    if (!isBeyond(desk, leg, legs[i - 1]?.placeNodeId, pose)) continue;
    desk.passed.set(vehicleId, { legId, hop: leg.hop });
    return leg.hop;
  }
  if (known > lowest || legs.every((leg) => leg.isKnown)) return known;
  const { network } = desk.routes.partition;
  const isOnFirst = legs[0]?.edgeIds.some((edgeId) => {
    const move = network.moveIndex(edgeId);
    return move !== undefined && isOnMove(network, move, pose, 0);
  });
  return isOnFirst === true ? known : undefined;
}

/** It is on a way that begins at the border before a zone leg, beyond the place itself. */
function isBeyond(desk: Desk, leg: LegUnderWay, entered: NodeId | undefined, pose: Pose): boolean {
  const { network } = desk.routes.partition;
  const stretch = entered === undefined ? [] : (desk.routes.place(entered)?.stretch ?? []);
  const moves = new Set([...leg.edgeIds.map((edgeId) => network.moveIndex(edgeId) ?? -1), ...stretch]);
  const place = entered === undefined ? undefined : network.poseIndex(entered);
  for (const move of moves) {
    if (move >= 0 && isOnMove(network, move, pose, at(network.moves.from, move) === place ? AT_PLACE_M : 0))
      return true;
  }
  return false;
}

function isOnMove(network: Network, move: number, pose: Pose, fromM: number): boolean {
  const { alongM, offM } = network.project(move, pose.xM, pose.yM);
  if (offM > OFF_WAY_M || alongM < fromM) return false;
  const turnRad = network.poseAlong(move, alongM).headingRad - pose.headingRad;
  return Math.abs(Math.atan2(Math.sin(turnRad), Math.cos(turnRad))) <= HEADING_RAD;
}
