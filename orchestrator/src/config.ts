import { readFile } from "node:fs/promises";
import Type, { type Static } from "typebox";
import { Value } from "typebox/value";

const Url = (protocols: string) => Type.String({ pattern: `^(${protocols})://`, maxLength: 512 });
const Side = Type.Union([Type.Literal("vn"), Type.Literal("cn")]);

/** Settings of one side's orchestrator, from the environment and from nowhere else. */
const Environment = Type.Object({
  BATON_SIDE: Side,
  /** Folder with `site.json` and the two LIF files. */
  BATON_SITE_DIR: Type.String({ minLength: 1 }),
  REDIS_URL: Url("redis|rediss|unix"),
  MQTT_URL: Url("mqtt|mqtts|ws|wss"),
  BATON_HTTP_HOST: Type.String({ default: "127.0.0.1" }),
  BATON_HTTP_PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 8080 }),
  /** Where the partner's hand-off API is; the paths of the protocol follow. */
  BATON_PARTNER_URL: Url("http|https"),
  /** Our Ed25519 private key as a JWK with a `kid`. */
  BATON_SIGNING_KEY_FILE: Type.String({ minLength: 1 }),
  /** The partner's public keys as a JWK set. */
  BATON_PARTNER_KEYS_FILE: Type.String({ minLength: 1 }),
  BATON_ACCOUNTS_FILE: Type.String({ minLength: 1 }),
  BATON_TICK_MS: Type.Integer({ minimum: 50, maximum: 1000, default: 200 }),
  /** How much faster than real time this world runs; 1 wherever vehicles are real. */
  BATON_SPEED: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 1 }),
  BATON_CLOCK_ORIGIN_MS: Type.Integer({ minimum: 0, default: 0 }),
  /** What the clock shows at its origin: a simulated world that was stopped goes on from there. */
  BATON_CLOCK_SHOWN_MS: Type.Optional(Type.Number({ minimum: 0 })),
  BATON_TWIN_DIR: Type.Optional(Type.String({ minLength: 1 })),
  /** Base URL of the other side's API, for a viewer who is allowed to see both (a demo, a joint control room). */
  BATON_OTHER_SIDE_VIEW_URL: Type.Optional(Url("http|https")),
  BATON_ALLOWED_ORIGINS: Type.String({ default: "" }),
  BATON_LOG_LEVEL: Type.Enum(["trace", "debug", "info", "warn", "error"], { default: "info" }),
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
  const problems = Value.Errors(Environment, candidate).map((error) => {
    const name = error.instancePath.slice(1);
    if (error.keyword === "required") return `${error.params.requiredProperties.join(", ")} not set`;
    return `${name} ${error.message}`;
  });
  throw new ConfigError(`settings: ${[...new Set(problems)].join("; ")}`);
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
