import type { Factsheet, VehicleId, VehicleState } from "@baton/fleet-adapter";
import { SIDES, type Side } from "@baton/maps";
import { beforeEach, describe, expect, it } from "vitest";
import { createAlarmBook } from "../alarms/alarm-book.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { stalledAstride } from "./stalled-astride.ts";

const CARRIER = { lengthM: 15, widthM: 3 };
const SECOND = 1_000;

function reportAt(atS: number, xM: number, more: Partial<VehicleState> = {}): VehicleState {
  return standingVehicle("sim.vn-01" as VehicleId, {
    atMs: atS * SECOND,
    pose: { xM, yM: 12, headingRad: 0 },
    control: { authority: "vn", epoch: 4 },
    ...more,
  });
}

let books: Record<Side, ReturnType<typeof createAlarmBook>>;
let reports: (...states: readonly VehicleState[]) => void;
let factsheet: Factsheet | undefined;
beforeEach(() => {
  factsheet = undefined;
  const bookOf = (side: Side) => createAlarmBook({ side, nowMs: () => 1, onChange: () => {} });
  books = { vn: bookOf("vn"), cn: bookOf("cn") };
  const watches = SIDES.map((side) => stalledAstride({ side, body: CARRIER, alarms: books[side] }));
  reports = (...states) => {
    for (const state of states) for (const watch of watches) watch.look(state, factsheet);
  };
});

const standing = (side: Side) => books[side].list().filter(({ state }) => state !== "returned");

describe("a vehicle whose body is over the line and does not move", () => {
  it("is a critical alarm on both sides once it has reported so for twenty seconds, one alarm each", () => {
    reports(reportAt(0, -3), reportAt(10, -3.1), reportAt(19, -3));
    for (const side of SIDES) expect(standing(side)).toEqual([]);
    reports(reportAt(20, -3), reportAt(21, -3), reportAt(60, -3));
    for (const side of SIDES)
      expect(standing(side)).toMatchObject([
        { code: "handoff.stalled-astride", priority: "critical", vehicleId: "sim.vn-01" },
      ]);
  });

  it("stays one until it reports that it has left, not when it has only moved or lost its way", () => {
    reports(reportAt(0, -3), reportAt(20, -3));
    reports(reportAt(25, 2), reportAt(26, 7.4), reportAt(27, 9, { pose: undefined }));
    expect(standing("cn")).toHaveLength(1);
    reports(reportAt(28, 7.6));
    for (const side of SIDES) expect(standing(side)).toEqual([]);
    reports(reportAt(100, 3), reportAt(120, 3));
    for (const side of SIDES) expect(standing(side)).toHaveLength(1);
  });

  it("says to each side whose it is to end it", () => {
    reports(reportAt(0, 1), reportAt(20, 1));
    expect(standing("vn")[0]?.detail).toContain("It answers to us");
    expect(standing("cn")[0]?.detail).toContain("It answers to vn: call the partner's control room");
  });

  it.each([
    ["its emergency stop is pressed", { emergencyStop: true, pausedBy: ["vn"] }],
    ["it reports drive: no torque", { errors: [{ type: "drive", fatal: true, description: "no torque" }] }],
    ["stopped by vn and cn", { pausedBy: ["vn", "cn"], nodesAhead: 2 }],
    ["its operating mode is manual", { operatingMode: "manual" }],
    ["it has leave to drive on", { nodesAhead: 1 }],
    ["it was told no further", {}],
  ] satisfies [string, Partial<VehicleState>][])("says what stops it: %s", (says, more) => {
    reports(reportAt(0, 0, more), reportAt(20, 0, more));
    expect(standing("vn")[0]?.detail).toContain(says);
  });
});

describe("no alarm", () => {
  const expectNone = () => {
    // Not for a moment, either: an alarm that is over is still in the book.
    for (const side of SIDES) expect(books[side].list()).toEqual([]);
  };

  it("is a vehicle that crosses, however slowly", () => {
    for (let second = 0; second <= 100; second++) reports(reportAt(second, -9 + second * 0.18));
    expectNone();
  });

  it("is one that stands clear of the line, with its nose just before it or its tail just behind", () => {
    reports(reportAt(0, -7.6), reportAt(100, -7.6), reportAt(200, 7.6), reportAt(300, 7.6));
    expectNone();
  });

  it("is one that stands along the line beside it: what counts is its body, as its factsheet says", () => {
    const along = { pose: { xM: 2, yM: 12, headingRad: Math.PI / 2 } };
    reports(reportAt(0, 0, along), reportAt(100, 0, along));
    factsheet = {
      manufacturer: "acme",
      serialNumber: "1",
      seriesName: "s",
      maxSpeedMps: 5,
      maxLoadKg: 30_000,
      actionTypes: [],
      lengthM: 6,
      widthM: 2,
    };
    reports(reportAt(200, -4), reportAt(300, -4));
    expectNone();
  });

  it("is silence, or a clock that was put back: only what the vehicle reports to stand counts", () => {
    reports(reportAt(100, 0));
    reports(reportAt(50, 0), reportAt(69, 0));
    expectNone();
    reports(reportAt(70, 0));
    expect(standing("vn")).toHaveLength(1);
  });
});
