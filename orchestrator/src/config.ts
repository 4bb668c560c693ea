import { readFile } from "node:fs/promises";
import Type, { type Static } from "typebox";
import { Value } from "typebox/value";

/** A URL with one of these schemes; its own words say so, since what is in it (a password) is never shown. */
const Url = (...schemes: readonly string[]) =>
  Type.String({
    pattern: `^(${schemes.map((scheme) => scheme.replace("+", "\\+")).join("|")})://.`,
    maxLength: 512,
    description: `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
  });
const File = Type.String({ minLength: 1, description: "the path of a file" });
const Folder = Type.String({ minLength: 1, description: "the path of a folder" });
const Whole = (minimum: number, maximum: number, initial: number) =>
  Type.Integer({
    minimum,
    maximum,
    default: initial,
    description: `a whole number from ${minimum} to ${maximum}`,
  });
const Side = Type.Union([Type.Literal("vn"), Type.Literal("cn")], { description: "vn or cn" });
const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** Settings of one side's orchestrator, from the environment and from nowhere else. */
const Environment = Type.Object({
  BATON_SIDE: Side,
  /** Folder with `site.json` and the two LIF files. */
  BATON_SITE_DIR: Folder,
  /** Missions, hand-offs and the audit log; and the ledger, where `BATON_LEDGER_URL` does not name another. */
  REDIS_URL: Url("redis", "rediss", "unix"),
  BATON_LEDGER_URL: Type.Optional(Url("redis", "rediss", "unix", "redis+cluster")),
  /** A tick counts when so many replicas have it (`WAIT`). */
  BATON_LEDGER_REPLICAS: Whole(0, 5, 0),
  /** An answer of the ledger that takes longer counts as none; by the machine's clock. */
  BATON_LEDGER_ANSWER_MS: Whole(100, 30_000, 2_000),
  /** So many ticks are kept in the ledger's stream: the tape of replays. */
  BATON_KEEP_TICKS: Whole(0, 1_000_000, 3_000),
  /** How long vehicles have to say where they are when the ledger has lost ticks; whoever says nothing is an obstacle. */
  BATON_WITNESS_MS: Whole(1_000, 120_000, 8_000),
  MQTT_URL: Url("mqtt", "mqtts", "ws", "wss"),
  /** A rosbridge on this side's graph, for vehicles that speak ROS 2 (`docs/ros2.md`). */
  BATON_ROS_URL: Type.Optional(Url("ws", "wss")),
  /** Or that graph itself, by its domain: this process then has a node on it, by rclnodejs. The URL goes before it. */
  BATON_ROS_DOMAIN_ID: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 232, description: "a whole number from 0 to 232" }),
  ),
  /** The folder in whose `node_modules` rclnodejs was installed against this machine's ROS 2. */
  BATON_RCLNODEJS_DIR: Type.Optional(Folder),
  /** Vehicles that the side takes notice of, of either protocol; messages of further ones are refused, with an alarm. */
  BATON_MAX_VEHICLES: Whole(1, 20_000, 1_000),
  BATON_HTTP_HOST: Type.String({ default: "127.0.0.1", description: "a host name or address" }),
  BATON_HTTP_PORT: Whole(0, 65_535, 8_080),
  /** Where the partner's hand-off API is; the paths of the protocol follow. */
  BATON_PARTNER_URL: Url("http", "https"),
  /** Our Ed25519 private key as a JWK with a `kid`. */
  BATON_SIGNING_KEY_FILE: File,
  /** The partner's public keys as a JWK set. */
  BATON_PARTNER_KEYS_FILE: File,
  BATON_ACCOUNTS_FILE: File,
  /** An OpenID Connect provider whose access tokens count as accounts of this side; both or neither. */
  BATON_OIDC_ISSUER: Type.Optional(Url("https", "http")),
  BATON_OIDC_CLIENT_ID: Type.Optional(Type.String({ minLength: 1, description: "a client id" })),
  /** What its tokens must be meant for; the client id unless set. */
  BATON_OIDC_AUDIENCE: Type.Optional(Type.String({ minLength: 1, description: "an audience" })),
  /** The claim that names a role. */
  BATON_OIDC_ROLE_CLAIM: Type.String({ minLength: 1, default: "baton_role", description: "a claim's name" }),
  /** What leaves this side for the partner (`partner/sharing-policy.ts`); without it everything that a manifest can have. */
  BATON_SHARING_POLICY_FILE: Type.Optional(File),
  /** What is known of vehicles that deviate from VDA 5050, by their makers (`docs/operations.md`). */
  BATON_VENDORS_FILE: Type.Optional(File),
  /** Zones of this side's map for vehicles that know them, VDA 5050 3.0 (`docs/vda5050.md`). */
  BATON_ZONES_FILE: Type.Optional(File),
  /** Further hosts, besides the partner's, to which its webhooks may lead. */
  BATON_WEBHOOK_HOSTS: Type.String({ default: "", description: "host names, with commas between them" }),
  /** `on` opens key enrolment and the signature debugger to anyone: for partners who are trying it out. */
  BATON_PARTNER_SANDBOX: Type.Enum(["on", "off"], { default: "off", description: "on or off" }),
  BATON_TICK_MS: Whole(50, 1_000, 200),
  /** How much faster than real time this world runs; 1 wherever vehicles are real. */
  BATON_SPEED: Type.Number({
    exclusiveMinimum: 0,
    maximum: 100,
    default: 1,
    description: "a number above 0, at most 100",
  }),
  BATON_CLOCK_ORIGIN_MS: Type.Integer({ minimum: 0, default: 0, description: "milliseconds since 1970" }),
  /** What the clock shows at its origin: a simulated world that was stopped goes on from there. */
  BATON_CLOCK_SHOWN_MS: Type.Optional(Type.Number({ minimum: 0, description: "milliseconds since 1970" })),
  /** Where what viewers were shown is kept for replays; without it nothing is. */
  BATON_TAPE_DIR: Type.Optional(Folder),
  BATON_TAPE_HOURS: Whole(1, 8_760, 72),
  BATON_TWIN_DIR: Type.Optional(Folder),
  /** Base URL of the other side's API, for a viewer who is allowed to see both (a demo, a joint control room). */
  BATON_OTHER_SIDE_VIEW_URL: Type.Optional(Url("http", "https")),
  BATON_ALLOWED_ORIGINS: Type.String({ default: "", description: "origins, with commas between them" }),
  BATON_LOG_LEVEL: Type.Enum(LEVELS, { default: "info", description: `one of ${LEVELS.join(", ")}` }),
});
export type Config = Static<typeof Environment>;

/** A setting is missing or wrong; the message names it and what it has to be. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "config.invalid";
}

/**
 * Reads the settings.
 * @throws {ConfigError} naming each setting that is missing or wrong.
 */
export function configFrom(environment: Readonly<Record<string, string | undefined>>): Config {
  const known = Object.fromEntries(
    Object.keys(Environment.properties).flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const candidate = Value.Default(Environment, Value.Convert(Environment, known));
  if (Value.Check(Environment, candidate)) return candidate;
  const problems = Value.Errors(Environment, candidate).flatMap((error) => {
    if (error.keyword === "required") return error.params.requiredProperties.map((name) => missing(name));
    const name = error.instancePath.slice(1);
    return [`${name} must be ${wordsOf(name)}${shown(name, environment[name])}`];
  });
  throw new ConfigError(`settings: ${[...new Set(problems)].join("; ")}`);
}

/** What each setting has to be, in the words of its schema. */
const words = new Map<string, string>(
  Object.entries(Environment.properties).flatMap(([name, schema]) =>
    "description" in schema && typeof schema.description === "string" ? [[name, schema.description]] : [],
  ),
);

function wordsOf(name: string): string {
  return words.get(name) ?? "something else";
}

function missing(name: string): string {
  return `${name} is not set: it must be ${wordsOf(name)}`;
}

/** What is set now; but for what may have a password in it. */
function shown(name: string, value: string | undefined): string {
  return name.endsWith("_URL") ? "" : `, not ${JSON.stringify(value)}`;
}

/**
 * A JSON file that a setting names.
 * @throws {ConfigError} when it cannot be read or is not JSON.
 */
export async function jsonFile(setting: string, path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new ConfigError(
      `${setting}: ${path}: ${error instanceof Error ? error.message : "cannot be read"}`,
    );
  }
}
