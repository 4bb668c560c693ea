import type { AlarmView, MissionView, VehicleView } from "@baton/orchestrator/contract";
import { describe, expect, it } from "vitest";
import {
  applyControl,
  EMPTY_SIDE,
  mergeAlarms,
  mergeHandoffs,
  mergeMissions,
  mergeVehicles,
  type SideState,
} from "./merge.ts";

const vehicle = (over: Partial<VehicleView> = {}): VehicleView => ({
  vehicleId: "sim.a",
  slot: 0,
  connection: "online",
  batteryPct: 80,
  charging: false,
  loadIds: [],
  lastReportAtMs: 0,
  grantedEdgeIds: [],
  plannedEdgeIds: [],
  ...over,
});

const sideWith = (
  vehicles: VehicleView[],
  alarms: AlarmView[] = [],
  missions: MissionView[] = [],
): SideState =>
  applyControl(EMPTY_SIDE, {
    kind: "snapshot",
    vehicles,
    missions,
    alarms,
    borderline: { side: "vn", partner: "online", handoffs: [] },
  });

const mission = (missionId: string, over: Partial<MissionView> = {}): MissionView => ({
  missionId,
  orderId: "o",
  side: "vn",
  direction: "export",
  bound: "outbound",
  step: "load",
  stepSinceMs: 0,
  status: "running",
  steps: ["load"],
  timeline: [],
  ...over,
});

const alarm = (alarmId: string, over: Partial<AlarmView> = {}): AlarmView => ({
  alarmId,
  side: "vn",
  code: "mission.held",
  detail: "",
  priority: "medium",
  state: "unacknowledged",
  raisedAtMs: 0,
  occurrences: 1,
  ...over,
});

describe("what both sides know of a vehicle", () => {
  it("is told by the side that its register names, even when the other reported later", () => {
    const vn = sideWith([vehicle({ authority: "cn", lastReportAtMs: 99, grantedEdgeIds: ["old"] })]);
    const cn = sideWith([vehicle({ authority: "cn", grantedEdgeIds: ["new"] })]);
    expect(mergeVehicles(vn, cn)).toMatchObject([{ holder: "cn", view: { grantedEdgeIds: ["new"] } }]);
  });

  it("is told by the higher epoch while both believe to hold it", () => {
    const vn = sideWith([vehicle({ authority: "vn", epoch: 4, lastReportAtMs: 99 })]);
    const cn = sideWith([vehicle({ authority: "cn", epoch: 5 })]);
    expect(mergeVehicles(vn, cn)[0]?.holder).toBe("cn");
  });

  it("is told by the fresher report when no register is known", () => {
    const vn = sideWith([vehicle({ lastReportAtMs: 1 })]);
    const cn = sideWith([vehicle({ lastReportAtMs: 2 })]);
    expect(mergeVehicles(vn, cn)[0]?.holder).toBe("cn");
    expect(mergeVehicles(cn, vn)[0]?.holder).toBe("vn");
  });

  it("names its container", () => {
    expect(mergeVehicles(sideWith([vehicle({ loadIds: ["MSKU1234565"] })]), EMPTY_SIDE)[0]?.containerNo).toBe(
      "MSKU1234565",
    );
  });
});

describe("control frames", () => {
  it("replace what they name and leave the rest", () => {
    const before = sideWith([vehicle({ vehicleId: "sim.a" }), vehicle({ vehicleId: "sim.b", slot: 1 })]);
    const after = applyControl(before, {
      kind: "changes",
      vehicles: [vehicle({ vehicleId: "sim.b", slot: 1, batteryPct: 5 })],
    });
    expect(after.vehicles.get("sim.b")?.batteryPct).toBe(5);
    expect(after.vehicles.get("sim.a")).toBe(before.vehicles.get("sim.a"));
    expect(after.borderline).toBe(before.borderline);
  });

  it("with a snapshot, forget what it does not name", () => {
    const before = sideWith([vehicle({ vehicleId: "sim.gone" })], [alarm("a")]);
    const after = applyControl(before, {
      kind: "snapshot",
      vehicles: [],
      missions: [],
      alarms: [],
      borderline: { side: "vn", partner: "silent", handoffs: [] },
    });
    expect([after.vehicles.size, after.alarms.size, after.borderline?.partner]).toEqual([0, 0, "silent"]);
  });
});

