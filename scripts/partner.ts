/** `npm run partner`: the partner kit. Quick start and protocol: docs/partner-api.md. */
import { createPrivateKey, generateKeyPairSync, type JsonWebKey, sign } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mqttLinks } from "../fleet-adapter/src/link/mqtt-link.ts";
import { loadSite, siteDirectory } from "../maps/src/files.ts";
import { startSandbox } from "../orchestrator/src/sandbox.ts";
import { HONEST } from "../sim/src/partner/behaviour.ts";
import { checkConformance } from "../sim/src/partner/conformance.ts";
import { startListener } from "../sim/src/partner/listener.ts";
import { TOY_GROUND } from "../sim/src/partner/pages.ts";
import { roadOf } from "../sim/src/partner/road.ts";
import { type EmulatorServerOptions, startEmulator } from "../sim/src/partner/server.ts";
import type { Jwk, OwnKey } from "../sim/src/partner/signing.ts";
import { commandLine } from "./command-line.ts";
import { startRedis } from "./provision/redis.ts";
import { ROOT } from "./run.ts";

const USAGE = `npm run partner [-- emulator] [--side cn] [--port 9100] [--peer http://127.0.0.1:9080] [--enrol]
               [--broker mqtt://HOST:PORT [--site mini]]
npm run partner -- sandbox [--side vn] [--port 9080] [--partner http://127.0.0.1:9100]
npm run partner -- conformance URL [--side cn] [--key FILE] [--enrol] [--listen 9100]

  emulator     the other country, with its own keys, answers and faults (PUT /emulator/behaviour)
  sandbox      one side of Baton as a partner meets it: hand-offs and partner API, no vehicles; API reference under /docs
  conformance  asks a partner's server whether it speaks the protocol, prints a report, ends with 1 when it does not
  --broker     of the emulated country: it sees its vehicles there (VDA 5050 2.1), and drives those that answer to it
  --site       whose roads it drives on: a committed site, or a folder; as both sides have it
  --listen     where the server under test reaches us, so that what it says of visits is checked too
  --enrol      enrols our key with the server's sandbox first
  --key        a private key that the server knows already (a JWK with a kid), instead of the kit's own`;

const { positionals, values } = commandLine(USAGE, {
  allowPositionals: true,
  options: {
    side: { type: "string" },
    port: { type: "string" },
    peer: { type: "string", default: "http://127.0.0.1:9080" },
    partner: { type: "string", default: "http://127.0.0.1:9100" },
    broker: { type: "string" },
    site: { type: "string", default: "mini" },
    enrol: { type: "boolean", default: false },
    key: { type: "string" },
    listen: { type: "string" },
  },
});
const [command = "emulator", target] = positionals;

type Side = "vn" | "cn";
const sideOr = (otherwise: Side): Side =>
  values.side === "vn" || values.side === "cn" ? values.side : otherwise;

interface KitKey {
  readonly own: OwnKey;
  readonly jwk: Jwk;
  readonly privateJwk: object;
}

function keyFrom(kid: string, privateJwk: JsonWebKey): KitKey {
  const jwk = { kid, kty: "OKP", crv: "Ed25519", x: String(privateJwk.x) };
  const privateKey = createPrivateKey({ key: privateJwk, format: "jwk" });
  return { own: { kid, privateKey }, jwk, privateJwk: { ...privateJwk, kid } };
}

/** A key of this kit, kept from run to run: records that were signed with it stay provable. */
async function keyOf(side: Side, what: string): Promise<KitKey> {
  const folder = join(ROOT, ".baton", "partner");
  const file = join(folder, `${what}-${side}.key.json`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = await readFile(file, "utf8").catch(() => undefined);
  const privateJwk =
    kept === undefined
      ? generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })
      : JSON.parse(kept);
  if (kept === undefined) await writeFile(file, JSON.stringify(privateJwk), { mode: 0o600 });
  return keyFrom(`${side}-${what}`, privateJwk);
}

/** The key that the command line names, or else the kit's own. */
async function keyAsked(side: Side): Promise<KitKey> {
  if (values.key === undefined) return keyOf(side, "emulator");
  const given: JsonWebKey & { readonly kid?: unknown } = JSON.parse(await readFile(values.key, "utf8"));
  if (typeof given.kid !== "string") throw new Error(`${values.key} is no JWK with a kid`);
  return keyFrom(given.kid, given);
}

async function enrol(url: string, side: Side, { own, jwk }: { own: OwnKey; jwk: Jwk }): Promise<void> {
  const text = Buffer.from(`baton key enrolment\n${side}\n${jwk.kid}\n${jwk.x}`);
  const proof = sign(null, text, own.privateKey).toString("base64url");
  const answer = await fetch(new URL("/partner/v1/sandbox/keys", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jwk, proof }),
  });
  if (!answer.ok) throw new Error(`the key was not enrolled: ${answer.status} ${await answer.text()}`);
}

