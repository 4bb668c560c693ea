import type { VehicleId, VehicleState } from "@baton/fleet-adapter";
import { expect, test } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { conditionAlarms } from "./condition-alarms.ts";

const vehicleId = "sim.vn-01" as VehicleId;

function watched() {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const watch = conditionAlarms(alarms);
  return (nowMs: number, change: Partial<VehicleState>): readonly string[] => {
    watch.look(standingVehicle(vehicleId, change), nowMs);
    return alarms.list().flatMap(({ code, state }) => (state === "returned" ? [] : [code]));
  };
}

test("an emergency stop is an alarm for as long as it is pressed", () => {
  const report = watched();
  expect(report(0, {})).toEqual([]);
  expect(report(1_000, { emergencyStop: true })).toEqual(["vehicle.emergency-stop"]);
  expect(report(2_000, {})).toEqual([]);
});

test("a protective field is an alarm when something stays in it, not when somebody walks by", () => {
  const report = watched();
  expect(report(0, { fieldViolation: true })).toEqual([]);
  expect(report(9_000, {})).toEqual([]);
  expect(report(10_000, { fieldViolation: true })).toEqual([]);
  expect(report(20_000, { fieldViolation: true })).toEqual(["vehicle.field-violation"]);
  expect(report(21_000, {})).toEqual([]);
});

test("a load that is gone while the vehicle drives is an alarm until it is there again", () => {
  const report = watched();
  report(0, { driving: true, loadIds: ["MSKU1"] });
  expect(report(1_000, { driving: true })).toEqual(["vehicle.load-changed"]);
  expect(report(2_000, {})).toEqual(["vehicle.load-changed"]);
  expect(report(3_000, { loadIds: ["MSKU1"] })).toEqual([]);
});

test("a load that was put right standing is no alarm, nor is one that a crane sets down or lifts", () => {
  const report = watched();
  expect(report(0, {})).toEqual([]);
  expect(report(1_000, { loadIds: ["MSKU1"] })).toEqual([]);
  expect(report(2_000, { driving: true, loadIds: ["MSKU1"] })).toEqual([]);
  expect(report(3_000, { driving: true, loadIds: ["TGHU2"] })).toEqual(["vehicle.load-changed"]);
  expect(report(4_000, { loadIds: [] })).toEqual([]);
});
