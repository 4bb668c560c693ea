import type { VehicleId } from "@baton/fleet-adapter";
import type { EdgeId, NodeId } from "@baton/maps";
import { expect, test } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import type { ClosureId } from "../reservation/port.ts";
import { ring } from "../reservation/testing/layouts.ts";
import { closureAlarms, type Holder } from "./closure-alarms.ts";

const CLOSED = { closureId: "works" as ClosureId, edgeIds: ["r2>r3" as EdgeId], reason: "works" };

function vehicle(name: string, lastNodeId: string, ...granted: readonly string[]): Holder {
  return {
    vehicleId: name as VehicleId,
    lastNodeId: lastNodeId as NodeId,
    grantedEdgeIds: granted.map((edge) => edge as EdgeId),
  };
}

test("closing a lane names each vehicle that may still drive inside it, until it has left", () => {
  let holders: Holder[] = [
    vehicle("inside", "r1", "r1>r2", "r2>r3"),
    vehicle("waits-there", "r3"),
    vehicle("elsewhere", "r5", "r5>r6"),
  ];
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const watch = closureAlarms(alarms, ring(8).network, () => holders);
  const named = (): unknown[] =>
    alarms.list().flatMap(({ state, vehicleId }) => (state === "returned" ? [] : [vehicleId]));

  watch.look([CLOSED]);
  expect(named()).toEqual(["inside", "waits-there"]);
  expect(alarms.list()[0]).toMatchObject({ code: "ground.closed-occupied", priority: "high" });
  holders = [vehicle("inside", "r4", "r4>r5"), vehicle("waits-there", "r3")];
  watch.look([CLOSED]);
  expect(named()).toEqual(["waits-there"]);
  watch.look([]);
  expect(named()).toEqual([]);
});
