import type { VehicleId } from "@baton/fleet-adapter";
import type {
  Bound,
  DeviceId,
  Direction,
  EdgeId,
  HandoffPointId,
  NodeId,
  Pose,
  Side,
  StationId,
  StationKind,
  VehicleClassId,
} from "@baton/maps";

/**
 * What missions and dispatch need to know of one side's ground, and nothing else of the layout.
 * Poses are in the site frame.
 */
export interface Yard {
  readonly siteId: string;
  readonly side: Side;
  readonly stations: readonly YardStation[];
  readonly nodes: readonly YardNode[];
  readonly vehicleClasses: readonly YardVehicleClass[];
  /** By pair of lanes: the head of the queue where loaded vehicles wait for a crane; none where they wait in their bays. */
  readonly craneQueues: ReadonlyMap<number, YardQueue>;
  /** The ways over the line in both directions, in the site file's order. */
  readonly lines: readonly YardLine[];
  /** The fence in which a vehicle has its place; undefined for one that may be anywhere else. No way leads in or out of one. */
  fenceOf(vehicleId: VehicleId): string | undefined;
  /** How far a vehicle drives from one node to another, metres; undefined when there is no way. */
  wayM(from: NodeId, to: NodeId): number | undefined;
}

interface YardNode {
  readonly nodeId: NodeId;
  readonly pose: Pose;
}

export interface YardStation {
  readonly stationId: StationId;
  readonly kind: StationKind;
  readonly bound: Bound | "yard";
  /** Of a lane: the pair of unmanned lanes that it belongs to, the first when left out. */
  readonly pair?: number;
  /** Where the vehicle stands, or has passed; none for a truck gate. */
  readonly nodeId: NodeId | undefined;
  /** Where that is. */
  readonly pose: Pose | undefined;
  /** For a drive-through: where the passage begins. */
  readonly beginNodeId: NodeId | undefined;
  readonly deviceIds: readonly DeviceId[];
  /** Of a lane's: the edges that lead to it, or through it. With one of them closed nobody passes. */
  readonly edgeIds?: readonly EdgeId[];
  /** The fence that it lies in, if any: a place for few. */
  readonly fenceId?: string;
}

/** Named as a station, so that a mission can keep it among its places. */
interface YardQueue {
  readonly stationId: StationId;
  readonly nodeId: NodeId;
  readonly deviceIds: DeviceId[];
}

/** A way over the line, by what changes hands there. */
export type YardLine = PassingLine | TransferLine | VisitLine;

/** Where vehicles pass the line. */
export interface PassingLine {
  readonly mode: "control-passes";
  readonly handoffPointId: HandoffPointId;
  readonly direction: Direction;
  /** Of the lanes that lead over it, the first when left out. */
  readonly pair?: number;
  /** As this side's own layout names them, whichever role it plays. */
  readonly holdNodeId: NodeId;
  readonly beyondNodeId: NodeId;
  /** Where the hold node is, metres from the line along the road, site frame. */
  readonly holdXM?: number;
}

/** Where a crane sets containers over, and vehicles stay at home. */
export interface TransferLine {
  readonly mode: "container-transfers";
  readonly handoffPointId: HandoffPointId;
  readonly direction: Direction;
  readonly deviceId: string;
  /** Where this side's vehicle stands under it, whichever role it plays. */
  readonly pad: { readonly stationId: StationId; readonly nodeId: NodeId };
  /** The part of the orders that comes here, of those that name no point; all or none, by the order of the points, if not given. */
  readonly orderShare?: number;
}

/** Where the giver's own vehicles go over the line and come back, driven by their home on the host's ground. */
export interface VisitLine {
  readonly mode: "host-grants";
  readonly handoffPointId: HandoffPointId;
  /** What the way home is called. */
  readonly homePointId: HandoffPointId;
  readonly direction: Direction;
  /** As this side's own layout names them. */
  readonly holdNodeId: NodeId;
  readonly homeNodeId: NodeId;
  /** The exchange pad: a station of the host's. */
  readonly pad: {
    readonly stationId: StationId;
    readonly nodeId: NodeId;
    readonly xM: number;
    readonly yM: number;
  };
  /** The host's ground on the way to the pad, and from it back over the line. */
  readonly inStretchId: string;
  readonly outStretchId: string;
}

interface YardVehicleClass {
  readonly vehicleClassId: VehicleClassId;
  readonly lengthM: number;
  readonly widthM: number;
  readonly maxLoadKg: number;
}

/** Of a station, or of a point at the line: the pair of unmanned lanes that it belongs to. */
export const pairOf = (of: YardStation | YardLine): number => ("pair" in of ? of.pair : undefined) ?? 1;

export function stationOf(yard: Yard, stationId: string): YardStation | undefined {
  return yard.stations.find((station) => station.stationId === stationId);
}
