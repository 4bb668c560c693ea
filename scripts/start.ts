/**
 * `npm start`: both sides of the border on this machine, with the simulated world and the twin.
 * Two Redis, two brokers, two orchestrators, vehicles, devices of each side, demand.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { siteDirectory } from "../maps/src/files.ts";
import { loadScenario } from "../sim/src/index.ts";
import { buildTwin } from "./build-twin.ts";
import { makeIdentities } from "./demo/identities.ts";
import { optionsFrom } from "./demo/options.ts";
import { Supervisor } from "./demo/supervisor.ts";
import { portFrom } from "./provision/child.ts";
import { ProgramMissing, provide, REDIS } from "./provision/debian.ts";
import { type RunningRedis, startRedis } from "./provision/redis.ts";
import { ROOT } from "./run.ts";

const SIDES = ["vn", "cn"] as const;
const PREFERRED = {
  http: { vn: 8080, cn: 8081 },
  mqtt: { vn: 18831, cn: 18832 },
  redis: { vn: 16379, cn: 16380 },
};

const startedAtMs = Date.now();
const say = (text: string): void => {
  process.stderr.write(
    `${text.padEnd(64)} ${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s\n`,
  );
};

const options = optionsFrom(process.argv.slice(2));
if (typeof options === "string") {
  console.error(options);
  process.exit(2);
}

const scenario = await loadScenario(options.scenario).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
const folder = join(ROOT, ".baton", options.scenario);
if (options.fresh) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true, mode: 0o700 });

/** The world's clock goes on where an earlier run left it, at the same speed. */
async function clockOrigin(speed: number): Promise<number> {
  const file = join(folder, "clock.json");
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) {
    const clock: unknown = JSON.parse(kept);
    if (typeof clock === "object" && clock !== null && "speed" in clock && "originMs" in clock) {
      if (clock.speed === speed && typeof clock.originMs === "number") return clock.originMs;
      console.error(
        `An earlier run of this scenario ran at speed ${clock.speed}. Start with --speed ${clock.speed}, or afresh with --fresh.`,
      );
      process.exit(2);
    }
  }
  const originMs = Date.now();
  await writeFile(file, JSON.stringify({ speed, originMs }));
  return originMs;
}
const originMs = await clockOrigin(options.speed);

const stops: (() => Promise<void>)[] = [];
const supervisor = new Supervisor(join(folder, "logs"), options.verbose);
let ending = false;
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  process.stderr.write("\nending …\n");
  await supervisor.end();
  for (const stop of stops.reverse()) await stop();
  process.exit(code);
}
process.on("SIGINT", () => void end(0));
process.on("SIGTERM", () => void end(0));
process.on("SIGHUP", () => void end(0));

