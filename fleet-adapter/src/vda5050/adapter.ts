import type { Side, Site } from "@baton/maps";
import type { Logger } from "pino";
import type { Chart } from "../chart/chart.ts";
import { chartOf } from "../chart/chart-of-site.ts";
import { troubleLimiter } from "../delivery/trouble-limiter.ts";
import type { MessageLink, OpenLink } from "../link/link.ts";
import { actionIdOf, type VehicleAddress, vehicleAddressOf, vehicleIdOf } from "../names.ts";
import type { ConnectionState, FleetAdapter, FleetEvent, VehicleId, VehicleRecord } from "../port.ts";
import { remember } from "../records.ts";
import type { Clock, Ids, Timers } from "../time.ts";
import { turns } from "../turns.ts";
import type { Codec } from "./codec/codec.ts";
import { DEFAULT_CODEC } from "./codec/codecs.ts";
import type { CoreContext } from "./core/order-messages.ts";
import { step } from "./core/step.ts";
import {
  awaitsTime,
  type CoreEffect,
  type CoreEvent,
  newVehicle,
  type VehicleCore,
} from "./core/vehicle-core.ts";
import { factsheetOf } from "./factsheet.ts";
import { headerCounter, orderBytes } from "./header-counter.ts";
import { type Inbound, readInbound } from "./inbound.ts";
import type { ConnectionNews } from "./model/report.ts";
import type { ZoneName, ZoneSet } from "./model/zone-set.ts";
import { codecsOfVendors } from "./quirks/quirky-codec.ts";
import { type Vendor, vendorOf } from "./quirks/vendor.ts";
import {
  DEFAULT_INTERFACE_NAMES,
  type Header,
  type Subtopic,
  TOPIC_VERSIONS,
  topicFilter,
  topicOf,
} from "./wire/index.ts";
import { zoneDesk } from "./zone-desk.ts";

export type Vda5050AdapterOptions = {
  /** To this side's broker. */
  readonly openLink: OpenLink;
  /** The side whose orchestrator this is: orders go only to vehicles whose control register names it. */
  readonly side: Side;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly log: Pick<Logger, "debug" | "info" | "warn" | "error">;
  /** First level of every topic (VDA 5050 2.1 section 6.3, 3.0 section 4.2): `uagv` in 2.x, `vda5050` in 3.0, if not given. */
  readonly interfaceName?: string;
  /** Vehicles known at most; messages of further ones are refused. */
  readonly maxVehicles?: number;
  readonly maxMessageBytes?: number;
  /** What is known of vehicles that deviate from the standard. */
  readonly vendors?: readonly Vendor[];
  /** Zones of this side's map, for vehicles that know zones (3.0). */
  readonly zoneSets?: readonly ZoneSet[];
  /** How often what has to be repeated is looked at, milliseconds. */
  readonly tickMs?: number;
} & ({ readonly site: Site } | { readonly chart: Chart });

/** A fleet adapter, with the figures that a metrics page wants. */
export interface Vda5050Adapter extends FleetAdapter {
  /**
   * The `RELEASE` zones (3.0 section 6.4.3) that are closed from now on: nobody is let in, and a grant that somebody has is
   * taken back; the zone stays held until that vehicle shows that it is out.
   */
  closeZones(zones: readonly ZoneName[]): void;
  /** Messages refused since the start. */
  invalidMessages(): number;
}

const TICK_MS = 250;
const INVALID_REPORT_PERIOD_MS = 10_000;
const FACTSHEET_ASK_PERIOD_MS = 30_000;

const INBOUND = ["connection", "state", "factsheet"] as const;
const CONNECTIONS = {
  ONLINE: "online",
  OFFLINE: "offline",
  HIBERNATING: "asleep",
  CONNECTION_BROKEN: "broken",
} as const satisfies Record<ConnectionNews["connection"], ConnectionState>;

type Outbound = Extract<Subtopic, "order" | "instantActions" | "zoneSet" | "responses">;

