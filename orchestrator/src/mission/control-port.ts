import type { Clock, FleetAdapter, Ids, Timers, VehicleId } from "@baton/fleet-adapter";
import type { Side, Site, StationId } from "@baton/maps";
import type { Logger } from "pino";
import type { Alarms } from "../alarms/port.ts";
import type {
  DeviceView,
  MissionActName,
  MissionView,
  Step,
  TransportOrderRequest,
} from "../contract/index.ts";
import type { DispatchReason } from "../dispatch/decision.ts";
import type { DispatchRules } from "../dispatch/rules.ts";
import type { LineCraneState } from "../dispatch/view.ts";
import type { GateDevices } from "../gate/port.ts";
import type { Handoffs } from "../handoff/port.ts";
import type { HandoffService } from "../handoff/service-port.ts";
import type { TransferReport } from "../handoff/transfer-port.ts";
import type { Reservation } from "../reservation/port.ts";
import type { Refusal } from "./intake/view.ts";
import type { PersonsWord } from "./person-acts.ts";
import type { Procedure } from "./procedure.ts";
import type { MissionStore, StationClosure } from "./store.ts";

export interface MissionControlOptions {
  readonly side: Side;
  readonly site: Site;
  readonly procedures: readonly Procedure[];
  readonly store: MissionStore;
  readonly reservation: Reservation;
  readonly devices: GateDevices;
  readonly handoffs: Handoffs;
  readonly fleet: FleetAdapter;
  /** Thresholds of dispatch. */
  readonly dispatch?: Partial<DispatchRules>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  readonly alarms: Alarms;
  onChange(view: MissionView): void;
  /** A device is another than before. */
  onDevice?(view: DeviceView): void;
  /** The cranes at the line; none if not given. */
  readonly lineCranes?: LineCraneReports;
  /** Visits by a host's grants; none if not given. */
  readonly visits?: Pick<HandoffService, "visits" | "look">;
  /** Whose a vehicle is by its papers; this side's when nobody says otherwise. */
  homeOf?(vehicleId: VehicleId): Side;
}

/** The cranes at the line as missions and dispatch know them. */
export interface LineCraneReports {
  all(): readonly LineCraneState[];
  subscribe(listener: (report: TransferReport) => void): () => void;
}

export type PlaceOutcome =
  | { readonly kind: "created"; readonly missionId: string }
  | { readonly kind: "exists"; readonly missionId: string }
  | Refusal;

export interface Adoption {
  readonly order: TransportOrderRequest;
  readonly vehicleId: string;
  readonly atStationId: string;
  readonly step: Step;
  /** Who says that everything before this step was done. */
  readonly account: string;
}

/** What came of an act by hand; `why`: one of dispatch's codes, or in words. */
export type MissionActOutcome =
  | { readonly kind: "done" | "unknown" | "vehicle-unknown" }
  | { readonly kind: "not-possible"; readonly why: string };

/** `not-closable`: of a kind that is closed with its ground. `not-kept`: it was not written, and so not done. */
export type StationOutcome = "done" | "as-it-was" | "unknown" | "not-closable" | "not-kept";

export interface MissionControl {
  /**
   * Takes up all missions as they were left, and carries out again what was not answered. Devices, fleet and hand-offs
   * must have been started, and the control made before that: what they tell at their start is kept for it.
   */
  start(): Promise<void>;
  stop(): Promise<void>;
  place(order: TransportOrderRequest): Promise<PlaceOutcome>;
  adopt(adoption: Adoption): Promise<PlaceOutcome>;
  /** `not-possible`: it is held, but this cannot be done about it (an override of a device that is silent). */
  resume(
    missionId: string,
    account: string,
    how: "retry" | "override" | "return",
  ): Promise<"resumed" | "unknown" | "not-held" | "not-possible">;
  /** How urgent a mission is from now on; its legs under way are planned anew with it as far as they are not granted. */
  prioritise(missionId: string, priority: number): Promise<"prioritised" | "unknown" | "over">;
  /** Gives a container whose truck was not called yet the first slot with room from an instant on. */
  reslot(
    missionId: string,
    notBeforeMs: number,
  ): Promise<MissionActOutcome | { readonly kind: "given"; readonly fromMs: number }>;
  /** Calls a container back on its way to the line: it goes to the yard again, and its hand-off is withdrawn. */
  recall(missionId: string, account: string): Promise<MissionActOutcome>;
  /** What a person says of a mission, where `act` is possible: one of those that its view lists. */
  byPerson(missionId: string, act: MissionActName, word: PersonsWord): Promise<MissionActOutcome>;
  /** A person's choice of a vehicle for a container that waits for one. */
  assign(missionId: string, vehicleId: string): Promise<MissionActOutcome>;
  /** Sends an idle vehicle to a free charger or parking place. It takes missions again as soon as dispatch has one for it. */
  park(vehicleId: string, to: "charger" | "parking"): Promise<MissionActOutcome>;
  /** Nobody is sent to a station that is closed; who has it already, or stands there, goes on as before. Kept over a restart. */
  closeStation(closure: Omit<StationClosure, "sinceMs">): Promise<StationOutcome>;
  openStation(stationId: StationId): Promise<StationOutcome>;
  /** In the order in which they were closed; the same array until one is closed or opened. */
  closedStations(): readonly StationClosure[];
  views(): readonly MissionView[];
  /** The devices of this side, and agencies' systems as far as they were heard. */
  devices(): readonly DeviceView[];
  view(missionId: string): MissionView | undefined;
  /** Why missions and vehicles are not on their way, as of the last round of dispatch. */
  reasons(): {
    readonly missions: ReadonlyMap<string, DispatchReason>;
    readonly vehicles: ReadonlyMap<VehicleId, DispatchReason>;
  };
  /** Resolves when every event so far has been taken in. */
  settled(): Promise<void>;
}