try {
  await provide(REDIS);
  const redisUrl: Record<(typeof SIDES)[number], string> = { vn: "", cn: "" };
  for (const side of SIDES) {
    const given = process.env[`REDIS_URL_${side.toUpperCase()}`];
    if (given !== undefined) {
      redisUrl[side] = given;
      continue;
    }
    const redis: RunningRedis = await startRedis({
      folder: join(folder, side, "redis"),
      port: await portFrom(PREFERRED.redis[side]),
      durability: "always",
    });
    stops.push(() => redis.stop());
    redisUrl[side] = redis.url;
  }
  say("Redis of both sides");

  const twinFolder = await buildTwin();
  say("twin");

  const identities = await makeIdentities(join(folder, "identities"));
  const mqttUrl: Record<(typeof SIDES)[number], string> = { vn: "", cn: "" };
  for (const side of SIDES) {
    const given = process.env[`MQTT_URL_${side.toUpperCase()}`];
    if (given !== undefined) {
      mqttUrl[side] = given;
      continue;
    }
    const port = await portFrom(PREFERRED.mqtt[side]);
    await supervisor.start({
      name: `broker-${side}`,
      script: join(ROOT, "sim/src/broker/main.ts"),
      env: { BATON_MQTT_PORT: String(port) },
    });
    mqttUrl[side] = `mqtt://127.0.0.1:${port}`;
  }
  say("brokers of both sides");

  const httpPort = { vn: await portFrom(PREFERRED.http.vn), cn: 0 };
  httpPort.cn = await portFrom(Math.max(PREFERRED.http.cn, httpPort.vn + 1));
  const httpUrl = { vn: `http://127.0.0.1:${httpPort.vn}`, cn: `http://127.0.0.1:${httpPort.cn}` };
  const clock = { BATON_SPEED: String(options.speed), BATON_CLOCK_ORIGIN_MS: String(originMs) };
  for (const side of SIDES) {
    const other = side === "vn" ? "cn" : "vn";
    await supervisor.start({
      name: `orchestrator-${side}`,
      script: join(ROOT, "orchestrator/src/main.ts"),
      env: {
        ...clock,
        BATON_SIDE: side,
        BATON_SITE_DIR: siteDirectory(scenario.site),
        REDIS_URL: redisUrl[side],
        MQTT_URL: mqttUrl[side],
        BATON_HTTP_PORT: String(httpPort[side]),
        BATON_PARTNER_URL: httpUrl[other],
        BATON_SIGNING_KEY_FILE: identities[side].signingKeyFile,
        BATON_PARTNER_KEYS_FILE: identities[side].partnerKeysFile,
        BATON_ACCOUNTS_FILE: identities[side].accountsFile,
        BATON_TWIN_DIR: twinFolder,
        BATON_OTHER_SIDE_VIEW_URL: httpUrl[other],
        BATON_ALLOWED_ORIGINS: httpUrl[other],
      },
    });
  }
  for (const side of SIDES) await untilReady(httpUrl[side], side);
  say("orchestrators of both sides");

  const world = {
    ...clock,
    BATON_SCENARIO: options.scenario,
    BATON_SITE: scenario.site,
    BATON_MQTT_URL_VN: mqttUrl.vn,
    BATON_MQTT_URL_CN: mqttUrl.cn,
    BATON_API_URL_VN: httpUrl.vn,
    BATON_API_URL_CN: httpUrl.cn,
    BATON_API_TOKEN_VN: identities.vn.tokens.engineer,
    BATON_API_TOKEN_CN: identities.cn.tokens.engineer,
  };
  await supervisor.start({
    name: "vehicles",
    script: join(ROOT, "sim/src/vehicle/main.ts"),
    env: { ...world, BATON_DATA: join(folder, "vehicles") },
  });
  for (const side of SIDES) {
    await supervisor.start({
      name: `devices-${side}`,
      script: join(ROOT, "sim/src/device/main.ts"),
      env: { ...world, BATON_SIDE: side, BATON_DATA: join(folder, side, "devices") },
    });
  }
  await supervisor.start({
    name: "demand",
    script: join(ROOT, "sim/src/demand/main.ts"),
    env: { ...world, BATON_DATA: join(folder, "demand") },
  });
  say("vehicles, devices, demand");

  const pids = [...supervisor.pids()].map(([name, pid]) => `${name} ${pid}`).join(" · ");
  await writeFile(
    join(folder, "demo.json"),
    JSON.stringify({
      httpUrl,
      mqttUrl,
      redisUrl,
      tokens: { vn: identities.vn.tokens, cn: identities.cn.tokens },
      pids: Object.fromEntries(supervisor.pids()),
    }),
    { mode: 0o600 },
  );
  console.log(`
Baton is up: ${scenario.site}, scenario ${options.scenario}, speed ${options.speed}

  Twin, Viet Nam's control room   ${httpUrl.vn}/?token=${identities.vn.tokens.operator}
  Twin, China's control room      ${httpUrl.cn}/?token=${identities.cn.tokens.operator}
  API reference                   ${httpUrl.vn}/docs   ${httpUrl.cn}/docs
  Logs                            ${join(".baton", options.scenario, "logs")}
  Processes                       ${pids}

Ctrl-C ends all of it. A later start goes on from here; --fresh starts afresh.`);
} catch (error) {
  console.error(error instanceof ProgramMissing ? error.message : error);
  await end(1);
}

/** Waits until an orchestrator leads its zone and its ledger answers. */
async function untilReady(url: string, side: string): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  let detail = "no answer yet";
  while (Date.now() < deadlineMs) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (answer !== undefined) detail = await answer.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `the orchestrator of ${side} is not ready after 60 s (${detail}); its log is in ${join(folder, "logs")}`,
  );
}
