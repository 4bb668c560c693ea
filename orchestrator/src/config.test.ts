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
  expect(config).toMatchObject({ BATON_HTTP_PORT: 9000, BATON_TICK_MS: 200, BATON_SPEED: 1 });
  expect(config).not.toHaveProperty("PATH");
});

test("each setting that is missing or wrong is named", () => {
  expect(() => configFrom({ ...complete, BATON_SIDE: "xx", BATON_TICK_MS: "5" })).toThrow(ConfigError);
  expect(() => configFrom({ ...complete, BATON_SIDE: "xx" })).toThrow(/BATON_SIDE/);
  expect(() => configFrom({ ...complete, BATON_TICK_MS: "5" })).toThrow(/BATON_TICK_MS/);
  expect(() => configFrom({})).toThrow(/REDIS_URL/);
});