interface Vehicle {
  readonly vehicleId: VehicleId;
  readonly address: VehicleAddress;
  readonly headers: Readonly<Record<Outbound, (version: string) => Header>>;
  readonly context: CoreContext;
  /** The version that it speaks, as its newest message shows. */
  codec: Codec;
  core: VehicleCore;
  /** Whether anything can come of time alone: a vehicle that waits for nothing is left in peace. */
  isRestless: boolean;
  askFactsheetAtMs: number;
}

/**
 * Talks VDA 5050 over a broker, 2.0, 2.1 and 3.0 side by side. Everything that has to be decided is in `core/`; here are the session, the
 * headers and the queue that keeps events in order. Nothing is stored: after a restart the adapter takes over
 * from what the vehicles report.
 */
export function createVda5050Adapter(options: Vda5050AdapterOptions): Vda5050Adapter {
  const { clock, ids, log, side } = options;
  const chart = "chart" in options ? options.chart : chartOf(options.site, side);
  const interfaceNames =
    options.interfaceName === undefined
      ? DEFAULT_INTERFACE_NAMES
      : { v2: options.interfaceName, v3: options.interfaceName };
  const { vendors = [], maxMessageBytes = 512 * 1024 } = options;
  const codecFor = codecsOfVendors((vehicle) => vendorOf(vendors, vehicle));
  const limits = { interfaceNames, maxMessageBytes, codecFor };
  const maxVehicles = options.maxVehicles ?? 1_000;

  const vehicles = new Map<VehicleId, Vehicle>();
  const records = new Map<VehicleId, VehicleRecord>();
  const listeners = new Set<(event: FleetEvent) => void>();
  const limiter = troubleLimiter(INVALID_REPORT_PERIOD_MS);
  const inTurn = turns((error) => log.error({ err: error }, "an event could not be handled"));
  let linkUp = false;
  let invalidMessages = 0;
  let stopTicking: (() => void) | undefined;
  let link: MessageLink | undefined;

  const clientId = `baton-${side}-${ids.next()}`;
  const open = (): MessageLink => {
    const said = (up: boolean): void => {
      linkUp = up;
      log.info({ up }, "session with the broker");
      toAll({ kind: "link", up, nowMs: clock.nowMs() });
    };
    return options.openLink({
      clientId,
      // `connection` is sent at QoS 1 (section 6.2), the others at QoS 0: the lower of the two counts.
      subscriptions: TOPIC_VERSIONS.flatMap((version) =>
        INBOUND.map((subtopic) => topicFilter(subtopic, version, interfaceNames[version])),
      ),
      onOpen: () => said(true),
      onClose: () => said(false),
      onMessage: (topic, payload, isStored) =>
        inTurn(() => receive(topic, readInbound(topic, payload, limits), isStored)),
      onTrouble: (detail) => log.warn({ detail }, "trouble with the broker"),
    });
  };

  const tell = (event: FleetEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error({ err: error, event: event.kind }, "a listener failed");
      }
    }
  };

  const addVehicle = (vehicleId: VehicleId, address: VehicleAddress): Vehicle => {
    const vehicle: Vehicle = {
      vehicleId,
      address,
      headers: {
        order: headerCounter(clock, address),
        instantActions: headerCounter(clock, address),
        zoneSet: headerCounter(clock, address),
        responses: headerCounter(clock, address),
      },
      context: {
        vehicleId,
        side,
        chart,
        orderBytes: (body) => orderBytes(vehicle.codec, vehicle.address, body),
      },
      codec: DEFAULT_CODEC,
      core: newVehicle(linkUp),
      isRestless: true,
      askFactsheetAtMs: Number.NEGATIVE_INFINITY,
    };
    vehicles.set(vehicleId, vehicle);
    return vehicle;
  };

  const send = ({ address, codec, headers }: Vehicle, subtopic: Outbound, body: object): void => {
    const { topicVersion, version } = codec;
    const topic = topicOf(address, subtopic, topicVersion, interfaceNames[topicVersion]);
    link?.publish(topic, { ...headers[subtopic](version), ...body });
  };

  const perform = (vehicle: Vehicle, effect: CoreEffect): void => {
    switch (effect.kind) {
      case "publishOrder":
        send(vehicle, "order", vehicle.codec.writeOrder(effect.body));
        break;
      case "publishInstantActions":
        send(vehicle, "instantActions", vehicle.codec.writeInstantActions(effect.actions));
        break;
      case "tell":
        remember(records, effect.event);
        tell(effect.event);
        break;
    }
  };

  const zones = zoneDesk(options.zoneSets ?? [], ids, {
    responses: (vehicleId, responses) =>
      toVersionWithZones(vehicleId, "responses", (codec) => codec.writeResponses(responses)),
    zoneSet: (vehicleId, zoneSet) =>
      toVersionWithZones(vehicleId, "zoneSet", (codec) => codec.writeZoneSet(zoneSet)),
    enableZoneSet: (vehicleId, zoneSetId, actionId) => {
      const actionParameters = [{ key: "zoneSetId", value: zoneSetId }];
      const action = {
        actionType: "enableZoneSet",
        actionId,
        blockingType: "NONE",
        actionParameters,
      } as const;
      toVersionWithZones(vehicleId, "instantActions", (codec) => codec.writeInstantActions([action]));
    },
  });

  const toVersionWithZones = (
    vehicleId: VehicleId,
    subtopic: Outbound,
    write: (codec: Codec) => object | undefined,
  ): void => {
    const vehicle = vehicles.get(vehicleId);
    const body = vehicle === undefined || !linkUp ? undefined : write(vehicle.codec);
    if (vehicle !== undefined && body !== undefined) send(vehicle, subtopic, body);
  };

  const run = (vehicle: Vehicle, event: CoreEvent): void => {
    const [core, effects] = step(vehicle.context, vehicle.core, event);
    vehicle.isRestless = awaitsTime(core);
    vehicle.core = core;
    for (const effect of effects) perform(vehicle, effect);
  };

  const toAll = (event: CoreEvent): void => {
    for (const vehicle of vehicles.values()) inTurn(() => run(vehicle, event));
  };

  const tick = (): void => {
    const event = { kind: "tick", nowMs: clock.nowMs() } as const;
    for (const vehicle of vehicles.values()) if (vehicle.isRestless) inTurn(() => run(vehicle, event));
  };

  const refuse = (
    topic: string,
    vehicleId: VehicleId | undefined,
    reason: string,
    code: "invalid-message" | "too-many-vehicles" = "invalid-message",
  ): void => {
    invalidMessages += 1;
    const nowMs = clock.nowMs();
    const count = limiter.report(`${vehicleId ?? "unknown"} ${reason}`, nowMs);
    if (count === undefined) return;
    const detail = `${topic} ${reason}${count > 1 ? ` (${count} such messages)` : ""}`;
    log.warn({ topic, code, reason, count }, "message refused");
    tell({ kind: "trouble", vehicleId, code, detail, atMs: nowMs });
  };

  /** The same text each time, so that whoever looks it up need not compare it letter by letter. */
  const idsByAddress = new WeakMap<VehicleAddress, VehicleId>();
  const idOf = (from: VehicleAddress): VehicleId => {
    const vehicleId = idsByAddress.get(from) ?? vehicleIdOf(from);
    idsByAddress.set(from, vehicleId);
    return vehicleId;
  };

  const receive = (topic: string, inbound: Inbound, isStored: boolean): void => {
    if (inbound.kind === "elsewhere") return;
    if (inbound.kind === "invalid") {
      const named = inbound.from === undefined ? undefined : vehicleIdOf(inbound.from);
      refuse(topic, named !== undefined && records.has(named) ? named : undefined, inbound.reason);
      return;
    }
    // Where a vehicle once was, says nothing of where it is: a broker that started again may have kept hours.
    if (inbound.kind === "state" && isStored) return;
    const nowMs = clock.nowMs();
    const vehicleId = idOf(inbound.from);
    const known = records.get(vehicleId);
    if (known === undefined && records.size >= maxVehicles) {
      const reason = `is of one vehicle too many: ${maxVehicles} are known, and as many are taken notice of`;
      refuse(topic, undefined, reason, "too-many-vehicles");
      return;
    }
    const vehicle = vehicles.get(vehicleId) ?? addVehicle(vehicleId, inbound.from);
    records.set(vehicleId, {
      ...(known ?? { vehicleId, connection: "offline", factsheet: undefined, state: undefined }),
      // What the broker has kept comes with every session again, whether or not the vehicle still speaks.
      heardAtMs: isStored ? (known?.heardAtMs ?? nowMs) : nowMs,
    });
    switch (inbound.kind) {
      case "connection": {
        // A vehicle that was taught another version leaves a retained word behind in the one before.
        if (vehicle.core.seen !== undefined && inbound.codec.topicVersion !== vehicle.codec.topicVersion)
          break;
        vehicle.codec = inbound.codec;
        const connection = CONNECTIONS[inbound.news.connection];
        run(vehicle, { kind: "connection", connection, nowMs });
        break;
      }
      case "state":
        vehicle.codec = inbound.codec;
        run(vehicle, { kind: "state", state: inbound.report, nowMs });
        // An old state, which the core has dropped, says nothing of who has left a zone.
        if (inbound.codec.topicVersion === "v3" && vehicle.core.seen === inbound.report) {
          zones.take(vehicleId, inbound.report, vehicle.core.sheet, nowMs);
        }
        break;
      case "factsheet": {
        run(vehicle, { kind: "factsheet", sheet: inbound.sheet, nowMs });
        perform(vehicle, {
          kind: "tell",
          event: { kind: "factsheet", vehicleId, factsheet: factsheetOf(inbound.sheet, vehicle.context) },
        });
        break;
      }
    }
    askForFactsheet(vehicle, nowMs);
  };

  /** A vehicle that is there and has not said what it is, is asked (VDA 5050 2.1 section 6.15). */
  const askForFactsheet = (vehicle: Vehicle, nowMs: number): void => {
    const record = records.get(vehicle.vehicleId);
    if (record?.factsheet !== undefined || record?.connection !== "online") return;
    if (nowMs < vehicle.askFactsheetAtMs) return;
    vehicle.askFactsheetAtMs = nowMs + FACTSHEET_ASK_PERIOD_MS;
    const instruction = { kind: "factsheetRequest", actionId: actionIdOf(ids.next()) } as const;
    run(vehicle, { kind: "instruct", instruction, nowMs });
  };

  /** `make` is called when it is this event's turn, with the time of that turn. */
  const command = (vehicleId: VehicleId, make: (nowMs: number) => CoreEvent): void => {
    const address = vehicleAddressOf(vehicleId);
    if (address === undefined) throw new RangeError(`${vehicleId} is not <manufacturer>.<serialNumber>`);
    inTurn(() => run(vehicles.get(vehicleId) ?? addVehicle(vehicleId, address), make(clock.nowMs())));
  };

  const stop = async (): Promise<void> => {
    stopTicking?.();
    stopTicking = undefined;
    const ending = link;
    link = undefined;
    await ending?.end();
  };

  return {
    start: async () => {
      stopTicking ??= options.timers.every(options.tickMs ?? TICK_MS, tick);
      link ??= open();
      try {
        await link.whenOpen();
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drive: (vehicleId, order) => command(vehicleId, (nowMs) => ({ kind: "drive", order, nowMs })),
    cancel: (vehicleId) => command(vehicleId, (nowMs) => ({ kind: "cancel", actionId: ids.next(), nowMs })),
    instruct: (vehicleId, instruction) =>
      command(vehicleId, (nowMs) => ({ kind: "instruct", instruction, nowMs })),
    vehicles: () => records,
    closeZones: (closed) => inTurn(() => zones.close(closed)),
    invalidMessages: () => invalidMessages,
  };
}
