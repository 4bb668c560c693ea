import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, portFrom } from "../../orchestrator/src/testing/free-port.ts";
import { loadScenario, PROCESS_ENTRIES } from "../../sim/src/index.ts";
import { startMosquitto } from "../provision/mosquitto.ts";
import { startRedis } from "../provision/redis.ts";
import { ROOT } from "../run.ts";
import { type Identity, makeIdentities } from "./identities.ts";
import { siteFolderFor } from "./site-folder.ts";
import { Supervisor } from "./supervisor.ts";
import { zonesFileFor } from "./zones-file.ts";

export const SIDES = ["vn", "cn"] as const;
export type Side = (typeof SIDES)[number];
export type PerSide<T> = Readonly<Record<Side, T>>;

export interface DemoSetup {
  readonly scenario: string;
  /** Where a side's orchestrator reads the site, when it is not the scenario's: the same roads, divided into other zones. */
  readonly siteFolders?: Partial<Record<Side, string>>;
  readonly speed: number;
  /** Where its data and logs live; what an earlier run left there is gone on from. */
  readonly folder: string;
  readonly fresh: boolean;
  readonly verbose: boolean;
  readonly broker: "embedded" | "mosquitto";
  /** `preferred` ports are always the same ones (or the next free ones), `free` are any. */
  readonly ports: "preferred" | "free";
  /** The built twin, or none. */
  readonly twinFolder: string | undefined;
  readonly say: (progress: string) => void;
}

export interface Demo {
  readonly site: string;
  readonly httpUrl: PerSide<string>;
  readonly mqttUrl: PerSide<string>;
  readonly redisUrl: PerSide<string>;
  readonly identities: PerSide<Identity>;
  readonly supervisor: Supervisor;
  stop(): Promise<void>;
}

/** A demo could not be started; the message says why and what to do. */
export class DemoError extends Error {
  override readonly name = "DemoError";
}

const PREFERRED = {
  http: { vn: 8080, cn: 8081 },
  mqtt: { vn: 18831, cn: 18832 },
  redis: { vn: 16379, cn: 16380 },
};
const READY_WITHIN_MS = 60_000;

/** How often the world's time is kept, and how much may have passed since when everything was killed at once. */
const KEEP_CLOCK_MS = 2_000;

interface WorldClock {
  readonly settings: Readonly<Record<string, string>>;
  /** Keeps the time for the last time. */
  stop(): Promise<void>;
}

/**
 * The world's clock stands while the demo is stopped: a later start goes on from the time that was kept, so that no
 * deadline of a mission passes in the night.
 */
async function startClock(folder: string, speed: number): Promise<WorldClock> {
  const file = join(folder, "clock.json");
  const originMs = Date.now();
  const text = await readFile(file, "utf8").catch(() => undefined);
  const kept: unknown = text === undefined ? undefined : JSON.parse(text);
  const isKept =
    typeof kept === "object" && kept !== null && "shownMs" in kept && typeof kept.shownMs === "number";
  const shownMs = isKept ? Number(kept.shownMs) : originMs;
  // Time never runs back, not even after a kill between two writes.
  const keep = (): Promise<void> =>
    writeFile(file, JSON.stringify({ shownMs: shownMs + (Date.now() - originMs + KEEP_CLOCK_MS) * speed }));
  await keep();
  const timer = setInterval(() => void keep(), KEEP_CLOCK_MS);
  return {
    settings: {
      BATON_SPEED: String(speed),
      BATON_CLOCK_ORIGIN_MS: String(originMs),
      BATON_CLOCK_SHOWN_MS: String(shownMs),
    },
    async stop() {
      clearInterval(timer);
      await keep();
    },
  };
}

/** Waits until an orchestrator leads its zone and its ledger answers. */
async function untilReady(url: string, side: Side, logFolder: string): Promise<void> {
  const deadlineMs = Date.now() + READY_WITHIN_MS;
  let detail = "no answer yet";
  while (Date.now() < deadlineMs) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (answer !== undefined) detail = await answer.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new DemoError(
    `the orchestrator of ${side} is not ready after 60 s (${detail}); its log is in ${logFolder}`,
  );
}

/**
 * Starts both sides of the border on this machine with the simulated world: two Redis, two brokers, two
 * orchestrators, vehicles, devices of each side, demand. `REDIS_URL_VN`, `REDIS_URL_CN`, `MQTT_URL_VN`,
 * `MQTT_URL_CN` in the environment replace the embedded parts.
 * @throws {DemoError} or {ProgramMissing}; what was started until then is ended.
 */
