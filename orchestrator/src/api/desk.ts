import type { Account } from "../accounts/accounts.ts";
import type { JournalEntry } from "../alarms/alarm-store.ts";
import type { ShelveOutcome } from "../alarms/port.ts";
import type {
  AlarmKpiView,
  AlarmView,
  BorderlineView,
  ClosureView,
  CustodyRecordView,
  ExplanationView,
  MissionView,
  SiteView,
  StationClosureView,
  Step,
  TransportOrderRequest,
  VehicleView,
  WaitingReasonsView,
} from "../contract/index.ts";
import type { HandoffService } from "../handoff/service-port.ts";
import type { MissionControl, StationOutcome } from "../mission/control-port.ts";
import type { Found } from "../reservation/service-port.ts";

/** What the API needs from the rest of the orchestrator: the desk at which requests from outside are answered. */
export interface Desk {
  site(): SiteView;
  missions(): readonly MissionView[];
  mission(missionId: string): MissionView | undefined;
  vehicles(): readonly VehicleView[];
  /** Why missions and vehicles are not on their way, as of the last round of dispatch. */
  whyNotDispatched(): WaitingReasonsView;
  alarms(): readonly AlarmView[];
  alarmKpi(): AlarmKpiView;
  /** What became of alarms, oldest first; the newest thousand of that time. */
  alarmJournal(fromMs: number, toMs: number): Promise<readonly JournalEntry[]>;
  borderline(): BorderlineView;
  /** This side's custody records, oldest first. */
  custody(): Promise<readonly CustodyRecordView[]>;
  placeOrder(order: TransportOrderRequest): Promise<OrderOutcome>;
  adopt(request: AdoptRequest, account: Account): Promise<OrderOutcome>;
  resume(
    missionId: string,
    how: ResumeHow,
    account: Account,
  ): Promise<"resumed" | "unknown" | "not-held" | "not-possible">;
  acknowledge(alarmId: string, by: string): "acknowledged" | "unknown";
  shelve(alarmId: string, by: string, forMs: number, reason: string): ShelveOutcome;
  suppressAlarm(alarmId: string, by: string, reason: string): "suppressed" | "unknown";
  /** From the shelf, and into service again. */
  alarmBack(alarmId: string): "back" | "unknown" | "as-it-was";
  /** A network command, latched at the vehicle; never an emergency stop, which is a hard-wired circuit. */
  stopRequest(vehicleId: string): "sent" | "unknown";
  resumeVehicle(vehicleId: string): "sent" | "unknown";
  /** What becomes of a vehicle's actions that failed and wait: each is tried again, or given up and with it failed. */
  answerActions(vehicleId: string, answer: "retry" | "skip"): "sent" | "unknown" | "nothing-waits";
  /** To sleep, if it can and has nothing to do, and awake again (VDA 5050 3.0). */
  sleep(vehicleId: string, how: "hibernate" | "wake"): "sent" | "unknown" | "cannot-sleep" | "busy";
  /** Why a vehicle stands or waits; undefined for one that is not on this side's ground. */
  explain(vehicleId: string): ExplanationView | undefined;
  /** Closures that stand, once the zone has taken them in (a tick after they were asked for). */
  closures(): readonly ClosureView[];
  newClosureId(): string;
  close(closure: CloseRequest): CloseOutcome;
  open(closureId: string): "asked" | "unknown" | "kept";
  /** It will not drive on by itself until `recoverVehicle`; others are planned around it. */
  failVehicle(vehicleId: string, reason: string): VehicleActOutcome;
  recoverVehicle(vehicleId: string): VehicleActOutcome;
  /** A person's word for a vehicle that was not accounted for after the ledger lost ticks. */
  vouch(vehicleId: string, found: Found): Promise<VouchAnswer>;
  /** How urgent a mission is from now on, in its legs under way too. */
  prioritise(missionId: string, priority: number): Promise<"prioritised" | "unknown" | "over">;
  /** Another slot for a container whose truck was not called yet, from an instant on. */
  reslot: MissionControl["reslot"];
  recall: MissionControl["recall"];
  byPerson: MissionControl["byPerson"];
  assign: MissionControl["assign"];
  park: MissionControl["park"];
  closedStations(): readonly StationClosureView[];
  closeStation(stationId: string, by: string, reason: string): Promise<StationOutcome>;
  openStation(stationId: string): Promise<StationOutcome>;
  resolveHandoff: HandoffService["resolve"];
  /** Whether this orchestrator is leading its zone and its ledger answers. */
  ready(): { readonly ready: boolean; readonly detail: string };
}

export type OrderOutcome =
  | { readonly kind: "created"; readonly missionId: string }
  | { readonly kind: "exists"; readonly missionId: string }
  | { readonly kind: "refused"; readonly code: string; readonly detail: string };

export interface CloseRequest {
  /** Asking again with the same id and edges changes nothing. */
  readonly closureId: string;
  readonly edgeIds: readonly string[];
  readonly reason: string;
}

export type CloseOutcome =
  | { readonly kind: "asked"; readonly closureId: string }
  | { readonly kind: "edge-unknown"; readonly edgeId: string }
  /** The id is that of a closure of other edges. */
  | { readonly kind: "conflict"; readonly closureId: string }
  /** The id is of those under which the orchestrator itself keeps ground. */
  | { readonly kind: "kept"; readonly closureId: string };

export type VehicleActOutcome = "asked" | "unknown" | "not-admitted";

export type VouchAnswer =
  | { readonly kind: "vouched" | "unknown" | "not-admitted" }
  | { readonly kind: "refused"; readonly why: string };

export type ResumeHow = "retry" | "override" | "return";

export interface AdoptRequest {
  readonly order: TransportOrderRequest;
  readonly vehicleId: string;
  readonly atStationId: string;
  readonly step: Step;
}
