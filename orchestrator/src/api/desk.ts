import type { Account } from "../accounts/accounts.ts";
import type {
  AlarmView,
  BorderlineView,
  CustodyRecordView,
  MissionView,
  SiteView,
  Step,
  TransportOrderRequest,
  VehicleView,
} from "../contract/index.ts";

/** What the API needs from the rest of the orchestrator: the desk at which requests from outside are answered. */
export interface Desk {
  site(): SiteView;
  missions(): readonly MissionView[];
  mission(missionId: string): MissionView | undefined;
  vehicles(): readonly VehicleView[];
  alarms(): readonly AlarmView[];
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
  acknowledge(alarmId: string): "acknowledged" | "unknown";
  /** A network command, latched at the vehicle; never an emergency stop, which is a hard-wired circuit. */
  stopRequest(vehicleId: string): "sent" | "unknown";
  resumeVehicle(vehicleId: string): "sent" | "unknown";
  /** Whether this orchestrator is leading its zone and its ledger answers. */
  ready(): { readonly ready: boolean; readonly detail: string };
}

export type OrderOutcome =
  | { readonly kind: "created"; readonly missionId: string }
  | { readonly kind: "exists"; readonly missionId: string }
  | { readonly kind: "refused"; readonly code: string; readonly detail: string };

export type ResumeHow = "retry" | "override" | "return";

export interface AdoptRequest {
  readonly order: TransportOrderRequest;
  readonly vehicleId: string;
  readonly atStationId: string;
  readonly step: Step;
}
