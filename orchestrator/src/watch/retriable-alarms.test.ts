import type { ActionId, VehicleId, VehicleState } from "@baton/fleet-adapter";
import { expect, test } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { retriableAlarms } from "./retriable-alarms.ts";

const vehicleId = "sim.vn-01" as VehicleId;
const calm: VehicleState = standingVehicle(vehicleId, { atMs: 1, batteryPct: 50 });
const waiting = (actionId: string, detail: string): VehicleState => ({
  ...calm,
  retriable: [{ actionId: actionId as ActionId, detail }],
});

test("an action that waits to be tried again is an alarm of its vehicle until it goes on, and each one anew", () => {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const watch = retriableAlarms(alarms);
  const standing = () =>
    alarms.list().flatMap(({ code, detail, state }) => (state === "returned" ? [] : [`${code} ${detail}`]));
  watch.look(calm);
  expect(standing()).toEqual([]);
  watch.look(waiting("p-1", "pick: twist lock 3 is stuck"));
  watch.look(waiting("p-1", "pick: twist lock 3 is stuck"));
  expect(standing()).toEqual([
    expect.stringMatching(/^vehicle.action-retriable pick: twist lock 3 is stuck/),
  ]);
  watch.look(waiting("d-1", "drop"));
  expect(standing()).toEqual([expect.stringMatching(/^vehicle.action-retriable drop: it stands/)]);
  watch.look(calm);
  expect(standing()).toEqual([]);
});
