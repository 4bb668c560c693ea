import type { FleetEvent, VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { HandoffPointId, NodeId } from "@baton/maps";
import { expect, test } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import type { HandoffEvent, HandoffId, HandoffSummary } from "../handoff/port.ts";
import type { LegId, ReservationEvent } from "../reservation/port.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { failureAlarms, LEDGER_ALARM, troubleAlarms } from "./trouble-alarms.ts";

const vehicleId = "sim.vn-01" as VehicleId;

const handoffId = "h-1" as HandoffId;
const handoff: HandoffSummary = {
  handoffId,
  role: "giver",
  phase: "switching",
  vehicleId,
  containerNo: "CSQU3054383",
  handoffPointId: "line" as HandoffPointId,
  mode: "control-passes",
  sinceMs: 0,
};

/** Rooms that say what the test wants, and the alarms that stand. */
function rooms() {
  const fleet: ((event: FleetEvent) => void)[] = [];
  const reservation: ((event: ReservationEvent) => void)[] = [];
  const handoffs: ((event: HandoffEvent) => void)[] = [];
  const listenTo =
    <Event>(listeners: ((event: Event) => void)[]) =>
    (listener: (event: Event) => void) => {
      listeners.push(listener);
      return () => {};
    };
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const { look } = troubleAlarms({
    fleet: { subscribe: listenTo(fleet) },
    reservation: { subscribe: listenTo(reservation) },
    handoffs: { subscribe: listenTo(handoffs), open: () => [handoff] },
    alarms,
  });
  return {
    look,
    alarms: () => alarms.list(),
    fleetSays: (event: FleetEvent) => fleet.forEach((listener) => void listener(event)),
    reservationSays: (event: ReservationEvent) => reservation.forEach((listener) => void listener(event)),
    handoffsSay: (event: HandoffEvent) => handoffs.forEach((listener) => void listener(event)),
    book: alarms,
    standing: () => alarms.list().flatMap((alarm) => (alarm.state === "returned" ? [] : [alarm.code])),
  };
}

test("an error that the vehicle tells in several languages is an alarm in all of them", () => {
  const at = rooms();
  const translations = { vi: "khóa kẹt" };
  at.fleetSays({
    kind: "trouble",
    vehicleId,
    code: "vehicle-error",
    detail: "lock jammed",
    translations,
    atMs: 1,
  });
  expect(at.alarms()).toMatchObject([{ detail: "lock jammed", translations }]);
});

test("a vehicle that does not confirm is an alarm until it does, and again when it does not another time", () => {
  const at = rooms();
  const deaf = (detail: string): void =>
    at.fleetSays({ kind: "trouble", vehicleId, code: "not-reflected", detail, atMs: 1 });
  deaf("stateRequest does not show in the vehicle's state");
  expect(at.standing()).toEqual(["fleet.not-reflected"]);
  at.fleetSays({ kind: "confirmed", vehicleId, atMs: 2 });
  expect(at.standing()).toEqual([]);
  deaf("leg-1 update 3 does not show in the vehicle's state");
  expect(at.alarms()).toMatchObject([
    { state: "unacknowledged", detail: "leg-1 update 3 does not show in the vehicle's state" },
  ]);
});

test("a vehicle too many, of whichever fleet, is an alarm until none is told of for a minute", () => {
  const at = rooms();
  const told = (detail: string, atMs: number): void =>
    at.fleetSays({ kind: "trouble", vehicleId: undefined, code: "too-many-vehicles", detail, atMs });
  told("a state over VDA 5050", 1_000);
  told("an announcement over ROS 2", 31_000);
  at.look(90_000);
  expect(at.standing()).toEqual(["fleet.too-many-vehicles"]);
  at.look(91_000);
  expect(at.standing()).toEqual([]);
  told("a state over VDA 5050", 100_000);
  expect(at.standing()).toEqual(["fleet.too-many-vehicles"]);
});

test("a vehicle whose session broke is an alarm until it is online again", () => {
  const at = rooms();
  at.fleetSays({ kind: "connection", vehicleId, connection: "broken", atMs: 1 });
  expect(at.standing()).toEqual(["vehicle.connection-lost"]);
  at.fleetSays({ kind: "connection", vehicleId, connection: "online", atMs: 2 });
  expect(at.standing()).toEqual([]);
});

test("a vehicle off its way is an alarm until the road is granted to it again", () => {
  const at = rooms();
  at.reservationSays({ kind: "trouble", code: "off-path", vehicleId, detail: "2 m beside" });
  expect(at.standing()).toEqual(["reservation.off-path"]);
  at.reservationSays({ kind: "granted", vehicleId, legId: "l" as LegId, throughNodeId: "n" as NodeId });
  expect(at.standing()).toEqual([]);
});

test("an absent ledger and a silent partner are over when they are back", () => {
  const at = rooms();
  at.reservationSays({ kind: "trouble", code: "ledger-unreachable", vehicleId: undefined, detail: "" });
  at.handoffsSay({ kind: "trouble", handoffId: undefined, code: "partner-silent", detail: "" });
  expect(at.standing()).toEqual([LEDGER_ALARM, "handoff.partner-silent"]);
  at.reservationSays({ kind: "trouble", code: "ledger-back", vehicleId: undefined, detail: "" });
  at.handoffsSay({ kind: "trouble", handoffId: undefined, code: "partner-back", detail: "" });
  expect(at.standing()).toEqual([]);
});

test("a zone that lost its leadership is a critical alarm that nothing clears by itself", () => {
  const at = rooms();
  at.reservationSays({ kind: "trouble", code: "leadership-lost", vehicleId: undefined, detail: "epoch 3" });
  at.reservationSays({ kind: "trouble", code: "ledger-back", vehicleId: undefined, detail: "" });
  expect(at.standing()).toEqual(["reservation.leadership-lost"]);
});

test("a vehicle that does not switch is an alarm until it has, or until the hand-off is fenced", () => {
  const at = rooms();
  const notSwitching = { kind: "trouble", handoffId, code: "vehicle-not-switching", detail: "20 s" } as const;
  at.handoffsSay(notSwitching);
  expect(at.standing()).toEqual(["handoff.vehicle-not-switching"]);
  // People know it by its vehicle and container, not by the hand-off's id.
  expect(at.book.list()).toMatchObject([{ vehicleId, facts: { containerNo: "CSQU3054383" } }]);
  at.handoffsSay({ kind: "switched", handoffId, vehicleId, epoch: 2 });
  expect(at.standing()).toEqual([]);
  at.handoffsSay(notSwitching);
  at.handoffsSay({ kind: "ended", handoffId, how: "withdrawn", reason: "" });
  expect(at.standing()).toEqual([]);
});

test("a crane that has broken down over a container is an alarm until the container is somebody's", () => {
  const at = rooms();
  at.handoffsSay({ kind: "trouble", handoffId, code: "transfer-device-failed", detail: "hoist" });
  expect(at.standing()).toEqual(["handoff.transfer-device-failed"]);
  at.handoffsSay({ kind: "switched", handoffId, vehicleId, epoch: 2 });
  expect(at.standing()).toEqual([]);
});

test("a trapped vehicle is an alarm until it has a way again, and it alone", () => {
  const at = rooms();
  const other = "sim.vn-02" as VehicleId;
  for (const each of [vehicleId, other])
    at.reservationSays({ kind: "trouble", code: "trapped", vehicleId: each, detail: "behind sim.vn-09" });
  at.reservationSays({
    kind: "granted",
    vehicleId: other,
    legId: "l" as LegId,
    throughNodeId: "n" as NodeId,
  });
  expect(at.standing()).toEqual(["reservation.trapped"]);
  at.reservationSays({ kind: "legAbandoned", vehicleId, legId: "l" as LegId, ok: true });
  expect(at.standing()).toEqual([]);
});

test("a failed vehicle is an alarm for as long as the zone holds it for failed, and again if it fails again", () => {
  const alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  const failures = failureAlarms(alarms);
  const states = () => alarms.list().map(({ code, state }) => `${code} ${state}`);
  failures.look([{ vehicleId, reason: "a wheel" }]);
  failures.look([{ vehicleId, reason: "a wheel" }]);
  expect(states()).toEqual(["vehicle.failed unacknowledged"]);
  failures.look([]);
  expect(states()).toEqual(["vehicle.failed returned"]);
  failures.look([{ vehicleId, reason: "the other wheel" }]);
  expect(states()).toEqual(["vehicle.failed unacknowledged"]);
});

test("a vehicle's error of the standard is an alarm of its own kind, until the vehicle reports it no more", () => {
  const at = rooms();
  const state = (errors: VehicleState["errors"]): FleetEvent => ({
    kind: "state",
    vehicleId,
    state: standingVehicle(vehicleId, { atMs: 1, batteryPct: 50, errors }),
  });
  const lost = { type: "LOCALIZATION_ERROR", kind: "lost-its-place", fatal: true, description: "" } as const;
  const own = { type: "gearbox", fatal: true, description: "hot" };
  at.fleetSays({
    kind: "trouble",
    vehicleId,
    code: "vehicle-error",
    detail: "LOCALIZATION_ERROR",
    errorKind: "lost-its-place",
    atMs: 1,
  });
  at.fleetSays({ kind: "trouble", vehicleId, code: "vehicle-error", detail: "gearbox: hot", atMs: 1 });
  at.fleetSays(state([lost, own]));
  expect(at.standing()).toEqual(["fleet.error.lost-its-place", "fleet.vehicle-error"]);
  at.fleetSays(state([own]));
  expect(at.standing()).toEqual(["fleet.vehicle-error"]);
});
