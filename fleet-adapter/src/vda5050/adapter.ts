import type { Site, Side } from "@baton/maps";
import type { Logger } from "pino";
import type {
  DriveOrder,
  FleetAdapter,
  FleetEvent,
  Instruction,
  VehicleId,
  VehicleRecord,
} from "../port.ts";
import type { Clock, Ids, Timers } from "../time.ts";
import { type BrokerLink, brokerLink } from "./broker-link.ts";
import type { Chart } from "./chart.ts";
import { chartOf } from "./chart-of-site.ts";
import { step } from "./core/step.ts";
import { type CoreEffect, type CoreEvent, newVehicle, type VehicleCore } from "./core/vehicle-core.ts";
import { factsheetOf } from "./core/vehicle-state.ts";
import { headerCounter } from "./header-counter.ts";
import { type Inbound, readInbound } from "./inbound.ts";
import { actionIdOf, vehicleIdOf } from "./names.ts";
import { troubleLimiter } from "./trouble-limiter.ts";
import {
  DEFAULT_INTERFACE_NAME,
  type Header,
  type Subtopic,
  topicFilter,
  topicOf,
  type VehicleAddress,
  vehicleAddressOf,
} from "./wire/index.ts";

export type Vda5050AdapterOptions = {
  readonly mqttUrl: string;
  /** The side whose orchestrator this is: orders go only to vehicles whose control register names it. */
  readonly side: Side;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: Pick<Logger, "debug" | "info" | "warn" | "error">;
  /** First level of every topic (VDA 5050 2.1 section 6.3). */
  readonly interfaceName?: string;
  /** Vehicles known at most; messages of further ones are refused. */
  readonly maxVehicles?: number;
  readonly maxMessageBytes?: number;
  /** How long `start` waits for the broker, in the machine's time. */
  readonly openTimeoutMs?: number;
} & ({ readonly site: Site } | { readonly chart: Chart });

/** A fleet adapter, with the figures that a metrics page wants. */
export interface Vda5050Adapter extends FleetAdapter {
  /** Messages refused since the start. */
  invalidMessages(): number;
}

const TICK_MS = 250;
const INVALID_REPORT_PERIOD_MS = 10_000;
const FACTSHEET_ASK_PERIOD_MS = 30_000;

interface Vehicle {
  readonly vehicleId: VehicleId;
  readonly address: VehicleAddress;
  readonly headers: Record<"order" | "instantActions", () => Header>;
  core: VehicleCore;
  askFactsheetAtMs: number;
}

/**
 * Talks VDA 5050 2.1 over MQTT. Everything that has to be decided is in `core/`; here are the session, the
 * headers and the queue that keeps events in order. Nothing is stored: after a restart the adapter takes over
 * from what the vehicles report.
 */
export function createVda5050Adapter(options: Vda5050AdapterOptions): Vda5050Adapter {
  const { clock, ids, log, side } = options;
  const chart = "chart" in options ? options.chart : chartOf(options.site, side);
  const interfaceName = options.interfaceName ?? DEFAULT_INTERFACE_NAME;
  const maxVehicles = options.maxVehicles ?? 1_000;
  const maxMessageBytes = options.maxMessageBytes ?? 512 * 1024;

  const vehicles = new Map<VehicleId, Vehicle>();
  const records = new Map<VehicleId, VehicleRecord>();
  const listeners = new Set<(event: FleetEvent) => void>();
  const limiter = troubleLimiter(INVALID_REPORT_PERIOD_MS);
  const waiting: (() => void)[] = [];
  let running = false;
  let linkUp = false;
  let invalid = 0;
  let stopTicking: (() => void) | undefined;

  const link: BrokerLink = brokerLink({
    mqttUrl: options.mqttUrl,
    clientId: `baton-${side}-${ids.next()}`,
    topicFilters: ["connection", "state", "factsheet"].map((name) =>
      topicFilter(subtopicOf(name), interfaceName),
    ),
    openTimeoutMs: options.openTimeoutMs ?? 10_000,
    log,
    onMessage: (topic, payload) => inTurn(() => receive(topic, payload)),
    onLink: (up) => {
      linkUp = up;
      log.info({ mqttUrl: options.mqttUrl, up }, "session with the broker");
      inTurn(() => each((vehicle) => run(vehicle, { kind: "link", up, nowMs: clock.nowMs() })));
    },
  });
  return todo();
}
