import { expect, test } from "vitest";
import { ConfigError, configFrom } from "./config.ts";

const complete = {
  BATON_SIDE: "vn",
  BATON_SITE_DIR: "maps/sites/mini",
  REDIS_URL: "redis://127.0.0.1:6379",
  MQTT_URL: "mqtt://127.0.0.1:1883",
  BATON_PARTNER_URL: "http://127.0.0.1:8081",
  BATON_SIGNING_KEY_FILE: "key.json",
  BATON_PARTNER_KEYS_FILE: "partner.json",
  BATON_ACCOUNTS_FILE: "accounts.json",
};

test("a complete environment gives the settings with their defaults and right types", () => {
  const config = configFrom({ ...complete, BATON_HTTP_PORT: "9000", PATH: "/bin" });
  expect(config).toMatchObject({ BATON_HTTP_PORT: 9000, BATON_TICK_MS: 200, BATON_MAX_VEHICLES: 1_000 });
  expect(config).not.toHaveProperty("PATH");
});

test("each setting that is missing or wrong is named", () => {
  expect(() => configFrom({ ...complete, BATON_SIDE: "xx", BATON_TICK_MS: "5" })).toThrow(ConfigError);
  expect(() => configFrom({ ...complete, BATON_SIDE: "xx" })).toThrow(/BATON_SIDE/);
  expect(() => configFrom({ ...complete, BATON_TICK_MS: "5" })).toThrow(/BATON_TICK_MS/);
  expect(() => configFrom({})).toThrow(/REDIS_URL/);
});

test.each([
  ["BATON_SIDE", "th", 'BATON_SIDE must be vn or cn, not "th"'],
  ["BATON_TICK_MS", "20", 'BATON_TICK_MS must be a whole number from 50 to 1000, not "20"'],
  ["BATON_TICK_MS", "fast", 'BATON_TICK_MS must be a whole number from 50 to 1000, not "fast"'],
  ["BATON_LEDGER_REPLICAS", "-1", "BATON_LEDGER_REPLICAS must be a whole number from 0 to 5"],
  ["BATON_LEDGER_ANSWER_MS", "5", "BATON_LEDGER_ANSWER_MS must be a whole number from 100 to 30000"],
  ["BATON_WITNESS_MS", "0.5", "BATON_WITNESS_MS must be a whole number from 1000 to 120000"],
  ["BATON_MAX_VEHICLES", "0", "BATON_MAX_VEHICLES must be a whole number from 1 to 20000"],
  ["BATON_KEEP_TICKS", "-3000", "BATON_KEEP_TICKS must be a whole number from 0 to 1000000"],
  ["BATON_SPEED", "0", "BATON_SPEED must be a number above 0, at most 100"],
  ["BATON_LOG_LEVEL", "loud", "BATON_LOG_LEVEL must be one of trace, debug, info, warn, error"],
  ["BATON_LEDGER_URL", "cluster://a:1", "redis:// or rediss:// or unix:// or redis+cluster://"],
] as const)("%s=%s is refused with what it has to be", (name, value, says) => {
  expect(() => configFrom({ ...complete, [name]: value })).toThrow(says);
});

test("a missing setting is named with what it has to be, and what may hold a password is never shown", () => {
  const { BATON_SITE_DIR: _, ...rest } = complete;
  expect(() => configFrom(rest)).toThrow("BATON_SITE_DIR is not set: it must be the path of a folder");
  const wrong = () => configFrom({ ...complete, REDIS_URL: "http://user:secret@host" });
  expect(wrong).toThrow("REDIS_URL must be a URL that begins with redis://");
  expect(wrong).not.toThrow("secret");
});

test("the ledger may be a cluster of its own, with replicas that have to have each tick", () => {
  const config = configFrom({
    ...complete,
    BATON_LEDGER_URL: "redis+cluster://10.0.0.1:6379,10.0.0.2:6379",
    BATON_LEDGER_REPLICAS: "1",
  });
  expect(config).toMatchObject({ BATON_LEDGER_REPLICAS: 1, BATON_LEDGER_ANSWER_MS: 2000 });
  expect(configFrom(complete).BATON_LEDGER_URL).toBeUndefined();
});
