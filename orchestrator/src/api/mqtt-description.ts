import {
  Connection,
  FactsheetMessage,
  InstantActions,
  Order,
  State,
  Visualization,
} from "@baton/fleet-adapter/vda5050";
import * as v3_0 from "@baton/fleet-adapter/vda5050/v3_0";
import type { TSchema } from "typebox";
import { DeviceJobMessage, DeviceReport, DeviceStatusMessage, deviceTopic } from "../gate/port.ts";

/** One kind of message over a side's broker. */
interface Spoken {
  readonly name: string;
  readonly title: string;
  readonly address: string;
  /** What this side does with it. */
  readonly action: "send" | "receive";
  readonly payload: TSchema;
  readonly qos: 0 | 1;
  readonly isRetained: boolean;
}

const device = (leaf: "job" | "report" | "status"): string =>
  deviceTopic("{siteId}", "{side}", "{deviceId}", leaf);
const vehicle = (version: "v2" | "v3", leaf: string): string =>
  `{interfaceName}/${version}/{manufacturer}/{serialNumber}/${leaf}`;

/** Quality of service and retention of VDA 5050 are the standard's (2.1 section 6.2, 3.0 section 4.1). */
const ofVehicles = (
  version: "v2" | "v3",
  name: string,
  leaf: string,
  action: Spoken["action"],
  payload: TSchema,
): Spoken => ({
  name: `vehicle${version.toUpperCase()}${name}`,
  title: `VDA 5050 ${version === "v2" ? "2.1" : "3.0"} ${leaf}`,
  address: vehicle(version, leaf),
  action,
  payload,
  qos: leaf === "connection" ? 1 : 0,
  isRetained: leaf === "connection" || leaf === "factsheet",
});

const SPOKEN: readonly Spoken[] = [
  {
    name: "deviceJob",
    title: "A job for a gate device, or for the system of an agency",
    address: device("job"),
    action: "send",
    payload: DeviceJobMessage,
    qos: 1,
    isRetained: false,
  },
  {
    name: "deviceReport",
    title: "What became of a job; `accepted` means that the device is working on it",
    address: device("report"),
    action: "receive",
    payload: DeviceReport,
    qos: 1,
    isRetained: false,
  },
  {
    name: "deviceStatus",
    title: "Whether a device is there; its last will says `offline`",
    address: device("status"),
    action: "receive",
    payload: DeviceStatusMessage,
    qos: 1,
    isRetained: true,
  },
  ofVehicles("v2", "Order", "order", "send", Order),
  ofVehicles("v2", "InstantActions", "instantActions", "send", InstantActions),
  ofVehicles("v2", "State", "state", "receive", State),
  ofVehicles("v2", "Connection", "connection", "receive", Connection),
  ofVehicles("v2", "Factsheet", "factsheet", "receive", FactsheetMessage),
  ofVehicles("v2", "Visualization", "visualization", "receive", Visualization),
  ofVehicles("v3", "Order", "order", "send", v3_0.Order),
  ofVehicles("v3", "InstantActions", "instantActions", "send", v3_0.InstantActions),
  ofVehicles("v3", "Responses", "responses", "send", v3_0.Responses),
  ofVehicles("v3", "ZoneSet", "zoneSet", "send", v3_0.ZoneSetMessage),
  ofVehicles("v3", "State", "state", "receive", v3_0.State),
  ofVehicles("v3", "Connection", "connection", "receive", v3_0.Connection),
  ofVehicles("v3", "Factsheet", "factsheet", "receive", v3_0.FactsheetMessage),
];

const PARAMETERS: Readonly<Record<string, { readonly description: string }>> = {
  siteId: { description: "The site, as its file names it" },
  side: { description: "vn or cn" },
  deviceId: { description: "The device; of an agency's system `<side>.<agency>`" },
  interfaceName: { description: "`uagv` in VDA 5050 2.x and `vda5050` in 3.0, unless set otherwise" },
  manufacturer: { description: "The vehicle's manufacturer" },
  serialNumber: { description: "The vehicle's serial number" },
};

/**
 * What a side says and hears over its broker, as an AsyncAPI 3.0 document: made from the schemas that messages are checked
 * with. Vehicles of VDA 5050 2.0 use the topics of 2.x and are read by the schemas of 2.0, which are no part of it.
 */
export function mqttDescription() {
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Baton over MQTT",
      version: "1.0.0",
      description:
        "What the orchestrator of one side says to vehicles (VDA 5050, with the control register and the features that Baton adds), " +
        "to gate devices and to agencies over that side's own broker, and hears from them. `send` is what the orchestrator sends.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/json",
    channels: Object.fromEntries(
      SPOKEN.map(({ name, title, address }) => [
        name,
        {
          address,
          title,
          messages: { [name]: { $ref: `#/components/messages/${name}` } },
          parameters: Object.fromEntries(
            [...address.matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => [
              parameter,
              PARAMETERS[parameter],
            ]),
          ),
        },
      ]),
    ),
    operations: Object.fromEntries(
      SPOKEN.map(({ name, action, qos, isRetained }) => [
        `${action}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        {
          action,
          channel: { $ref: `#/channels/${name}` },
          messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
          bindings: { mqtt: { qos, retain: isRetained, bindingVersion: "0.2.0" } },
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        SPOKEN.map(({ name, title, payload }) => [name, { name, title, payload }]),
      ),
    },
  };
}
