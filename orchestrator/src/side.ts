import { randomBytes } from "node:crypto";
import {
  createRos2Adapter,
  createVda5050Adapter,
  mixedFleet,
  mqttLinks,
  type OpenRos,
  rclnodejs,
  rosbridge,
  uuidIds,
  vendorsFrom,
  wallClock,
  zoneSetsFrom,
} from "@baton/fleet-adapter";
import { type Borders, otherSide, type Site, type VehicleClassId, type ZoneId } from "@baton/maps";
import type { FastifyInstance } from "fastify";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import { accountsFrom } from "./accounts/accounts.ts";
import { createIdentityProvider } from "./accounts/oidc.ts";
import { createAlarmStore } from "./alarms/alarm-store.ts";
import { createDesk } from "./api/control-desk.ts";
import { createFeedHub, encodeControlFrame } from "./api/feed-hub.ts";
import { createFeedPublisher } from "./api/feed-publisher.ts";
import { lineCraneViews } from "./api/line-crane-views.ts";
import { createServer } from "./api/server.ts";
import type { ServerOptions } from "./api/server-options.ts";
import { siteViewOf } from "./api/site-view.ts";
import { createAuditLog } from "./audit/audit-log.ts";
import type { Config } from "./config.ts";
import { createLinkedDevices } from "./gate/linked-devices.ts";
import { keyRingFrom, renewKeys } from "./handoff/key-set.ts";
import { createLinkedTransferDevices } from "./handoff/linked-transfer-devices.ts";
import { registryOf } from "./metrics.ts";
import type { Procedure } from "./mission/procedure.ts";
import { orderCancelled } from "./order-cancelled.ts";
import { openPartner } from "./partner/open-partner.ts";
import { sharingPolicyFrom } from "./partner/sharing-policy.ts";
import { createRedisLedger } from "./reservation/ledger/redis-ledger.ts";
import { createProcessLink } from "./reservation/zones/process/process-link.ts";
import type { ZoneLink } from "./reservation/zones/zone-link.ts";
import { groundOf, openRooms, transferDevicesOf } from "./rooms.ts";
import { stateAsked } from "./state-asked.ts";
import { openTape } from "./tape/tape.ts";
import { isKeptGround } from "./watch/kept-ground.ts";
import { LEDGER_ALARM } from "./watch/trouble-alarms.ts";
import { closeZonesWithGround } from "./watch/zone-closures.ts";

const TAPE_LOOK_MS = 60_000;
const ALARMS_KEPT_EVERY_MS = 500;

export interface SideInputs {
  readonly config: Config;
  readonly site: Site;
  readonly procedures: readonly Procedure[];
  readonly signingKey: unknown;
  readonly partnerKeys: unknown;
  readonly accounts: unknown;
  /** What leaves this side for the partner; everything that a manifest can have if it is empty. */
  readonly sharingPolicy: unknown;
  /** Vehicles that deviate from the standard, and how; an empty list for none. */
  readonly vendors: unknown;
  /** Zones of this side's map, for vehicles of VDA 5050 3.0; an empty list for none. */
  readonly zones: unknown;
  readonly log: Logger;
}

export interface RunningSide {
  readonly server: FastifyInstance;
  /** Resolves when the side is at work (or was stopped before); rejects when it cannot begin, e.g. without its broker. */
  readonly begun: Promise<void>;
  /** Takes over what the key files say now; answers the id of the key that signs. Throws when they are not key files. */
  renewKeys(signingKey: unknown, partnerKeys: unknown): string;
  stop(): Promise<void>;
}

/**
 * One side's orchestrator, put together: the only place that knows all rooms. It answers HTTP at once
 * (`/readyz` says 503 until it leads its zone), waits for Redis as long as it takes, and then begins to work.
 * @throws {ConfigError} when the site has no zone for the side, or a key or account file is not one.
 */