describe("lists", () => {
  it("put the alarm first that needs a person most", () => {
    const vn = sideWith(
      [],
      [alarm("low", { priority: "low" }), alarm("seen", { priority: "critical", state: "acknowledged" })],
    );
    const cn = sideWith(
      [],
      [alarm("critical", { priority: "critical" }), alarm("older", { priority: "low", raisedAtMs: -1 })],
    );
    expect(mergeAlarms(vn, cn).map(({ alarmId }) => alarmId)).toEqual(["critical", "older", "low", "seen"]);
  });

  it("put held missions before running and these before finished", () => {
    const vn = sideWith([], [], [mission("done", { status: "done" }), mission("old", { stepSinceMs: 1 })]);
    const cn = sideWith([], [], [mission("new", { stepSinceMs: 2 }), mission("held", { status: "held" })]);
    expect(mergeMissions(vn, cn).map(({ missionId }) => missionId)).toEqual(["held", "old", "new", "done"]);
  });

  it("keep running missions in the order in which they began, whichever goes on", () => {
    const begun = (id: string, atMs: number, stepSinceMs: number): MissionView =>
      mission(id, { stepSinceMs, timeline: [{ step: "register-order", atMs, evidence: "" }] });
    const order = (firstMs: number, secondMs: number): readonly string[] =>
      mergeMissions(
        sideWith([], [], [begun("first", 1, firstMs), begun("second", 2, secondMs)]),
        EMPTY_SIDE,
      ).map(({ missionId }) => missionId);
    expect(order(9, 5)).toEqual(["first", "second"]);
    expect(order(5, 9)).toEqual(["first", "second"]);
  });
});

describe("a hand-off in both feeds", () => {
  const line = (side: "vn" | "cn", role: "giver" | "taker", phase: string, sinceMs = 0): SideState => ({
    ...EMPTY_SIDE,
    borderline: {
      side,
      partner: "online",
      handoffs: [{ handoffId: "h", role, phase, vehicleId: "sim.a", sinceMs }],
    },
  });

  it("is one, the giver's word before the taker's, as old as its last change", () => {
    const merged = mergeHandoffs(line("vn", "taker", "accepted", 5), line("cn", "giver", "readied", 9));
    expect(merged).toEqual([
      {
        handoffId: "h",
        vehicleId: "sim.a",
        containerNo: undefined,
        mode: "control-passes",
        register: undefined,
        goByMs: undefined,
        sinceMs: 9,
        told: [
          { side: "cn", role: "giver", phase: "readied" },
          { side: "vn", role: "taker", phase: "accepted" },
        ],
      },
    ]);
  });

  it("names whom the newest register names, and counts down to `go` until either side has said or heard it", () => {
    const told = (
      side: "vn" | "cn",
      over: { register: { authority: "vn" | "cn"; epoch: number }; goByMs?: number },
    ) => {
      const role = side === "vn" ? "giver" : "taker";
      return {
        ...EMPTY_SIDE,
        borderline: {
          side,
          partner: "online" as const,
          handoffs: [
            { handoffId: "h", role, phase: "offered", vehicleId: "sim.a", sinceMs: 0, ...over } as const,
          ],
        },
      };
    };
    const before = { authority: "vn", epoch: 4 } as const;
    const after = { authority: "cn", epoch: 5 } as const;
    const [both] = mergeHandoffs(
      told("vn", { register: before, goByMs: 9 }),
      told("cn", { register: before, goByMs: 9 }),
    );
    expect(both).toMatchObject({ register: before, goByMs: 9 });
    for (const [vn, cn] of [
      [told("vn", { register: after }), told("cn", { register: before, goByMs: 9 })],
      [told("vn", { register: before, goByMs: 9 }), told("cn", { register: after })],
    ] as const) {
      const [gone] = mergeHandoffs(vn, cn);
      expect(gone).toMatchObject({ register: after, goByMs: undefined });
    }
  });

  it("is under way as long as it is for one of them", () => {
    expect(mergeHandoffs(line("vn", "giver", "concluded"), line("cn", "taker", "receipted"))).toHaveLength(1);
    expect(mergeHandoffs(line("vn", "giver", "concluded"), line("cn", "taker", "concluded"))).toEqual([]);
    expect(mergeHandoffs(line("vn", "giver", "declined"), EMPTY_SIDE)).toEqual([]);
  });
});

describe("closed ground", () => {
  const closure = { closureId: "c", edgeIds: ["e"], reason: "oil" };

  it("stays as it was until a frame names it, and is gone when a frame names none", () => {
    const closed = applyControl(EMPTY_SIDE, { kind: "changes", closures: [closure] });
    expect(closed.closures).toEqual([closure]);
    expect(applyControl(closed, { kind: "changes", missions: [mission("m")] }).closures).toBe(
      closed.closures,
    );
    expect(applyControl(closed, { kind: "changes", closures: [] }).closures).toEqual([]);
    expect(sideWith([]).closures).toEqual([]);
  });
});
