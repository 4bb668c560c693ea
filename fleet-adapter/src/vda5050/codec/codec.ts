import type { Checked } from "../../link/json.ts";
import type { Action } from "../model/action.ts";
import type { VehicleSheet } from "../model/factsheet.ts";
import type { OrderBody } from "../model/order.ts";
import type { Protocol } from "../model/protocol.ts";
import type { ConnectionNews, Report } from "../model/report.ts";
import type { AccessResponse } from "../model/response.ts";
import type { ZoneSet } from "../model/zone-set.ts";

/**
 * One version of VDA 5050, between its messages and the model. Pure: the header of what is sent is put in front by
 * whoever sends it. Nothing beyond the codecs knows how a version spells a thing.
 */
export interface Codec {
  readonly protocol: Protocol;
  /** As it stands in the header of each message. */
  readonly version: string;
  /** The major version as a topic has it. */
  readonly topicVersion: "v2" | "v3";
  /** Checks a message against the version's schema and reads it; the reason of a refusal names place and fault. */
  readConnection(message: unknown): Checked<ConnectionNews>;
  readState(message: unknown): Checked<Report>;
  readFactsheet(message: unknown): Checked<VehicleSheet>;
  /** Messages without their headers. */
  writeOrder(order: OrderBody): object;
  writeInstantActions(actions: readonly Action[]): object;
  /** Undefined in a version that has no zones, or no requests. */
  writeZoneSet(zoneSet: ZoneSet): object | undefined;
  writeResponses(responses: readonly AccessResponse[]): object | undefined;
}
