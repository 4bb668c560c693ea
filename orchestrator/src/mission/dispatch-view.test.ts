import type { Factsheet, VehicleId, VehicleRecord, VehicleState } from "@baton/fleet-adapter";
import type { NodeId, StationId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { decide } from "../dispatch/dispatch.ts";
import { occupancyOf } from "../dispatch/round.ts";
import { DEFAULT_RULES } from "../dispatch/rules.ts";
import { yardOfSite } from "../dispatch/yard-of-site.ts";
import { standingVehicle } from "../testing/standing-vehicle.ts";
import { outboundContext } from "./begin.ts";
import type { MissionContext } from "./context.ts";
import type { DispatchSources } from "./dispatch-sources.ts";
import { DispatchPicture } from "./dispatch-view.ts";
import { MissionIndex } from "./mission-index.ts";
import { loadProcedures } from "./procedure-files.ts";
import { exportLine, miniSite, order } from "./testing/two-sides.ts";

const site = await miniSite();
const yard = yardOfSite(site, "vn");
const procedures = await loadProcedures();
const vehicleId = "sim.vn-01" as VehicleId;

const CARRIER: Factsheet = {
  manufacturer: "sim",
  serialNumber: "vn-01",
  seriesName: "carrier-15",
  lengthM: 15,
  widthM: 3,
  maxSpeedMps: 6,
  maxLoadKg: 40_000,
  actionTypes: [],
  rollingHandoff: false,
};

function waitingMission(): MissionContext {
  const procedure = procedures.find((one) => one.procedureId === "vn-outbound");
  if (procedure === undefined) throw new Error("no procedure");
  const context = outboundContext(
    {
      missionId: "m-1",
      yard,
      procedure,
      direction: "export",
      line: exportLine(yard),
      atMs: 1_000,
      spareId: "h",
    },
    order(1, "vn"),
  );
  if (context === undefined) throw new Error("no line");
  return { ...context, status: "running", step: "assign-vehicle" };
}

function stateOf(change: Partial<VehicleState>): VehicleState {
  return standingVehicle(vehicleId, { control: { authority: "vn", epoch: 0 }, ...change });
}

/** One side's picture, with one mission and one vehicle. */
class Bench {
  readonly missions = new MissionIndex();
  readonly picture = new DispatchPicture();
  readonly fleet = new Map<VehicleId, VehicleRecord>();
  movingTo: StationId | undefined;
  readonly unheard = new Map<VehicleId, readonly NodeId[]>();

  constructor() {
    this.missions.put(waitingMission());
    this.says({});
  }

  says(change: Partial<VehicleState>): void {
    const state = stateOf(change);
    this.fleet.set(vehicleId, {
      vehicleId,
      connection: "online",
      factsheet: undefined,
      state,
      heardAtMs: 0,
    });
  }

  closedStations: ReadonlySet<StationId> = new Set();

  nowMs = 1_000;
  isAdmitted = true;
  mayTry = true;
  failed: ReadonlySet<VehicleId> = new Set();

  get sources(): DispatchSources {
    return {
      nowMs: this.nowMs,
      yard,
      rules: DEFAULT_RULES,
      line: { state: "open", untilMs: undefined },
      sendsEmpties: true,
      partnerForecast: undefined,
      missions: this.missions,
      fleet: { vehicles: () => this.fleet },
      reservation: { isAdmitted: () => this.isAdmitted },
      failed: this.failed,
      moves: { targetOf: () => this.movingTo, mayTry: () => this.mayTry, turnsAt: () => undefined },
      unheard: this.unheard,
      closedStations: this.closedStations,
      homeOf: () => "vn",
    };
  }

  get isNews(): boolean {
    return this.picture.news(this.sources, false) !== undefined;
  }
}

describe("what dispatch decides on", () => {
  it("is no news a second time, until it is asked for anyway", () => {
    const bench = new Bench();
    expect(bench.isNews).toBe(true);
    expect(bench.isNews).toBe(false);
    bench.says({ batteryPct: 79.9 });
    expect(bench.isNews).toBe(false);
    const view = bench.picture.news(bench.sources, true);
    expect(view?.vehicles[0]?.batteryPct).toBe(79.9);
    expect(view?.missions[0]).toMatchObject({ kind: "wants-vehicle", missionId: "m-1" });
  });

  it("is news when a vehicle is marked as failed, and when it is back at work, though it says nothing itself", () => {
    const bench = new Bench();
    expect(bench.isNews).toBe(true);
    bench.failed = new Set([vehicleId]);
    expect(bench.isNews).toBe(true);
    expect(bench.picture.view(bench.sources).vehicles[0]?.unfit).toBe("has-failed");
    expect(bench.isNews).toBe(false);
    bench.failed = new Set();
    expect(bench.isNews).toBe(true);
    expect(bench.picture.view(bench.sources).vehicles[0]?.unfit).toBeUndefined();
  });

  it("is news when an idle vehicle is stopped or has a fatal error, and when that is over", () => {
    const bench = new Bench();
    const unfit = (): unknown => bench.picture.view(bench.sources).vehicles[0]?.unfit;
    expect(bench.isNews).toBe(true);
    bench.says({ pausedBy: ["cn"] });
    expect(bench.isNews).toBe(true);
    expect(unfit()).toBe("stopped");
    const error = { type: "drive-fault", fatal: true, description: "" };
    bench.says({ pausedBy: ["cn"], errors: [error] });
    expect(bench.isNews).toBe(true);
    expect(unfit()).toBe("in-error");
    bench.says({ errors: [{ ...error, fatal: false }] });
    expect(bench.isNews).toBe(true);
    expect(unfit()).toBeUndefined();
  });

  it("counts containers that the partner keeps out, beyond the vehicles that come with nothing aboard and make room for them", () => {
    const bench = new Bench();
    const offered = (missionId: string): MissionContext => ({
      ...waitingMission(),
      missionId,
      step: "offer",
      stepSinceMs: 1_000,
    });
    bench.missions.put(offered("m-2"));
    bench.missions.put(offered("m-3"));
    expect(bench.picture.view(bench.sources).empties?.keptOut).toBe(0);
    bench.nowMs += DEFAULT_RULES.keptOutMs;
    expect(bench.picture.view(bench.sources).empties?.keptOut).toBe(2);
    const { consignment: _none, ...empty } = waitingMission();
    bench.missions.put({ ...empty, missionId: "in-1", bound: "inbound", step: "cross" });
    expect(bench.picture.view(bench.sources).empties?.keptOut).toBe(1);
  });

  it("is news when an idle vehicle is elsewhere, has a container, or is another side's, and not when one on its way passes a node", () => {
    const bench = new Bench();
    const elsewhere = { lastNodeId: "elsewhere" as NodeId };
    expect(bench.isNews).toBe(true);
    for (const change of [elsewhere, { ...elsewhere, loadIds: ["MSKU1234565"] }, {}]) {
      bench.says(change);
      expect(bench.isNews, JSON.stringify(change)).toBe(true);
    }
    bench.says({ control: { authority: "cn", epoch: 1 } });
    expect(bench.isNews).toBe(true);
    bench.movingTo = "somewhere" as StationId;
    bench.picture.touch(vehicleId);
    expect(bench.isNews).toBe(true);
    bench.says({ control: { authority: "cn", epoch: 1 }, ...elsewhere });
    expect(bench.isNews).toBe(false);
  });

  it("gives nothing to a vehicle that says what it cannot do, and says why; is news when it says so", () => {
    const bench = new Bench();
    bench.says({ pose: { xM: 0, yM: 0, headingRad: 0 } });
    expect(bench.isNews).toBe(true);
    const record = bench.fleet.get(vehicleId);
    if (record === undefined) throw new Error("nobody is there");
    const shortcomings = ["its factsheet does not list pick"];
    bench.fleet.set(vehicleId, { ...record, factsheet: { ...CARRIER, shortcomings } });
    expect(bench.isNews).toBe(true);
    expect(decide(bench.picture.view(bench.sources)).vehicleReasons.get(vehicleId)).toEqual({
      code: "not-able",
      facts: { why: "its factsheet does not list pick" },
    });
    bench.fleet.set(vehicleId, { ...record, factsheet: CARRIER });
    expect(decide(bench.picture.view(bench.sources)).vehicleReasons.get(vehicleId)?.code).not.toBe(
      "not-able",
    );
  });

  it("is news when the ledger takes a vehicle in, and when it may be tried again, though it has said nothing", () => {
    const bench = new Bench();
    bench.isAdmitted = false;
    expect(bench.isNews).toBe(true);
    bench.isAdmitted = true;
    expect(bench.isNews).toBe(true);
    bench.mayTry = false;
    expect(bench.isNews).toBe(true);
    bench.mayTry = true;
    expect(bench.isNews).toBe(true);
    expect(bench.isNews).toBe(false);
  });

  it("does not overlook a vehicle for good of which nobody said that something has changed", () => {
    const bench = new Bench();
    expect(bench.isNews).toBe(true);
    bench.movingTo = "somewhere" as StationId;
    expect(bench.isNews).toBe(false);
    bench.nowMs += 10_000;
    expect(bench.isNews).toBe(true);
    expect(bench.picture.view(bench.sources).vehicles[0]?.movingTo).toBe("somewhere");
  });

  it("looks at all of them again when the clock was set back", () => {
    const bench = new Bench();
    bench.nowMs = 3_600_000;
    expect(bench.isNews).toBe(true);
    bench.movingTo = "somewhere" as StationId;
    bench.nowMs = 1_000;
    expect(bench.isNews).toBe(true);
  });

  it("keeps the stops of a vehicle that was not heard since the start from everybody else", () => {
    const bench = new Bench();
    const away = "sim.vn-02" as VehicleId;
    const nodeAt = (stationId: string) => yard.stations.find((one) => one.stationId === stationId)?.nodeId;
    const stops = ["vn.parking-1", "vn.parking-2"];
    bench.unheard.set(
      away,
      stops.flatMap((stationId) => nodeAt(stationId) ?? []),
    );
    const view = bench.picture.view(bench.sources);
    expect(stops.map((stationId) => occupancyOf(view).get(stationId as StationId))).toEqual([away, away]);
    expect(decide(view).vehicleReasons.get(away)).toEqual({ code: "unheard" });
    bench.unheard.clear();
    expect(occupancyOf(bench.picture.view(bench.sources)).has("vn.parking-2" as StationId)).toBe(false);
  });

  it("is news when a mission comes to want something else, and not when it has only heard something", () => {
    const bench = new Bench();
    const mission = waitingMission();
    expect(bench.isNews).toBe(true);
    bench.missions.put({ ...mission, nowMs: 9_000 });
    expect(bench.isNews).toBe(false);
    bench.missions.put({ ...mission, nowMs: 9_000, status: "held" });
    expect(bench.isNews).toBe(true);
    bench.missions.put({ ...mission, status: "done", endedAtMs: 9_000 });
    expect(bench.isNews).toBe(true);
    expect(bench.picture.view(bench.sources).missions).toEqual([]);
  });
});