export async function startSide(inputs: SideInputs): Promise<RunningSide> {
  const { config, site, procedures, log } = inputs;
  const side = config.BATON_SIDE;
  const { zoneId, vehicleClass } = groundOf(site, side);
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
  const ledger = createRedisLedger({
    url: config.BATON_LEDGER_URL ?? config.REDIS_URL,
    zoneId: zoneId as ZoneId,
    answerWithinMs: config.BATON_LEDGER_ANSWER_MS,
    waitReplicas: config.BATON_LEDGER_REPLICAS,
  });
  const openLink = mqttLinks({ url: config.MQTT_URL });
  const zoneSets = zoneSetsFrom(inputs.zones, site.file.sides[side].mapId);
  const vda = createVda5050Adapter({
    zoneSets,
    openLink,
    site,
    side,
    clock,
    timers: clock,
    ids,
    log: room("fleet"),
    vendors: vendorsFrom(inputs.vendors),
    maxVehicles: config.BATON_MAX_VEHICLES,
  });
  const openRos = rosOf(config);
  const fleet =
    openRos === undefined
      ? vda
      : mixedFleet({
          fleets: [
            vda,
            createRos2Adapter({
              openRos,
              site,
              side,
              clock,
              timers: clock,
              log: room("fleet"),
              maxVehicles: config.BATON_MAX_VEHICLES,
            }),
          ],
          clock,
          timers: clock,
          log: room("fleet"),
        });
  const devices = createLinkedDevices({
    openLink,
    siteId: site.siteId,
    side,
    clientId: `baton-${side}-gate-${ids.next()}`,
    clock,
    timers: clock,
  });

  const deviceAt = transferDevicesOf(site);
  const transfers =
    deviceAt.size === 0
      ? undefined
      : createLinkedTransferDevices({
          openLink,
          siteId: site.siteId,
          side,
          clientId: `baton-${side}-line-${ids.next()}`,
          deviceAt,
        });

  // Of a side with several zones each runs in a process of its own, so that one that ends does not stop the others.
  const linkTo = (ofZone: ZoneId, borders: Borders): ZoneLink =>
    createProcessLink({
      config: {
        siteDirectory: config.BATON_SITE_DIR,
        side,
        vehicleClassId: vehicleClass.vehicleClassId as VehicleClassId,
        borders: {
          zones: [...borders.zones],
          borders: borders.borders.map(({ placeNodeId, edgeIds }) => ({
            placeNodeId,
            ...(edgeIds === undefined ? {} : { edgeIds: [...edgeIds] }),
          })),
        },
        zoneId: ofZone,
        redisUrl: config.BATON_LEDGER_URL ?? config.REDIS_URL,
        waitReplicas: config.BATON_LEDGER_REPLICAS,
        answerWithinMs: config.BATON_LEDGER_ANSWER_MS,
        keepTicks: config.BATON_KEEP_TICKS,
        tickMs: config.BATON_TICK_MS,
        clock: {
          speed: config.BATON_SPEED,
          originMs: config.BATON_CLOCK_ORIGIN_MS,
          shownMs: config.BATON_CLOCK_SHOWN_MS ?? config.BATON_CLOCK_ORIGIN_MS,
        },
      },
      timers: wallClock({ speed: 1 }),
      log: room("zones"),
    });

  const alarmStore = createAlarmStore({ redis, zoneId, nowMs: () => clock.nowMs() });
  const ring = keyRingFrom(side, inputs.signingKey, inputs.partnerKeys);
  const sharing = sharingPolicyFrom(inputs.sharingPolicy);
  const rooms = openRooms({
    side,
    site,
    procedures,
    keys: ring,
    sharing,
    tickMs: config.BATON_TICK_MS,
    keepTicks: config.BATON_KEEP_TICKS,
    witnessMs: config.BATON_WITNESS_MS,
    footing: {
      clock,
      ids,
      redis,
      ledger,
      fleet,
      devices,
      ...(transfers === undefined ? {} : { transfers }),
      linkTo,
      partner: { url: config.BATON_PARTNER_URL },
    },
    log,
    onMission(mission) {
      publisher.missionChanged(mission);
      partner.missionChanged(mission);
    },
    onDevice: (device) => publisher.deviceChanged(device),
    onAlarm(alarm) {
      publisher.alarmChanged(alarm);
      alarmStore.note(alarm);
    },
    onAlarmForgotten: (alarm) => alarmStore.note(alarm),
    recallAlarms: () => alarmStore.standing(),
  });
  const { network, reservation, missions, handoffs, alarms } = rooms;

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

  // --- the partner
  const partner = openPartner({
    side,
    site,
    zoneId,
    redis,
    clock,
    ids,
    ring,
    handoffs,
    missions: () => missions.views(),
    policy: sharing,
    webhookHosts: [
      new URL(config.BATON_PARTNER_URL).hostname,
      ...config.BATON_WEBHOOK_HOSTS.split(",").filter((host) => host !== ""),
    ],
    isSandbox: config.BATON_PARTNER_SANDBOX === "on",
    logger: room("partner"),
  });

  // --- people
  const hub = createFeedHub();
  const audit = createAuditLog({ redis, zoneId, nowMs: () => clock.nowMs() });

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
    devices: () => missions.devices(),
    closedStations: () => missions.closedStations(),
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
    siteView: siteViewOf(site, side, network, zoneSets, feeds),
    missions,
    alarms,
    alarmStore,
    nowMs: () => clock.nowMs(),
    handoffs,
    lineCranes: lineCraneViews(site, rooms.lineCranes),
    reservation,
    fleet,
    vehicles: () => publisher.vehicles(),
    edgeIdOf: (text) => network.moves.edgeIds.find((edgeId) => edgeId === text),
    isKeptGround,
    nextId: () => ids.next(),
    askState: (vehicleId) => stateAsked({ fleet, timers: clock, nextId: () => ids.next() }, vehicleId),
    cancelOrder: (vehicleId) => orderCancelled({ fleet, timers: clock }, vehicleId),
    hasAllTold: rooms.hasAllTold,
    isStoreReachable: () => redis.status === "ready",
  });

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

  const tape =
    config.BATON_TAPE_DIR === undefined
      ? undefined
      : await openTape({
          directory: config.BATON_TAPE_DIR,
          keepHours: config.BATON_TAPE_HOURS,
          nowMs: () => clock.nowMs(),
          greeting: () => publisher.greeting().map(encodeControlFrame),
          onError: (error) =>
            log.error({ err: error }, "the tape cannot be written; replays will miss this time"),
        });
  const server = await createServer({
    desk,
    accounts: accountsFrom(inputs.accounts),
    audit,
    nowMs: () => clock.nowMs(),
    nextId: () => ids.next(),
    newToken: () => randomBytes(32).toString("base64url"),
    provider: providerOf(config, room("accounts")),
    hub,
    tape,
    greeting: () => publisher.greeting(),
    metrics,
    partnerKeys: partner.keys,
    partnerDeliveries: partner.deliveries,
    partnerRoutes: partner.routes,
    twinFolder: config.BATON_TWIN_DIR,
    allowedOrigins: config.BATON_ALLOWED_ORIGINS.split(",").filter((origin) => origin !== ""),
    log: room("api"),
  });
  await server.listen({ host: config.BATON_HTTP_HOST, port: config.BATON_HTTP_PORT });

  let tick = 0;
  const stops: (() => void)[] = [];
  const begun = rooms.begin().then(async () => {
    if (isStopping) return;
    await partner.start();
    stops.push(clock.every(config.BATON_TICK_MS, () => publisher.tick(++tick)));
    stops.push(closeZonesWithGround({ zoneSets, zones: vda, reservation, timers: clock }));
    stops.push(clock.every(ALARMS_KEPT_EVERY_MS, () => void alarmStore.flush()));
    desk.begun();
    if (tape !== undefined) {
      stops.push(hub.join(tape.socket, []));
      stops.push(clock.every(TAPE_LOOK_MS, () => tape.look()));
    }
    log.info({ site: site.siteId, url: `http://${ownUrl}` }, "at work");
  });

  return {
    server,
    begun,
    renewKeys(signingKey, partnerKeys) {
      renewKeys(ring, side, signingKey, partnerKeys);
      return ring.own.keyId;
    },
    async stop() {
      isStopping = true;
      for (const stop of stops) stop();
      partner.stop();
      await rooms.stop();
      await alarmStore.flush();
      await server.close();
      await tape?.stop();
      ledger.close();
      redis.disconnect();
    },
  };
}

/** The authority's identity provider, where one is set. */
function providerOf(config: Config, log: Logger): ServerOptions["provider"] {
  const { BATON_OIDC_ISSUER: issuer, BATON_OIDC_CLIENT_ID: clientId } = config;
  if (issuer === undefined || clientId === undefined) return undefined;
  const identities = createIdentityProvider(
    {
      issuer,
      audience: config.BATON_OIDC_AUDIENCE ?? clientId,
      roleClaim: config.BATON_OIDC_ROLE_CLAIM,
    },
    (error) => log.warn({ err: error, issuer }, "the identity provider does not answer"),
  );
  return { identities, shown: { issuer, clientId } };
}

/** The way to this side's graph of ROS 2, where one is set. */
function rosOf(config: Config): OpenRos | undefined {
  const { BATON_ROS_URL: url, BATON_ROS_DOMAIN_ID: domainId, BATON_RCLNODEJS_DIR: installedIn } = config;
  if (url !== undefined) return rosbridge({ url });
  if (domainId === undefined) return undefined;
  return rclnodejs({ domainId, ...(installedIn === undefined ? {} : { installedIn }) });
}