function untilEnded(stop: () => Promise<void>): void {
  let isEnding = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isEnding) return;
      isEnding = true;
      void stop().then(() => process.exit(0));
    });
  }
}

/** The roads and the broker of the emulated country, when it is given any; else a toy pad for visitors. It has no crane for real ones. */
async function ownGround(side: Side): Promise<Pick<EmulatorServerOptions, "fleet" | "ground">> {
  const { broker, site: named } = values;
  if (broker === undefined) return { ground: TOY_GROUND };
  const loaded = await loadSite(named.includes("/") ? named : siteDirectory(named));
  if (!loaded.ok) throw new Error(`the site ${named} does not load: npm run maps -- check ${named}`);
  return { fleet: { openSession: mqttLinks({ url: broker }), road: roadOf(loaded.site, side) } };
}

async function emulator(): Promise<void> {
  const side = sideOr("cn");
  const key = await keyAsked(side);
  const kitOfTheOther = await keyOf(side === "vn" ? "cn" : "vn", "emulator");
  if (values.enrol) await enrol(values.peer, side, key);
  const { own, jwk } = key;
  const running = await startEmulator({
    side,
    key: own,
    publicJwk: jwk,
    trusted: [kitOfTheOther.jwk],
    peerUrl: () => values.peer,
    port: Number(values.port ?? 9100),
    behaviour: HONEST,
    ...(await ownGround(side)),
  });
  console.log(`The emulated partner (${side}) speaks with ${values.peer}

  Door       ${running.url}/partner/v1
  Keys       ${running.url}/partner/v1/keys
  State      curl ${running.url}/emulator/state
  Behaviour  curl -X PUT ${running.url}/emulator/behaviour -d '{"lateMs": 2000, "duplicate": true}'
  Send back  curl -X POST ${running.url}/emulator/returns -d '{"came": HANDOFF, "handoffId": "back-1"}' (with --broker)
  Ground     curl -X PUT ${running.url}/emulator/behaviour -d '{"ownGround": ["pad-in"]}' (visitors wait for it; without --broker)
  Register   curl -X PUT ${running.url}/emulator/vehicles/VEHICLE/register -d '{"authority": "${side}", "epoch": 5}'

Ctrl-C ends it.`);
  untilEnded(() => running.stop());
}

async function sandbox(): Promise<void> {
  const side = sideOr("vn");
  const { privateJwk } = await keyOf(side, "sandbox");
  const { jwk: partnerJwk } = await keyOf(side === "vn" ? "cn" : "vn", "emulator");
  const loaded = await loadSite(siteDirectory("mini"));
  if (!loaded.ok) throw new Error("the site mini does not load");
  const redis = await startRedis({ durability: "none" });
  const running = await startSandbox({
    side,
    site: loaded.site,
    zoneId: `sandbox-${side}`,
    redisUrl: redis.url,
    port: Number(values.port ?? 9080),
    partnerUrl: values.partner,
    signingKey: privateJwk,
    partnerKeys: { keys: [partnerJwk] },
  });
  console.log(`The sandbox (${side}) is up: it accepts every offer, and forgets everything when it ends

  API reference  ${running.url}/docs        OpenAPI ${running.url}/partner/v1/openapi.json
  Enrol a key    POST ${running.url}/partner/v1/sandbox/keys
  Debug          POST ${running.url}/partner/v1/sandbox/signature
  Toy vehicle    PUT ${running.url}/sandbox/vehicles/VEHICLE/register   {"authority": "${side}", "epoch": 5}

Ctrl-C ends it. Quick start: docs/partner-api.md`);
  untilEnded(async () => {
    await running.stop();
    await redis.stop();
  });
}

async function conformance(url: string): Promise<void> {
  const side = sideOr("cn");
  const key = await keyAsked(side);
  if (values.enrol) await enrol(url, side, key);
  const { listen } = values;
  const listener = listen === undefined ? undefined : await startListener(key.own, Number(listen), Date.now);
  const findings = await checkConformance({
    url,
    side,
    key: key.own,
    nowMs: Date.now,
    ...(listener === undefined ? {} : { listener }),
  });
  await listener?.stop();
  for (const { name, failure, skipped } of findings) {
    if (skipped !== undefined) console.log(`skip   ${name}\n       ${skipped}`);
    else console.log(failure === undefined ? `pass   ${name}` : `FAIL   ${name}\n       ${failure}`);
  }
  const failed = findings.filter(({ failure }) => failure !== undefined).length;
  const asked = findings.filter(({ skipped }) => skipped === undefined).length;
  console.log(`\n${url}: ${asked - failed} of ${asked} passed, ${findings.length - asked} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
}

try {
  if (command === "emulator") await emulator();
  else if (command === "sandbox") await sandbox();
  else if (command === "conformance" && target !== undefined) await conformance(target);
  else {
    console.error(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
