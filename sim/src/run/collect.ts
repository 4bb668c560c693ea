import { DIRECTIONS, handoffPointFor, nodePoseInSite, SIDES, type Side, type Site } from "@baton/maps";
import type { AlarmView, MissionView } from "@baton/orchestrator/contract";
import type { HandoffEvent } from "@baton/orchestrator/rooms";
import type { Body } from "../fast/oracle.ts";
import type { RunningLineCrane } from "../line-crane/line-crane.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Vehicle } from "../vehicle/vehicle.ts";
import { activityIndex, activityOf, STANDS_BELOW_MPS } from "./activity.ts";
import { HandoffsHeard } from "./handoffs-heard.ts";
import { HeatMap } from "./heat.ts";
import { MissionsHeard } from "./missions-heard.ts";
import { placesOf } from "./places.ts";
import { ACTIVITIES, type AlarmRun, type RunCost, type RunRecord, type Sample } from "./record.ts";
import { SafetyWatch } from "./safety.ts";
import { targetOf } from "./target.ts";
import { Traces } from "./traces.ts";

export interface CollectorOptions {
  readonly scenario: Scenario;
  readonly site: Site;
  /** Figures of the scenario that are others in this run, `path=value`. */
  readonly overrides?: readonly string[];
  readonly beginMs: number;
  readonly countFromMs: number;
  /** When the run is to end; the record says when it did. */
  readonly endMs: number;
  /** The vehicles as they truly are. */
  readonly vehicles: readonly {
    readonly model: { readonly vehicleId: string; readonly lengthM: number; readonly widthM: number };
    now(): Vehicle;
  }[];
  /** The cranes at the line as they truly are. */
  readonly lineCranes?: readonly Pick<RunningLineCrane, "deviceId" | "carries" | "travelsOver">[];
}

/** Puts a run's record together from what is heard and seen. Changes nothing in the world. */
export interface Collector {
  mission(side: Side, mission: MissionView, atMs: number): void;
  alarm(side: Side, alarm: AlarmView, atMs: number): void;
  handoff(side: Side, event: HandoffEvent, atMs: number): void;
  /** Looks at all vehicles. To be called once a second of the world's time, at whole seconds. */
  second(atMs: number): void;
  record(end: { readonly endMs: number; readonly hash: string; readonly cost: RunCost }): RunRecord;
}

/** What was seen of a vehicle at one instant. */
interface Look {
  readonly vehicle: Vehicle;
  readonly body: Body;
  /** Index of the station that it is in, -1 on open road. */
  readonly at: number;
  /** What it is busy with, an index, as long as no mission of its waits for a person. */
  readonly activity: number;
}

interface Seen {
  readonly vehicleId: string;
  readonly lengthM: number;
  readonly widthM: number;
  now(): Vehicle;
  last: Look | undefined;
}

const SECOND_MS = 1_000;
const SAMPLE_MS = 60_000;
/** The time-space diagram shows so much of a run, after so much of it that counts. */
const TRACED_MS = 3_600_000;
const TRACED_AFTER = 0.25;
/** Ground beside the outermost station that is still looked at. */
const BESIDE_M = 60;

