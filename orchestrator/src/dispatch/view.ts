import type { VehicleId } from "@baton/fleet-adapter";
import type { NodeId, Side, StationId } from "@baton/maps";
import type { ShutPairs } from "./lane-pairs.ts";
import type { DispatchRules } from "./rules.ts";
import type { Yard } from "./yard.ts";

/** Everything that one round of dispatch decides on: made anew from missions, vehicles and the ledger each time. */
export interface DispatchView {
  readonly nowMs: number;
  readonly yard: Yard;
  readonly rules: DispatchRules;
  readonly line: LineState;
  readonly vehicles: readonly DispatchVehicle[];
  readonly missions: readonly DispatchMission[];
  /** Stations that a mission has or is going to use, by mission. */
  readonly heldStations: ReadonlyMap<StationId, string>;
  /** Stations that people have taken out of use; who has one already keeps it. */
  readonly closedStations?: ReadonlySet<StationId>;
  /** Lanes that nobody passes now; absent where there is one pair, and no choice. */
  readonly shutPairs?: ShutPairs;
  /** The cranes at the line; absent where the site has none. */
  readonly lineCranes?: readonly LineCraneState[];
  /** Vehicles with nothing aboard that go over the line; absent where that is not provided for. */
  readonly empties?: EmptyRuns;
  /** Inbound missions that will still leave a vehicle behind that needs a place. */
  readonly inboundCount: number;
}

/** What goes over the line for its own sake, and what speaks for it. */
export interface EmptyRuns {
  /** Outbound, and not over. */
  readonly outbound: number;
  /** Of these, the partner has not answered one yet. */
  readonly isAsking: boolean;
  /** How many the partner has said that it has a use for, since the newest of them set out. */
  readonly wantedBeyond: number;
  /** When the partner last said no to one, or had no more use for it. */
  readonly refusedAtMs: number | undefined;
  /** Outbound containers that have waited long in their bays for the partner to have a place for their vehicles, beyond the vehicles that come with nothing aboard: each makes room for one. */
  readonly keptOut: number;
}

/** Whether the border takes vehicles: both sides' calendars, and the time before closing in which nothing new begins. */
export interface LineState {
  readonly state: "open" | "curtain" | "closed";
  /** Until when it is so: the instant of closing, or of opening again. Undefined: without end. */
  readonly untilMs: number | undefined;
}

/** A crane at the line as dispatch sees it. */
export interface LineCraneState {
  readonly deviceId: string;
  readonly isFit: boolean;
  /** Since when it has nothing to do; undefined while it has. */
  readonly freeSinceMs: number | undefined;
  /** Whose turn it is to give the next container. */
  readonly turn: Side | undefined;
}

/** A vehicle as dispatch sees it. */
/**
 * `has-failed`: the ledger plans nothing for it, since a person or a watch says that it does not drive on by itself. `in-error`: by its own
 * word it is in no running condition (VDA 5050 2.1 section 6.10.5, 3.0 section 6.6.5.1: FATAL). `stopped`: a side has stopped it, and has not lifted that.
 */
export type Unfit = "has-failed" | "in-error" | "stopped";

export interface DispatchVehicle {
  readonly vehicleId: VehicleId;
  /** Whose it is by its papers. */
  readonly home: Side;
  /** It has reported since this process began. Until then all that is known is which stops the ledger keeps for it. */
  readonly heard: boolean;
  /** The control register names this side. */
  readonly ours: boolean;
  readonly online: boolean;
  /** It hibernates: a person wakes it. */
  readonly asleep?: boolean;
  readonly localised: boolean;
  readonly admitted: boolean;
  /** What keeps it from driving until a person has seen to it; absent when nothing does. */
  readonly unfit?: Unfit;
  readonly batteryPct: number;
  readonly charging: boolean;
  readonly loaded: boolean;
  /** What it can carry. */
  readonly maxLoadKg: number;
  readonly lengthM: number;
  /** What every mission asks for and its factsheet does not offer, in words. */
  readonly shortcomings?: string;
  readonly missionId: string | undefined;
  /** Bound for a parking place or charger on a leg of its own. */
  readonly movingTo: StationId | undefined;
  /**
   * On that way, or on its way to the crane of a container that it is to load: where it can turn to another end, the end of what is granted to
   * it; absent when it cannot any more.
   */
  readonly turnsAt?: NodeId;
  /** The stop where it stands, or the last one that it passed. */
  readonly nodeId: NodeId | undefined;
  /** The station where it stands; of one that was not heard, where it may be standing. */
  readonly stationId: StationId | undefined;
}

