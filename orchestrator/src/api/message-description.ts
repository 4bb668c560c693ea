import {
  Connection,
  FactsheetMessage,
  InstantActions,
  Order,
  State,
  Visualization,
} from "@baton/fleet-adapter/vda5050";
import * as v2_0 from "@baton/fleet-adapter/vda5050/v2_0";
import * as v3_0 from "@baton/fleet-adapter/vda5050/v3_0";
import type { TSchema } from "typebox";
import {
  DeviceJobMessage,
  DevicePositionMessage,
  DeviceReport,
  DeviceStatusMessage,
  deviceTopic,
} from "../gate/port.ts";
import { TransferCommand, TransferReport } from "../handoff/transfer-port.ts";
import { CloudEvent } from "../partner/event.ts";

interface Said {
  readonly name: string;
  readonly title: string;
  readonly payload: TSchema;
  readonly contentType?: string;
}

/** What is said on one topic of a side's broker, or to one kind of address of the partner's. */
interface Channel {
  readonly name: string;
  readonly server: "broker" | "partner";
  /** Null: the partner names it when it asks for a webhook. */
  readonly address: string | null;
  /** What this side does with it. */
  readonly action: "send" | "receive";
  /** A message is one of these. */
  readonly messages: readonly [Said, ...Said[]];
  readonly bindings: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;
}

const overMqtt = (qos: 0 | 1, retain: boolean): Channel["bindings"] => ({
  mqtt: { qos, retain, bindingVersion: "0.2.0" },
});

const PARTS = {
  job: { action: "send", payload: DeviceJobMessage, retain: false },
  report: { action: "receive", payload: DeviceReport, retain: false },
  status: { action: "receive", payload: DeviceStatusMessage, retain: true },
  position: { action: "receive", payload: DevicePositionMessage, retain: true },
  "transfer-command": { action: "send", payload: TransferCommand, retain: false },
  "transfer-state": { action: "receive", payload: TransferReport, retain: true },
} as const;

const ofDevices = (name: string, leaf: keyof typeof PARTS, title: string): Channel => {
  const { action, payload, retain } = PARTS[leaf];
  return {
    name,
    server: "broker",
    address: deviceTopic("{siteId}", "{side}", "{deviceId}", leaf),
    action,
    messages: [{ name, title, payload }],
    bindings: overMqtt(1, retain),
  };
};

/** Quality of service and retention of VDA 5050 are the standard's (2.1 section 6.2, 3.0 section 4.1). */
const ofVehicles = (
  topicVersion: "v2" | "v3",
  leaf: string,
  action: Channel["action"],
  ...versions: readonly [Version, ...Version[]]
): Channel => {
  const kind = leaf.charAt(0).toUpperCase() + leaf.slice(1);
  const said = ([version, payload]: Version): Said => ({
    name: `vehicle${version.replaceAll(/[^0-9]+/g, "_")}${kind}`,
    title: `VDA 5050 ${version} ${leaf}`,
    payload,
  });
  const [first, ...rest] = versions;
  return {
    name: `vehicle${topicVersion.toUpperCase()}${kind}`,
    server: "broker",
    address: `{interfaceName}/${topicVersion}/{manufacturer}/{serialNumber}/${leaf}`,
    action,
    messages: [said(first), ...rest.map(said)],
    bindings: overMqtt(leaf === "connection" ? 1 : 0, leaf === "connection" || leaf === "factsheet"),
  };
};
type Version = readonly [version: string, payload: TSchema];

