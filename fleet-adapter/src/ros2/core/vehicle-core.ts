import type { Side } from "@baton/maps";
import type { Chart } from "../../chart/chart.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import type { Freshness } from "../../delivery/freshness.ts";
import type {
  ActionStatus,
  ConnectionState,
  DriveOrder,
  FleetEvent,
  FleetOrderId,
  Instruction,
  VehicleId,
} from "../../port.ts";
import type { ServiceName } from "../interfaces.ts";
import type { CallOutcome, GoalOutcome } from "../transport.ts";
import type { GrantRequest } from "../wire/services.ts";
import type {
  BatteryState,
  DiagnosticArray,
  FollowPathGoal,
  NavigateThroughPosesGoal,
  Odometry,
  TransformStamped,
} from "../wire/standard.ts";
import type { VehicleStatus } from "../wire/vehicle-status.ts";

/** What the core knows beside one vehicle. */
export interface CoreContext {
  readonly vehicleId: VehicleId;
  readonly side: Side;
  readonly chart: Chart;
  /** It is given poses and finds its way between them, inside a fence of its own; if not given, it follows paths. */
  readonly plansOwnWay?: boolean;
}

/** By which action a vehicle is sent on its way. */
export type Goal =
  | { readonly action: "followPath"; readonly goal: FollowPathGoal }
  | { readonly action: "navigateThroughPoses"; readonly goal: NavigateThroughPosesGoal };

/** All that the adapter remembers of one vehicle. Values are never changed in place. */
export interface VehicleCore {
  /** Whether this side has a session with its graph. */
  readonly linkUp: boolean;
  readonly connection: ConnectionState;
  /** When a status was heard last, or could first have been. */
  readonly heardAtMs: number | undefined;
  readonly freshness: Freshness | undefined;
  readonly status: VehicleStatus | undefined;
  readonly odometry: Odometry | undefined;
  /** Where the frame of its odometry lies in the map, as its localisation said last. */
  readonly correction: TransformStamped | undefined;
  readonly batteryPct: number | undefined;
  /** What the vehicle's diagnostics say is not well, by the name of the part. */
  readonly unwell: ReadonlyMap<string, Unwell>;
  /** When the vehicle's state was told last: odometry comes more often than anyone needs it. */
  readonly toldAtMs: number;
  readonly task: OrderTask | undefined;
  /** The newest order that has to wait until the vehicle is done with `task`. */
  readonly queued: DriveOrder | undefined;
  readonly cancel: CancelTask | undefined;
  readonly instants: readonly InstantTask[];
  /** What was last told of each action. Bound: MAX_STATUSES, oldest go first. */
  readonly statuses: ReadonlyMap<string, ToldStatus>;
  /** Troubles that are still there, so that each is told once. */
  readonly told: ReadonlySet<string>;
  /**
   * Whether a person was told of an order that the vehicle lost, gave up or does not hold, and it has not been seen to hold
   * an order since.
   */
  readonly isOrderInDoubt: boolean;
}

export interface Unwell {
  readonly level: number;
  readonly message: string;
}

export interface ToldStatus {
  readonly status: ActionStatus;
  readonly detail: string;
}

export interface OrderTask {
  /** What was asked for last. */
  readonly drive: DriveOrder;
  /** A grant on its way: its names first, then the path. One at a time. */
  readonly inFlight: SentGrant | undefined;
  /** The newest revision that the vehicle is known to hold; -1 when none of this run. */
  readonly reflectedRevision: number;
  /** Above every update id used or seen. */
  readonly nextUpdateId: number;
  /** When a grant was sent last: a vehicle that loses every path is not sent one after the other. */
  readonly sentAtMs: number;
  /** Whether the vehicle's status has shown this order. */
  readonly known: boolean;
  /** Work at a node that was asked for and does not show yet. */
  readonly work: WorkTask | undefined;
  /** Why the order cannot be told, once it was said. */
  readonly contradiction: string | undefined;
  readonly ended: "finished" | "cancelled" | undefined;
}

export interface SentGrant {
  readonly request: GrantRequest;
  readonly goal: Goal;
  readonly revision: number;
  readonly delivery: Delivery;
  /** Why the vehicle refused it, if it did. */
  readonly refusal: string | undefined;
}

