import type { FleetEvent, VehicleId } from "@baton/fleet-adapter";
import type { NodeId } from "@baton/maps";
import { expect, test } from "vitest";
import { createAlarmBook } from "./alarms/alarm-book.ts";
import type { HandoffEvent } from "./handoff/port.ts";
import type { LegId, ReservationEvent } from "./reservation/port.ts";
import { LEDGER_ALARM, troubleAlarms } from "./trouble-alarms.ts";

const vehicleId = "sim.vn-01" as VehicleId;

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
  troubleAlarms({
    fleet: { subscribe: listenTo(fleet) },
    reservation: { subscribe: listenTo(reservation) },
    handoffs: { subscribe: listenTo(handoffs) },
    alarms,
  });
  return {
    fleetSays: (event: FleetEvent) => fleet.forEach((listener) => void listener(event)),
    reservationSays: (event: ReservationEvent) => reservation.forEach((listener) => void listener(event)),
    handoffsSay: (event: HandoffEvent) => handoffs.forEach((listener) => void listener(event)),
    standing: () => alarms.list().flatMap((alarm) => (alarm.state === "returned" ? [] : [alarm.code])),
  };
}

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