export function createCollector(options: CollectorOptions): Collector {
  const { scenario, site, beginMs, countFromMs, endMs } = options;
  const seen: Seen[] = options.vehicles.map(({ model, now }) => ({ ...model, now, last: undefined }));
  const longestM = Math.max(0, ...seen.map(({ lengthM }) => lengthM));
  const places = placesOf(site, longestM);
  const missions = new MissionsHeard();
  const handoffs = new HandoffsHeard(holdLinesOf(site));
  const safety = new SafetyWatch();
  const heat = new HeatMap(groundOf(site));
  const traces = new Traces({ ...tracedSpan(countFromMs, endMs), beginMs, ...lanesOf(site) });
  const alarms = new Map<string, AlarmRun>();
  const endedAlarms: AlarmRun[] = [];

  const samples: Sample[] = [];
  const activityS = new Float64Array(ACTIVITIES.length);
  const busyS = new Float64Array(places.stations.length);
  const isBusy = new Uint8Array(places.stations.length);
  let loadedM = 0;
  let emptyM = 0;

  const sample = (atMs: number): void => {
    const busyOf = (side: Side): Record<string, number> =>
      Object.fromEntries(
        places.stations.flatMap((station, index) => {
          const seconds = busyS[index] ?? 0;
          return station.side === side && seconds > 0 ? [[station.stationId, seconds]] : [];
        }),
      );
    samples.push({
      atMs,
      activityS: [...activityS],
      loadedM: Math.round(loadedM * 10) / 10,
      emptyM: Math.round(emptyM * 10) / 10,
      sides: {
        vn: { ...missions.counts("vn"), busyS: busyOf("vn") },
        cn: { ...missions.counts("cn"), busyS: busyOf("cn") },
      },
    });
    activityS.fill(0);
    busyS.fill(0);
    loadedM = 0;
    emptyM = 0;
  };

  /** Where a vehicle is now: the very same as a second ago for one that has slept meanwhile. */
  const lookAt = (one: Seen): Look => {
    const vehicle = one.now();
    const { last, vehicleId, lengthM, widthM } = one;
    if (last?.vehicle === vehicle) return last;
    const { xM, yM, headingRad } = vehicle.pose;
    const at = places.at(xM, yM);
    const look = {
      vehicle,
      body: { vehicleId, xM, yM, headingRad, lengthM, widthM },
      at,
      activity: activityIndex(activityOf(vehicle, places.stations[at]?.kind, false)),
    };
    one.last = look;
    if (last === undefined) return look;
    const drivenM = Math.hypot(xM - last.body.xM, yM - last.body.yM);
    if (vehicle.deck === undefined) emptyM += drivenM;
    else loadedM += drivenM;
    return look;
  };

  const look = (atMs: number, bodies: Body[], one: Seen): void => {
    const { vehicle, body, at, activity: ofItself } = lookAt(one);
    const { vehicleId, xM, yM, headingRad, lengthM } = body;
    const isLoaded = vehicle.deck !== undefined;
    const isDriving = vehicle.speedMps >= STANDS_BELOW_MPS;
    bodies.push(body);
    if (isDriving) safety.moved(vehicleId, atMs);
    if (at >= 0 && isBusy[at] === 0) {
      isBusy[at] = 1;
      busyS[at] = (busyS[at] ?? 0) + 1;
    }
    const activity = missions.isHeld(vehicleId)
      ? activityIndex(activityOf(vehicle, places.stations[at]?.kind, true))
      : ofItself;
    activityS[activity] = (activityS[activity] ?? 0) + 1;
    handoffs.see(vehicleId, xM, isDriving, atMs);
    traces.see(vehicleId, atMs, xM, headingRad, isLoaded);
    if (atMs >= countFromMs) heat.add(xM, yM, headingRad, lengthM, isDriving, 1);
  };

  return {
    mission: (side, view, atMs) => missions.hear(side, view, atMs),
    alarm: (side, { alarmId, code, priority, state, raisedAtMs }, atMs) => {
      const key = `${side} ${alarmId}`;
      const standing = alarms.get(key);
      if (state !== "returned") {
        if (standing === undefined) alarms.set(key, { side, code, priority, raisedMs: raisedAtMs });
        return;
      }
      if (standing === undefined) return;
      alarms.delete(key);
      endedAlarms.push({ ...standing, endMs: atMs });
    },
    handoff: (_side, event, atMs) => handoffs.hear(event, atMs),
    second: (atMs) => {
      if (atMs % SECOND_MS !== 0) throw new RangeError(`${atMs} is no whole second`);
      const bodies: Body[] = [];
      isBusy.fill(0);
      for (const one of seen) look(atMs, bodies, one);
      safety.look(bodies, atMs);
      for (const { deviceId, travelsOver } of options.lineCranes ?? [])
        safety.lookBelow(deviceId, travelsOver(), bodies, atMs);
      if (atMs % SAMPLE_MS === 0) sample(atMs);
    },
    record: ({ endMs: ended, hash, cost }) => {
      const target = targetOf(scenario);
      return {
        recordVersion: 1,
        scenarioId: scenario.scenarioId,
        title: scenario.title,
        question: scenario.question,
        siteId: scenario.siteId,
        seed: scenario.seed,
        overrides: [...(options.overrides ?? [])],
        beginMs,
        countFromMs: Math.min(countFromMs, ended),
        endMs: ended,
        vehicles: seen.length,
        stations: [...places.stations],
        ...(target === undefined ? {} : { target }),
        hash,
        missions: missions.runs(),
        handoffs: handoffs.runs(),
        samples,
        traces: traces.all(),
        heat: heat.cells(),
        alarms: [...endedAlarms, ...alarms.values()].sort((a, b) => a.raisedMs - b.raisedMs),
        safety: safety.findings(
          seen.map(({ vehicleId, now }) => ({ vehicleId, vehicle: now() })),
          (options.lineCranes ?? []).map((crane) => ({ craneId: crane.deviceId, carries: crane.carries() })),
          missions,
          ended,
        ),
        cost,
      };
    },
  };
}

function tracedSpan(
  countFromMs: number,
  endMs: number,
): { readonly fromMs: number; readonly untilMs: number } {
  const fromMs = Math.max(
    countFromMs,
    Math.min(countFromMs + TRACED_AFTER * (endMs - countFromMs), endMs - TRACED_MS),
  );
  return { fromMs, untilMs: fromMs + TRACED_MS };
}

function holdLinesOf(site: Site): Readonly<Partial<Record<(typeof DIRECTIONS)[number], number>>> {
  return Object.fromEntries(
    DIRECTIONS.flatMap((direction) => {
      const point = handoffPointFor(site, direction);
      const side = direction === "export" ? "vn" : "cn";
      const pose = point === undefined ? undefined : nodePoseInSite(site, side, point.hold.giverNodeId);
      return pose === undefined ? [] : [[direction, pose.xM]];
    }),
  );
}

/** From where to where the unmanned lanes run. */
function lanesOf(site: Site): { readonly fromXM: number; readonly toXM: number } {
  const xM = SIDES.flatMap((side) => site.file.sides[side].lanes)
    .filter(({ kind }) => kind === "unmanned")
    .flatMap(({ centreLine }) => centreLine.map((point) => point.xM));
  return { fromXM: Math.min(...xM), toXM: Math.max(...xM) };
}

function groundOf(site: Site): ConstructorParameters<typeof HeatMap>[0] {
  const at = SIDES.flatMap((side) => site.file.sides[side].stations.map((station) => station.at));
  const xM = at.map((one) => one.xM);
  const yM = at.map((one) => one.yM);
  return {
    fromXM: Math.min(...xM) - BESIDE_M,
    toXM: Math.max(...xM) + BESIDE_M,
    fromYM: Math.min(...yM) - BESIDE_M,
    toYM: Math.max(...yM) + BESIDE_M,
  };
}
