import type { VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import { expect, it } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import { silenceAlarms } from "./silence-alarms.ts";

const record = (heardAtMs: number, connection: VehicleRecord["connection"] = "online"): VehicleRecord => ({
  vehicleId: "sim.vn-01" as VehicleId,
  connection,
  factsheet: undefined,
  state: undefined,
  heardAtMs,
});

it("a vehicle that is connected and reports nothing is an alarm, until it reports or its connection is known to be gone", () => {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const watch = silenceAlarms(alarms, "vn");
  const standing = (): number => alarms.list().filter(({ state }) => state !== "returned").length;
  watch.look([record(0)], 30_000);
  expect(standing()).toBe(0);
  watch.look([record(0)], 41_000);
  watch.look([record(0)], 42_000);
  expect(standing()).toBe(1);
  expect(alarms.list()[0]).toMatchObject({ code: "vehicle.silent", priority: "high" });
  watch.look([record(43_000)], 43_000);
  expect(standing()).toBe(0);
  watch.look([record(43_000)], 90_000);
  watch.look([record(43_000, "broken")], 91_000);
  expect(standing()).toBe(0);
});

it("who comes after a look, and who is heard of once more before it would have been too long, is not overlooked", () => {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const watch = silenceAlarms(alarms, "vn");
  const standing = (): number => alarms.list().filter(({ state }) => state !== "returned").length;
  watch.look([], 0);
  watch.look([record(1_000)], 2_000);
  watch.look([record(20_000)], 41_500);
  expect(standing()).toBe(0);
  watch.look([record(20_000)], 60_001);
  expect(standing()).toBe(1);
});

it("a clock that was set back puts nothing off", () => {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const watch = silenceAlarms(alarms, "vn");
  watch.look([record(3_600_000)], 3_600_000);
  watch.look([record(1_000)], 1_000);
  watch.look([record(1_000)], 41_001);
  expect(alarms.list()).toMatchObject([{ code: "vehicle.silent", state: "unacknowledged" }]);
});

it("a vehicle that was away, and whose connection stands again by a word that the broker had kept, is silent at once", () => {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const watch = silenceAlarms(alarms, "vn");
  watch.look([record(0, "broken")], 50_000);
  watch.look([record(0)], 51_000);
  expect(alarms.list()).toMatchObject([{ code: "vehicle.silent" }]);
});