/** How urgent a container is, and what it asks of a vehicle. */
export interface Demand {
  readonly missionId: string;
  /** 0 to 9, larger is more urgent. */
  readonly priority: number;
  /** Since when it waits for what it wants. */
  readonly sinceMs: number;
  /** When it is to be over the line. */
  readonly dueAtMs: number | undefined;
  readonly perishable: boolean;
  readonly grossKg: number;
  readonly loadLengthM: number;
  /** The pair of lanes that its order asks for; any when left out. */
  readonly pair?: number;
}

/** What a container asks of the vehicle that is on its way to its crane, or of another one in its place. */
export interface Coming extends Pick<Demand, "grossKg" | "loadLengthM"> {
  readonly vehicleId: VehicleId;
  readonly craneStationId: StationId;
  readonly promisedTo: VehicleId | undefined;
  /** How many vehicles it was to have before this one. */
  readonly changes: number;
  /** This one could not be sent elsewhere a moment ago: it is not to be tried again before then. */
  readonly notBeforeMs: number;
  /** A person has chosen it: only when it has failed does the container get another one. */
  readonly byHand?: boolean;
}

export type DispatchMission =
  /** An outbound container whose truck has not been called yet. */
  | (Demand & { readonly kind: "wants-call"; readonly callFromMs: number })
  /** An outbound container whose truck was called, and is not in yet. */
  | (Demand & { readonly kind: "on-its-way"; readonly promisedTo: VehicleId | undefined })
  /** An outbound container whose truck is in: wants a vehicle and a crane. */
  | (Demand & {
      readonly kind: "wants-vehicle";
      /** An inbound vehicle that the partner was promised a load for. */
      readonly promisedTo: VehicleId | undefined;
      /** It is begun, and its truck is at this crane: its vehicle was sent elsewhere. */
      readonly craneStationId?: StationId;
    })
  /** An outbound container that has vehicle and crane, and no bay yet. `isLoaded`: it is about to leave the crane. */
  | {
      readonly kind: "wants-bay";
      readonly missionId: string;
      readonly priority: number;
      readonly sinceMs: number;
      readonly isLoaded: boolean;
      /** The pair of lanes that it has to take; any when left out. */
      readonly pair?: number;
      /** Its vehicle is still on its way to the crane. */
      readonly coming?: Coming;
    }
  /** An outbound container that is to be inspected: wants a dock. */
  | {
      readonly kind: "wants-dock";
      readonly missionId: string;
      readonly priority: number;
      readonly sinceMs: number;
      /** The pair of lanes in which its bay is: docks of another are beyond the gate. */
      readonly pair?: number;
      readonly fromNodeId: NodeId | undefined;
    }
  /** An outbound container in its bay, ready to be offered, that goes over the line by the crane: wants our pad below it. */
  | {
      readonly kind: "wants-pad";
      readonly missionId: string;
      readonly priority: number;
      readonly sinceMs: number;
      readonly padStationId: StationId;
      /** The partner said no: not before then. */
      readonly notBeforeMs: number;
    }
  /** An inbound vehicle in its bay, or at the head of the queue before the cranes: wants a crane. */
  | {
      readonly kind: "wants-crane";
      readonly missionId: string;
      readonly priority: number;
      readonly sinceMs: number;
      readonly fromNodeId: NodeId | undefined;
    }
  /** An inbound container with a crane: its vehicle will be free there. */
  | {
      readonly kind: "unloading";
      readonly missionId: string;
      readonly vehicleId: VehicleId;
      readonly craneStationId: StationId;
      readonly freeAtMs: number;
    }
  | { readonly kind: "other"; readonly missionId: string };

export type MissionOf<K extends DispatchMission["kind"]> = Extract<DispatchMission, { readonly kind: K }>;
