import { describe, expect, it } from "vitest";
import { readSettings, SettingsError, VehicleSettings } from "./settings.ts";

const good = {
  BATON_SCENARIO: "first-look",
  BATON_MQTT_URL_VN: "mqtt://127.0.0.1:1883",
  BATON_MQTT_URL_CN: "mqtt://127.0.0.1:1884",
};

describe("settings of a process", () => {
  it("are read from the environment, numbers and defaults too", () => {
    expect(readSettings(VehicleSettings, { ...good, PATH: "/bin" })).toEqual({ ...good, BATON_SPEED: 1 });
    expect(readSettings(VehicleSettings, { ...good, BATON_SPEED: "4" }).BATON_SPEED).toBe(4);
  });

  it("are refused by name when they are missing or wrong", () => {
    const { BATON_SCENARIO: _, ...missing } = good;
    expect(() => readSettings(VehicleSettings, missing)).toThrow(/BATON_SCENARIO not set/);
    expect(() => readSettings(VehicleSettings, { ...good, BATON_SPEED: "fast" })).toThrow(SettingsError);
    expect(() => readSettings(VehicleSettings, { ...good, BATON_SPEED: "0" })).toThrow(/BATON_SPEED/);
    expect(() => readSettings(VehicleSettings, { ...good, BATON_MQTT_URL_VN: "http://x" })).toThrow(
      /BATON_MQTT_URL_VN/,
    );
  });
});