export interface WorkTask {
  readonly workId: string;
  readonly delivery: Delivery;
  readonly refusal: string | undefined;
}

export interface CancelTask {
  readonly delivery: Delivery;
  /** What it is to end; undefined until a status has told. */
  readonly orderId: FleetOrderId | undefined;
  /** The vehicle answered that it has it, and will not begin the order any more. */
  readonly isAccepted: boolean;
  readonly refusal: string | undefined;
}

/** Instructions that the fleet's services have a call for. */
export type AskableInstruction = Extract<
  Instruction,
  {
    readonly kind:
      | "pause"
      | "resume"
      | "stopCharging"
      | "transferControl"
      | "stateRequest"
      | "factsheetRequest";
  }
>;

export interface InstantTask {
  readonly instruction: AskableInstruction;
  /** When it was asked for: a stop and its lifting must not be taken the wrong way round. */
  readonly askedAtMs: number;
  readonly delivery: Delivery;
  /** The vehicle answered that it does it; its status has yet to show it. */
  readonly isAccepted: boolean;
}

/** What a call was about, so that its answer finds its way back. */
export type CallAbout =
  | { readonly about: "grant"; readonly orderId: string; readonly updateId: number }
  | { readonly about: "cancel"; readonly orderId: string }
  | { readonly about: "work"; readonly workId: string }
  | { readonly about: "instant"; readonly actionId: string };

/** An answer that was checked; what makes no sense counts as failed. */
export type Answer =
  | { readonly kind: "verdict"; readonly accepted: boolean; readonly reason: string }
  | { readonly kind: "status"; readonly status: VehicleStatus; readonly odometry: Odometry }
  | Exclude<CallOutcome, { readonly kind: "answered" }>;

export type CoreEvent =
  | { readonly kind: "drive"; readonly order: DriveOrder; readonly nowMs: number }
  | { readonly kind: "cancel"; readonly nowMs: number }
  | { readonly kind: "instruct"; readonly instruction: Instruction; readonly nowMs: number }
  | { readonly kind: "status"; readonly status: VehicleStatus; readonly nowMs: number }
  | { readonly kind: "odometry"; readonly odometry: Odometry; readonly nowMs: number }
  | { readonly kind: "transforms"; readonly transforms: readonly TransformStamped[]; readonly nowMs: number }
  | { readonly kind: "battery"; readonly battery: BatteryState; readonly nowMs: number }
  | { readonly kind: "diagnostics"; readonly diagnostics: DiagnosticArray; readonly nowMs: number }
  | { readonly kind: "answer"; readonly to: CallAbout; readonly answer: Answer; readonly nowMs: number }
  | {
      readonly kind: "goalOver";
      readonly orderId: string;
      readonly updateId: number;
      readonly outcome: GoalOutcome;
      readonly nowMs: number;
    }
  /** This side's session with its graph came or went. */
  | { readonly kind: "link"; readonly up: boolean; readonly nowMs: number }
  | { readonly kind: "tick"; readonly nowMs: number };

export type CoreEffect =
  | { readonly kind: "call"; readonly service: ServiceName; readonly request: object; readonly to: CallAbout }
  | ({ readonly kind: "sendGoal"; readonly orderId: string; readonly updateId: number } & Goal)
  | { readonly kind: "tell"; readonly event: FleetEvent };

/** Actions remembered after the vehicle stopped listing them. */
export const MAX_STATUSES = 256;

export function newVehicle(linkUp: boolean): VehicleCore {
  return {
    linkUp,
    connection: "offline",
    heardAtMs: undefined,
    freshness: undefined,
    status: undefined,
    odometry: undefined,
    correction: undefined,
    batteryPct: undefined,
    unwell: new Map(),
    toldAtMs: Number.NEGATIVE_INFINITY,
    task: undefined,
    queued: undefined,
    cancel: undefined,
    instants: [],
    statuses: new Map(),
    told: new Set(),
    isOrderInDoubt: false,
  };
}

export function newTask(drive: DriveOrder): OrderTask {
  return {
    drive,
    inFlight: undefined,
    reflectedRevision: -1,
    nextUpdateId: 0,
    sentAtMs: Number.NEGATIVE_INFINITY,
    known: false,
    work: undefined,
    contradiction: undefined,
    ended: undefined,
  };
}