export async function startDemo(setup: DemoSetup): Promise<Demo> {
  const { folder, say } = setup;
  if (setup.fresh) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const loaded = await loadScenario(setup.scenario);
  const { site } = loaded;
  const siteFolder = await siteFolderFor(loaded, folder);
  const clock = await startClock(folder, setup.speed);
  const logFolder = join(folder, "logs");
  const supervisor = new Supervisor(logFolder, setup.verbose);
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    await supervisor.end();
    await clock.stop();
    for (const each of stops.splice(0).reverse()) await each();
  };
  const portFor = (kind: keyof typeof PREFERRED, side: Side): Promise<number> =>
    setup.ports === "preferred" ? portFrom(PREFERRED[kind][side]) : freePort();

  const startLedger = async (side: Side): Promise<string> => {
    const given = process.env[`REDIS_URL_${side.toUpperCase()}`];
    if (given !== undefined) return given;
    const redis = await startRedis({
      folder: join(folder, side, "redis"),
      port: await portFor("redis", side),
      durability: "always",
      // At a Ctrl-C the orchestrators end first, which have still something to write.
      apart: true,
    });
    stops.push(() => redis.stop());
    return redis.url;
  };

  const startBroker = async (side: Side): Promise<string> => {
    const given = process.env[`MQTT_URL_${side.toUpperCase()}`];
    if (given !== undefined) return given;
    const port = await portFor("mqtt", side);
    if (setup.broker === "mosquitto") {
      const broker = await startMosquitto(port);
      stops.push(() => broker.stop());
      return broker.url;
    }
    const script = PROCESS_ENTRIES.broker;
    await supervisor.start({ name: `broker-${side}`, script, env: { BATON_MQTT_PORT: String(port) } });
    return `mqtt://127.0.0.1:${port}`;
  };

  try {
    const redisUrl = { vn: await startLedger("vn"), cn: await startLedger("cn") };
    say("Redis of both sides");
    const mqttUrl = { vn: await startBroker("vn"), cn: await startBroker("cn") };
    say("brokers of both sides");

    const identities = await makeIdentities(join(folder, "identities"));
    const vnPort = await portFor("http", "vn");
    let cnPort = await portFor("http", "cn");
    if (cnPort === vnPort) cnPort = await portFrom(vnPort + 1);
    const port = { vn: vnPort, cn: cnPort };
    // Vehicles that speak ROS 2 do so through a rosbridge of the simulated world, one a side.
    const speaksRos = loaded.scenario.fleet.some((vehicle) => vehicle.protocol === "ros2");
    const rosPort = speaksRos ? { vn: await freePort(), cn: await freePort() } : undefined;
    const httpUrl = { vn: `http://127.0.0.1:${vnPort}`, cn: `http://127.0.0.1:${cnPort}` };
    for (const side of SIDES) {
      const partner = side === "vn" ? "cn" : "vn";
      await supervisor.start({
        name: `orchestrator-${side}`,
        script: join(ROOT, "orchestrator/src/main.ts"),
        env: {
          ...clock.settings,
          BATON_SIDE: side,
          BATON_SITE_DIR: setup.siteFolders?.[side] ?? siteFolder,
          REDIS_URL: redisUrl[side],
          MQTT_URL: mqttUrl[side],
          ...(rosPort === undefined ? {} : { BATON_ROS_URL: `ws://127.0.0.1:${rosPort[side]}` }),
          BATON_HTTP_PORT: String(port[side]),
          BATON_PARTNER_URL: httpUrl[partner],
          BATON_SIGNING_KEY_FILE: identities[side].signingKeyFile,
          BATON_PARTNER_KEYS_FILE: identities[side].partnerKeysFile,
          BATON_ACCOUNTS_FILE: identities[side].accountsFile,
          BATON_OTHER_SIDE_VIEW_URL: httpUrl[partner],
          BATON_ALLOWED_ORIGINS: httpUrl[partner],
          BATON_TAPE_DIR: join(folder, side, "tape"),
          BATON_ZONES_FILE: await zonesFileFor(loaded, side, folder),
          ...(setup.twinFolder === undefined ? {} : { BATON_TWIN_DIR: setup.twinFolder }),
        },
      });
    }
    for (const side of SIDES) await untilReady(httpUrl[side], side, logFolder);
    say("orchestrators of both sides");

    const world = {
      ...clock.settings,
      BATON_SCENARIO: setup.scenario,
      BATON_SITE: site.siteId,
      BATON_MQTT_URL_VN: mqttUrl.vn,
      BATON_MQTT_URL_CN: mqttUrl.cn,
      BATON_API_URL_VN: httpUrl.vn,
      BATON_API_URL_CN: httpUrl.cn,
      BATON_API_TOKEN_VN: identities.vn.tokens.engineer,
      BATON_API_TOKEN_CN: identities.cn.tokens.engineer,
    };
    const startWorld = (name: string, script: string, env: Readonly<Record<string, string>>): Promise<void> =>
      supervisor.start({ name, script, env: { ...world, ...env } });
    await startWorld("vehicles", PROCESS_ENTRIES.vehicles, {
      BATON_DATA: join(folder, "vehicles"),
      ...(rosPort === undefined
        ? {}
        : { BATON_ROS_PORT_VN: String(rosPort.vn), BATON_ROS_PORT_CN: String(rosPort.cn) }),
    });
    for (const side of SIDES) {
      await startWorld(`devices-${side}`, PROCESS_ENTRIES.devices, {
        BATON_SIDE: side,
        BATON_DATA: join(folder, side, "devices"),
      });
    }
    if (site.file.handoffPoints.some(({ mode }) => mode === "container-transfers"))
      await startWorld("line-crane", PROCESS_ENTRIES.lineCrane, { BATON_DATA: join(folder, "line-crane") });
    await startWorld("demand", PROCESS_ENTRIES.demand, { BATON_DATA: join(folder, "demand") });
    say("vehicles, devices, demand");

    return { site: site.siteId, httpUrl, mqttUrl, redisUrl, identities, supervisor, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