const CHANNELS: readonly Channel[] = [
  ofDevices("deviceJob", "job", "A job for a gate device, or for the system of an agency"),
  ofDevices(
    "deviceReport",
    "report",
    "What became of a job; `accepted` means that the device is working on it",
  ),
  ofDevices("deviceStatus", "status", "Whether a device is there; its last will says `offline`"),
  ofDevices(
    "devicePosition",
    "position",
    "Where a device's moving part is, and where to: at every change of course. For whoever looks on; nothing is decided by it",
  ),
  ofDevices(
    "transferCommand",
    "transfer-command",
    "What a crane at the line is to do with the hand-off that stands at this number of its register",
  ),
  ofDevices(
    "transferState",
    "transfer-state",
    "Where a crane at the line stands, and who has the container: the same to both sides",
  ),
  ofVehicles("v2", "order", "send", ["2.1", Order], ["2.0", v2_0.Order]),
  ofVehicles("v2", "instantActions", "send", ["2.1", InstantActions], ["2.0", v2_0.InstantActions]),
  ofVehicles("v2", "state", "receive", ["2.0 and 2.1", State]),
  ofVehicles("v2", "connection", "receive", ["2.0 and 2.1", Connection]),
  ofVehicles("v2", "factsheet", "receive", ["2.0 and 2.1", FactsheetMessage]),
  ofVehicles("v2", "visualization", "receive", ["2.0 and 2.1", Visualization]),
  ofVehicles("v3", "order", "send", ["3.0", v3_0.Order]),
  ofVehicles("v3", "instantActions", "send", ["3.0", v3_0.InstantActions]),
  ofVehicles("v3", "responses", "send", ["3.0", v3_0.Responses]),
  ofVehicles("v3", "zoneSet", "send", ["3.0", v3_0.ZoneSetMessage]),
  ofVehicles("v3", "state", "receive", ["3.0", v3_0.State]),
  ofVehicles("v3", "connection", "receive", ["3.0", v3_0.Connection]),
  ofVehicles("v3", "factsheet", "receive", ["3.0", v3_0.FactsheetMessage]),
  {
    name: "partnerEvent",
    server: "partner",
    address: null,
    action: "send",
    messages: [
      {
        name: "partnerEvent",
        title: "An event for the partner's webhook: CloudEvents 1.0, structured, signed as every request is",
        payload: CloudEvent,
        contentType: "application/cloudevents+json",
      },
    ],
    bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
  },
];

const PARAMETERS: Readonly<Record<string, { readonly description: string }>> = {
  siteId: { description: "The site, as its file names it" },
  side: { description: "vn or cn" },
  deviceId: { description: "The device; of an agency's system `<side>.<agency>`" },
  interfaceName: { description: "`uagv` in VDA 5050 2.x and `vda5050` in 3.0, unless set otherwise" },
  manufacturer: { description: "The vehicle's manufacturer" },
  serialNumber: { description: "The vehicle's serial number" },
};

const SERVERS = {
  broker: {
    host: "{host}",
    protocol: "mqtt",
    description: "The side's own broker (`MQTT_URL`)",
    variables: { host: { description: "Host and port" } },
  },
  partner: {
    host: "{host}",
    protocol: "https",
    description: "Where the partner wants its events (`PUT /partner/v1/webhooks/{webhookId}`)",
    variables: { host: { description: "One of `BATON_WEBHOOK_HOSTS`, or the partner's own" } },
  },
};

const parametersOf = (address: string | null) =>
  Object.fromEntries(
    [...(address ?? "").matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => [
      parameter,
      PARAMETERS[parameter],
    ]),
  );

/**
 * All messages that are not asked for: what a side says and hears over its broker, and what it brings to its partner's
 * webhooks. An AsyncAPI 3.0 document, made from the schemas that messages are checked with. Vehicles of VDA 5050 2.0 use
 * the topics of 2.x; what they say is read by the schemas of 2.1, which only adds to 2.0.
 */
export function messageDescription() {
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Baton's messages",
      version: "1.1.0",
      description:
        "What the orchestrator of one side says to vehicles (VDA 5050, with the control register and the features that Baton adds), " +
        "to gate devices, agencies and cranes at the line over that side's own broker, and hears from them; and the events that it " +
        "brings to its partner. `send` is what the orchestrator sends.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/json",
    servers: SERVERS,
    channels: Object.fromEntries(
      CHANNELS.map(({ name, server, address, messages }) => [
        name,
        {
          address,
          servers: [{ $ref: `#/servers/${server}` }],
          messages: Object.fromEntries(
            messages.map((said) => [said.name, { $ref: `#/components/messages/${said.name}` }]),
          ),
          parameters: parametersOf(address),
        },
      ]),
    ),
    operations: Object.fromEntries(
      CHANNELS.map(({ name, action, messages, bindings }) => [
        `${action}${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        {
          action,
          channel: { $ref: `#/channels/${name}` },
          messages: messages.map((said) => ({ $ref: `#/channels/${name}/messages/${said.name}` })),
          bindings,
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        CHANNELS.flatMap(({ messages }) => messages).map((said) => [said.name, said]),
      ),
    },
  };
}
