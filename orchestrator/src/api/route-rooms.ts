import type { Accounts } from "../accounts/accounts.ts";
import type { FourEyes } from "../accounts/four-eyes.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import type { Acts, CarryOut } from "./acts.ts";
import type { Desk } from "./desk.ts";
import type { Senders } from "./permission.ts";

/** What the routes for people and customers stand on. */
export interface RouteRooms {
  readonly desk: Desk;
  readonly accounts: Accounts;
  readonly audit: AuditLog;
  readonly senders: Senders;
  readonly acts: Acts;
  readonly fourEyes: FourEyes<CarryOut>;
}
