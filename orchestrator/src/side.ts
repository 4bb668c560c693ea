import {
  createVda5050Adapter,
  type FleetEvent,
  uuidIds,
  type VehicleId,
  wallClock,
} from "@baton/fleet-adapter";
import { compileNetwork, otherSide, type Site, type VehicleClassId, type ZoneId } from "@baton/maps";
import type { FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { accountsFrom } from "./accounts/accounts.ts";
import { createAlarmBook } from "./alarms/alarm-book.ts";
import { createDesk } from "./api/control-desk.ts";
import { createFeedHub } from "./api/feed-hub.ts";
import { createFeedPublisher } from "./api/feed-publisher.ts";
import { createServer } from "./api/server.ts";
import { siteViewOf } from "./api/site-view.ts";
import { createAuditLog } from "./audit/audit-log.ts";
import { type Config, ConfigError } from "./config.ts";
import { createMqttDevices } from "./gate/mqtt-devices.ts";
import { keyRingFrom } from "./handoff/key-set.ts";
import { createRedisHandoffStore } from "./handoff/redis-handoff-store.ts";
import { createHandoffs } from "./handoff/service.ts";
import { registryOf } from "./metrics.ts";
import { createMissionControl } from "./mission/mission-control.ts";
import type { Procedure } from "./mission/procedure.ts";
import { redisMissionStore } from "./mission/redis-mission-store.ts";
import { type LeaderId, LedgerUnreachable } from "./reservation/ledger/ledger.ts";
import { createRedisLedger } from "./reservation/ledger/redis-ledger.ts";
import { createOrderWriter } from "./reservation/orders.ts";
import { createReservation } from "./reservation/service.ts";
import { failureAlarms, LEDGER_ALARM, troubleAlarms } from "./trouble-alarms.ts";

export interface SideInputs {
  readonly config: Config;
  readonly site: Site;
  readonly procedures: readonly Procedure[];
  readonly signingKey: unknown;
  readonly partnerKeys: unknown;
  readonly accounts: unknown;
  readonly log: Logger;
}

export interface RunningSide {
  readonly server: FastifyInstance;
  /** Resolves when the side is at work (or was stopped before); rejects when it cannot begin, e.g. without its broker. */
  readonly begun: Promise<void>;
  stop(): Promise<void>;
}

const LEDGER_RETRY_MS = 1_000;
const FAILURES_EVERY_MS = 1_000;

/**
 * One side's orchestrator, put together: the only place that knows all rooms. It answers HTTP at once
 * (`/readyz` says 503 until it leads its zone), waits for Redis as long as it takes, and then begins to work.
 * @throws {ConfigError} when the site has no zone for the side, or a key or account file is not one.
 */
export async function startSide(inputs: SideInputs): Promise<RunningSide> {
  const { config, site, procedures, log } = inputs;
  const side = config.BATON_SIDE;
  const zone = site.file.zones.find((each) => each.side === side);
  const vehicleClass = site.file.vehicleClasses[0];
  if (zone === undefined || vehicleClass === undefined) {
    throw new ConfigError(`BATON_SITE_DIR: site ${site.siteId} has no zone or no vehicle class for ${side}`);
  }
  const clock = wallClock({
    speed: config.BATON_SPEED,
    originMs: config.BATON_CLOCK_ORIGIN_MS,
    shownMs: config.BATON_CLOCK_SHOWN_MS,
  });
  const ids = uuidIds();
  const room = (name: string): Logger => log.child({ room: name });

  let isStopping = false;

  // --- what the side stands on
  const redis = new Redis(config.REDIS_URL, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(2_000, 100 * attempt),
  });
  redis.on("error", () => undefined);
  const network = compileNetwork(site, side, vehicleClass.vehicleClassId as VehicleClassId);
  const ledger = createRedisLedger({ url: config.REDIS_URL, zoneId: zone.zoneId as ZoneId });
  const fleet = createVda5050Adapter({
    mqttUrl: config.MQTT_URL,
    site,
    side,
    clock,
    timers: clock,
    ids,
    log: room("fleet"),
  });
  const devices = createMqttDevices({
    brokerUrl: config.MQTT_URL,
    siteId: site.siteId,
    side,
    clientId: `baton-${side}-gate-${ids.next()}`,
    clock,
    timers: clock,
  });

  // --- the real-time core
  const reservation = createReservation({
    network,
    kinematics: vehicleClass,
    ledger,
    leaderId: ids.next() as LeaderId,
    clock,
    timers: clock,
    log: room("reservation"),
    tickMs: config.BATON_TICK_MS,
  });
  const isOurs = (vehicleId: VehicleId): boolean =>
    fleet.vehicles().get(vehicleId)?.state?.control?.authority === side;
  const orders = createOrderWriter({ network, fleet, mayCommand: isOurs });
  reservation.onCommitted((legs) => orders.write(legs));

  // --- people
  const hub = createFeedHub();
  const alarms = createAlarmBook({
    side,
    nowMs: () => clock.nowMs(),
    onChange: (alarm) => publisher.alarmChanged(alarm),
  });
  // A tick without a change needs no commit, so that the loop alone would notice late that Redis is away.
  redis.on("close", () => {
    if (isStopping) return;
    alarms.raise({
      alarmId: LEDGER_ALARM,
      code: LEDGER_ALARM,
      detail: "Redis does not answer; nothing is granted until it does",
      priority: "critical",
    });
  });
  redis.on("ready", () => alarms.clear(LEDGER_ALARM));
  const audit = createAuditLog({ redis, zoneId: zone.zoneId, nowMs: () => clock.nowMs() });

  // --- the line
  const handoffs = createHandoffs({
    side,
    partnerSide: otherSide(side),
    partnerUrl: config.BATON_PARTNER_URL,
    keys: keyRingFrom(side, inputs.signingKey, inputs.partnerKeys),
    store: createRedisHandoffStore({ redis, zoneId: zone.zoneId }),
    fleet,
    clock,
    timers: clock,
    ids,
    log: room("handoff"),
    account: `${side}-baton`,
    describePoint: (handoffPointId) => {
      const point = site.file.handoffPoints.find((each) => each.handoffPointId === handoffPointId);
      const lane = site.file.sides[side].lanes.find(
        (each) => each.kind === "unmanned" && each.direction === point?.direction,
      );
      return { place: `${site.file.name.en}, ${handoffPointId}`, lane: lane?.laneId ?? handoffPointId };
    },
  });

  // --- missions
  const missions = createMissionControl({
    side,
    site,
    procedures,
    store: redisMissionStore({ redis, zone: zone.zoneId, epoch: () => reservation.metrics().epoch }),
    reservation,
    devices,
    handoffs,
    fleet,
    clock,
    timers: clock,
    ids,
    log: room("mission"),
    alarms,
    onChange: (mission) => publisher.missionChanged(mission),
  });

  const publisher = createFeedPublisher({
    side,
    siteId: site.siteId,
    tickMs: config.BATON_TICK_MS,
    speed: config.BATON_SPEED,
    nowMs: () => clock.nowMs(),
    fleet,
    reservation,
    missions: () => missions.views(),
    alarms: () => alarms.list(),
    borderline: () => desk.borderline(),
    hub,
  });

  const ownUrl = `${config.BATON_HTTP_HOST}:${config.BATON_HTTP_PORT}`;
  const feeds = [{ side, url: `ws://${ownUrl}/api/v1/feed` }];
  if (config.BATON_OTHER_SIDE_VIEW_URL !== undefined) {
    feeds.push({
      side: otherSide(side),
      url: `${config.BATON_OTHER_SIDE_VIEW_URL.replace(/^http/, "ws")}/api/v1/feed`,
    });
  }
  const desk = createDesk({
    side,
    siteView: siteViewOf(site, side, feeds),
    missions,
    alarms,
    handoffs,
    reservation,
    fleet,
    vehicles: () => publisher.vehicles(),
    edgeIdOf: (text) => network.moves.edgeIds.find((edgeId) => edgeId === text),
    nextId: () => ids.next(),
    isStoreReachable: () => redis.status === "ready",
  });

  // --- what one room hears, told to the others
  const hear = (event: FleetEvent): void => {
    if (event.kind !== "state") return;
    const { state } = event;
    if (state.control !== undefined) handoffs.observeRegister(state.vehicleId, state.control);
    if (state.pose !== undefined) {
      const { vehicleId, pose, speedMps, driving, atMs } = state;
      reservation.observe({ vehicleId, pose, speedMps, driving, atMs });
    }
  };
  fleet.subscribe(hear);
  troubleAlarms({ fleet, reservation, handoffs, alarms });
  const failures = failureAlarms(alarms);

  const figures = () => reservation.metrics();
  const metrics = registryOf(side, [
    { name: "baton_ticks", help: "Ticks committed since the start", read: () => figures().ticks },
    {
      name: "baton_tick_overruns",
      help: "Ticks that were due while one was still in work",
      read: () => figures().overruns,
    },
    {
      name: "baton_tick_core_ms_max",
      help: "Longest planning of the last 1,000 ticks, ms",
      read: () => figures().coreMsMax,
    },
    {
      name: "baton_tick_commit_ms_max",
      help: "Longest commit of the last 1,000 ticks, ms",
      read: () => figures().commitMsMax,
    },
    { name: "baton_vehicles", help: "Vehicles on this side's ground", read: () => figures().vehicles },
    { name: "baton_epoch", help: "Fencing epoch of this leader", read: () => figures().epoch },
    { name: "baton_handoffs_open", help: "Hand-offs that are not over", read: () => handoffs.metrics().open },
    {
      name: "baton_fleet_invalid_messages",
      help: "Vehicle messages refused",
      read: () => fleet.invalidMessages(),
    },
    {
      name: "baton_device_invalid_messages",
      help: "Device messages refused",
      read: () => devices.invalidMessages(),
    },
    { name: "baton_viewers", help: "Viewers of the feed", read: () => hub.viewers() },
  ]);

  const server = await createServer({
    desk,
    accounts: accountsFrom(inputs.accounts),
    audit,
    hub,
    greeting: () => publisher.greeting(),
    metrics,
    partnerRoutes: handoffs.routes,
    twinFolder: config.BATON_TWIN_DIR,
    allowedOrigins: config.BATON_ALLOWED_ORIGINS.split(",").filter((origin) => origin !== ""),
    log: room("api"),
  });
  await server.listen({ host: config.BATON_HTTP_HOST, port: config.BATON_HTTP_PORT });

  let tick = 0;
  const stops: (() => Promise<void> | void)[] = [];

  /** Redis may be away at the start: nothing begins without it, and nothing has to be started by hand when it comes. */
  const begin = async (): Promise<void> => {
    while (!isStopping) {
      try {
        await reservation.start();
        break;
      } catch (error) {
        if (!(error instanceof LedgerUnreachable)) throw error;
        log.error(
          { code: "ledger.unreachable", detail: error.message },
          "Redis does not answer; nothing is granted until it does. Check REDIS_URL and that Redis runs.",
        );
        await new Promise((resolve) => setTimeout(resolve, LEDGER_RETRY_MS));
      }
    }
    if (isStopping) return;
    stops.push(() => reservation.stop());
    await fleet.start();
    stops.push(() => fleet.stop());
    await devices.start();
    stops.push(() => devices.stop());
    await handoffs.start();
    stops.push(() => handoffs.stop());
    await missions.start();
    stops.push(() => missions.stop());
    stops.push(clock.every(config.BATON_TICK_MS, () => publisher.tick(++tick)));
    stops.push(clock.every(FAILURES_EVERY_MS, () => failures.look(reservation.outOfUse().failed)));
    desk.begun();
    log.info({ site: site.siteId, url: `http://${ownUrl}` }, "at work");
  };
  const begun = begin();

  return {
    server,
    begun,
    async stop() {
      isStopping = true;
      await begun.catch(() => undefined);
      for (const stop of stops.reverse()) await stop();
      await server.close();
      ledger.close();
      redis.disconnect();
    },
  };
}
