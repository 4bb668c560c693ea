import type { RefusalCode } from "../contract/index.ts";
import type { DeviceReport } from "../gate/port.ts";
import type { HandoffEvent, HandoffId } from "../handoff/port.ts";
import type { TransferReport } from "../handoff/transfer-port.ts";
import type { LegId, ReservationEvent } from "../reservation/port.ts";
import type { ChosenLane } from "./begin.ts";
import type { MissionContext } from "./context.ts";
import type { MissionVehicle, Places, VisitSeen } from "./records.ts";

/** What a person reads off the truck, or off container, vehicle and seal. */
export type HandRead =
  | { readonly containerNo: string; readonly truckPlate: string }
  | { readonly containerNo: string; readonly vehicle: string; readonly sealIntact: boolean };

/** What the lane measures of a container that drives through it. */
export type Measured = "weigh" | "scan";

interface Envelope {
  readonly atMs: number;
  /** A fresh identifier, for whatever the event makes begin. */
  readonly spareId: string;
}

/** What a mission hears. Every event names its instant: the machine has no clock. */
export type MissionEvent = Envelope &
  (
    | { readonly type: "report"; readonly report: DeviceReport }
    | { readonly type: "road"; readonly event: ReservationEvent }
    | { readonly type: "handoff"; readonly event: HandoffEvent }
    /** What the crane at the line does, by its own report, for this hand-off. */
    | { readonly type: "crane"; readonly handoffId: HandoffId; readonly phase: TransferReport["phase"] }
    /** The vehicle's loads and battery, as it reports them, and whether it stands wholly on the partner's ground. */
    | {
        readonly type: "vehicle";
        readonly loadIds: readonly string[];
        readonly batteryPct: number;
        readonly beyondLine: boolean;
        /** It can be handed over rolling, and is near enough to the hold line. */
        readonly rollsToLine?: boolean;
        /** A visitor, which stands at our exchange pad. */
        readonly isAtPad?: boolean;
      }
    /** What is kept of the visit that began with this hand-off. */
    | {
        readonly type: "visit";
        readonly handoffId: HandoffId;
        readonly seen: Omit<VisitSeen, "isAtPad">;
      }
    /** Dispatch has found a vehicle, a crane, a bay. */
    | {
        readonly type: "assigned";
        readonly vehicle?: MissionVehicle;
        readonly places: Places;
        /** With its bay, where there are several: the lane that it takes. */
        readonly lane?: ChosenLane;
      }
    /** Dispatch has its vehicle, on its way to the crane, asked to drive another leg. */
    | { readonly type: "yields"; readonly toLegId: LegId }
    /** Nobody asks its vehicle for that any more. */
    | { readonly type: "keeps" }
    /** Dispatch has room for its truck. */
    | { readonly type: "called" }
    /** A person has given it another slot. */
    | { readonly type: "reslotted"; readonly slot: NonNullable<MissionContext["slot"]> }
    /** A person calls the container back from its way to the line. */
    | { readonly type: "recall"; readonly account: string }
    /** A person sends it to be inspected before customs ask for that. */
    | { readonly type: "divert"; readonly account: string }
    /** A person has it weighed or scanned again: through the lane once more. */
    | { readonly type: "pass-again"; readonly account: string; readonly what: Measured }
    /** People have put a new seal on. */
    | { readonly type: "reseal"; readonly accounts: readonly string[]; readonly sealNo: string }
    /** A person says what stands on the container, the truck or the vehicle that no device could read. */
    | { readonly type: "read"; readonly account: string; readonly read: HandRead }
    /** An agency that is away releases on paper. */
    | { readonly type: "paper"; readonly accounts: readonly string[]; readonly documentNo: string }
    /** A person will not have the container, or the vehicle that brings it, for a reason that has a code. */
    | { readonly type: "refuse"; readonly account: string; readonly code: RefusalCode }
    /** A person wants the hand-off back by force, although the partner may have said `go`. */
    | { readonly type: "withdraw"; readonly account: string; readonly reason: string }
    /** People have had a vehicle that failed on the host's ground towed off it. */
    | { readonly type: "towed"; readonly accounts: readonly string[] }
    /** The devices of the side that are away. */
    | { readonly type: "devices"; readonly down: readonly string[] }
    /** How urgent it is from now on. */
    | { readonly type: "prioritised"; readonly priority: number }
    /** A deadline in the context has come. */
    | { readonly type: "tick" }
    /** Effects that nothing answers were carried out. */
    | { readonly type: "delivered"; readonly effectIds: readonly string[] }
    /** An operator: try the step again, accept it as it is, or give the container back. */
    | { readonly type: "resume"; readonly account: string }
    | { readonly type: "override"; readonly account: string }
    | { readonly type: "return"; readonly account: string }
  );

/** What happened, before it has its instant. */
export type Happening = MissionEvent extends infer Event
  ? Event extends MissionEvent
    ? Omit<Event, keyof Envelope>
    : never
  : never;
