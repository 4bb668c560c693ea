import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Clock,
  mqttLinks,
  type Timers,
  type Vendor,
  wallClock,
  type ZoneSet,
} from "@baton/fleet-adapter";
import { SIDES, type Side, type Site } from "@baton/maps";
import { siteDirectory } from "@baton/maps/files";
import type {
  AlarmView,
  ClosureView,
  CustodyRecordView,
  MissionView,
  TransportOrderRequest,
} from "@baton/orchestrator/contract";
import { orderOf } from "@baton/sim";
import { configFrom } from "../../orchestrator/src/config.ts";
import { loadProcedures } from "../../orchestrator/src/mission/procedure-files.ts";
import { startSide } from "../../orchestrator/src/side.ts";
import { freePort } from "../../orchestrator/src/testing/free-port.ts";
import { type Identity, makeIdentities } from "../../scripts/demo/identities.ts";
import { startRedis } from "../../scripts/provision/redis.ts";
import { apiClient } from "../../sim/src/demand/api-client.ts";
import { startSideDemand } from "../../sim/src/demand/side-demand.ts";
import { startDevices } from "../../sim/src/device/devices.ts";
import { silentLog } from "../../sim/src/process/log.ts";
import { processMemory } from "../../sim/src/process/memory.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { devicesOf } from "../../sim/src/scenario/world.ts";

/**
 * Both sides' orchestrators as they ship, each with a Redis and a broker of its own, and the devices and cranes of the
 * simulated world; no vehicle but those that a test brings, and no order but those that it places.
 */
export interface WholeSides {
  readonly site: Site;
  /** Where each side's API is, or is expected. */
  readonly httpUrl: Readonly<Record<Side, string>>;
  readonly identities: Readonly<Record<Side, Identity>>;
  readonly clock: Clock & Timers;
  /** The side's order of that number, its truck on the way. */
  order(side: Side, number: number): TransportOrderRequest;
  post(side: Side, path: string, body: unknown): Promise<Response>;
  missions(side: Side): Promise<readonly MissionView[]>;
  custody(side: Side): Promise<readonly CustodyRecordView[]>;
  alarms(side: Side): Promise<readonly AlarmView[]>;
  closures(side: Side): Promise<readonly ClosureView[]>;
  remove(side: Side, path: string): Promise<Response>;
  stop(): Promise<void>;
}

export interface WholeSidesSetup {
  readonly brokerUrl: Readonly<Record<Side, string>>;
  readonly vendors: readonly Vendor[];
  /** Sides that somebody else plays. */
  readonly without?: readonly Side[];
  /** Zones of Viet Nam's map. */
  readonly zonesOf?: (site: Site) => readonly ZoneSet[];
  /** How much faster than real time the world runs. */
  readonly speed: number;
}

export async function openWholeSides({
  brokerUrl,
  vendors,
  without = [],
  zonesOf = () => [],
  speed,
}: WholeSidesSetup): Promise<WholeSides> {
  const noOrders = { openOrders: 0, interval: { kind: "constant", valueS: 60, source: "none come" } };
  const standIn = {
    serialNumber: "none",
    home: "vn",
    at: { side: "vn", stationId: "vn.parking-1" },
    batteryPct: 90,
  };
  const { scenario, site } = await loadScenario("first-look", [
    { path: "fleet", value: [standIn] },
    { path: "demand.vn", value: noOrders },
    { path: "demand.cn", value: noOrders },
  ]);
  const folder = await mkdtemp(join(tmpdir(), "baton-whole-sides-"));
  const identities = await makeIdentities(folder);
  const originMs = Date.now();
  const clock = wallClock({ speed, originMs, shownMs: originMs });
  const httpUrl = {
    vn: `http://127.0.0.1:${await freePort()}`,
    cn: `http://127.0.0.1:${await freePort()}`,
  };
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const procedures = await loadProcedures();

  const begin = async (side: Side): Promise<void> => {
    const redis = await startRedis({ durability: "none" });
    stops.push(() => redis.stop());
    const identity: Identity = identities[side];
    const config = configFrom({
      BATON_SIDE: side,
      BATON_SITE_DIR: siteDirectory(site.siteId),
      REDIS_URL: redis.url,
      MQTT_URL: brokerUrl[side],
      BATON_HTTP_PORT: new URL(httpUrl[side]).port,
      BATON_PARTNER_URL: httpUrl[side === "vn" ? "cn" : "vn"],
      BATON_SIGNING_KEY_FILE: identity.signingKeyFile,
      BATON_PARTNER_KEYS_FILE: identity.partnerKeysFile,
      BATON_ACCOUNTS_FILE: identity.accountsFile,
      BATON_SPEED: String(speed),
      BATON_CLOCK_ORIGIN_MS: String(originMs),
      BATON_CLOCK_SHOWN_MS: String(originMs),
    });
    const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, "utf8"));
    const running = await startSide({
      config,
      site,
      procedures,
      signingKey: await json(config.BATON_SIGNING_KEY_FILE),
      partnerKeys: await json(config.BATON_PARTNER_KEYS_FILE),
      accounts: await json(config.BATON_ACCOUNTS_FILE),
      sharingPolicy: {},
      vendors,
      zones: side === "vn" ? zonesOf(site) : [],
      log: silentLog,
    });
    stops.push(() => running.stop());
    await running.begun;
    const common = {
      side,
      openLink: mqttLinks({ url: brokerUrl[side] }),
      clock,
      memory: processMemory(),
      log: silentLog,
    };
    const models = devicesOf(scenario, site, side);
    const devices = startDevices({ ...common, siteId: site.siteId, seed: scenario.seed, models });
    stops.push(() => devices.stop());
    const api = apiClient(httpUrl[side], identity.tokens.engineer);
    const trucks = startSideDemand({ ...common, scenario, api });
    stops.push(() => trucks.stop());
  };
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    for (const side of SIDES) if (!without.includes(side)) await begin(side);
  } catch (error) {
    await stop();
    throw error;
  }

  const ask = (side: Side, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${httpUrl[side]}/api/v1${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${identities[side].tokens.engineer}`,
        ...(init.body === undefined ? {} : { "content-type": "application/json" }),
      },
    });
  const get = async <T>(side: Side, path: string): Promise<T> => {
    const answer = await ask(side, path);
    if (!answer.ok) throw new Error(`GET ${path} of ${side}: ${answer.status} ${await answer.text()}`);
    const body: T = await answer.json();
    return body;
  };
  return {
    site,
    httpUrl,
    identities,
    clock,
    order: (side, number) => orderOf(scenario, side, number),
    post: (side, path, body) => ask(side, path, { method: "POST", body: JSON.stringify(body) }),
    missions: (side) => get(side, "/missions"),
    custody: (side) => get(side, "/custody"),
    alarms: (side) => get(side, "/alarms"),
    closures: (side) => get(side, "/closures"),
    remove: (side, path) => ask(side, path, { method: "DELETE" }),
    stop,
  };
}
