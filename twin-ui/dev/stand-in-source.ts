import type { Side } from "@baton/maps";
import {
  type AlarmView,
  decodePoseFrame,
  encodePoseFrame,
  type HandoffView,
  type MissionView,
  PoseFlag,
  type SiteView,
  STEPS,
  type VehicleView,
} from "@baton/orchestrator/contract";
import type { FeedMessage, FeedSource } from "../src/feed/source.ts";
import { hash2 } from "../src/scene/geometry/noise.ts";
import { type Polyline, placeAt, polylineOf } from "../src/scene/geometry/polyline.ts";

/**
 * For development without an orchestrator: vehicles that wander over a site's roads, so that the scene can be looked
 * at, and measured with any number of them (`?vehicles=300`). It knows nothing of missions or the law; never part of
 * a build.
 */
const TICK_MS = 250;
const SPEED_MPS = 4.6;
const GRANTED_M = 60;
const PLANNED_M = 140;
const SIDES: readonly Side[] = ["vn", "cn"];

interface Road {
  readonly edgeId: string;
  readonly line: Polyline;
  readonly next: Road[];
}

interface Wanderer {
  readonly vehicleId: string;
  readonly path: Road[];
  alongM: number;
  speedMps: number;
  dwellS: number;
  loaded: boolean;
  containerNo: string;
  trips: number;
  visited: string;
}

export function standInSource(site: SiteView, vehicles: number): FeedSource {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    start(onMessage) {
      const world = new World(site, vehicles);
      for (let i = 0; i < 4 * 60; i++) world.step(TICK_MS / 1000);
      for (const side of SIDES) {
        onMessage({ kind: "link", side, state: "live" });
        onMessage({
          kind: "control",
          side,
          frame: { kind: "hello", side, siteId: site.siteId, tickMs: TICK_MS, speed: 1, nowMs: Date.now() },
        });
        onMessage(world.slow(side, Date.now(), "snapshot"));
      }
      let tick = 0;
      timer = setInterval(() => {
        tick++;
        world.step(TICK_MS / 1000);
        for (const side of SIDES) {
          const frame = decodePoseFrame(world.poses(side, tick, Date.now()));
          if (frame !== undefined) onMessage({ kind: "poses", side, frame });
          if (tick % 4 === 0) onMessage(world.slow(side, Date.now(), "changes"));
        }
      }, TICK_MS);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

class World {
  readonly #site: SiteView;
  readonly #wanderers: Wanderer[] = [];

  constructor(site: SiteView, count: number) {
    this.#site = site;
    const roads = graphOf(site);
    const long = roads.filter((road) => road.line.lengthM > 12 && road.next.length > 0);
    for (let i = 0; i < count; i++) {
      const road = long[Math.floor(hash2(i, 77) * long.length)];
      if (road === undefined) continue;
      this.#wanderers.push({
        vehicleId: `sim.${i % 2 === 0 ? "vn" : "cn"}-${String(i + 1).padStart(2, "0")}`,
        path: [road],
        alongM: 0,
        speedMps: 0,
        dwellS: 0,
        loaded: hash2(i, 5) < 0.7,
        containerNo: containerNo(i, 0),
        trips: 0,
        visited: "",
      });
    }
  }

  step(deltaS: number): void {
    for (const [i, w] of this.#wanderers.entries()) {
      this.#extend(w, i);
      const pose = this.#poseOf(w);
      if (w.dwellS > 0) {
        w.dwellS -= deltaS;
        w.speedMps = 0;
        if (w.dwellS <= 0 && w.visited.includes("crane")) {
          w.loaded = !w.loaded;
          w.trips++;
          w.containerNo = containerNo(i, w.trips);
        }
        continue;
      }
      const station = this.#site.stations.find((s) => Math.hypot(s.xM - pose.xM, s.yM - pose.yM) < 1.5);
      if (station !== undefined && station.stationId !== w.visited) {
        w.visited = station.stationId;
        w.dwellS =
          station.kind === "crane" ? 36 : station.kind.includes("gate") || station.kind === "portal" ? 9 : 0;
        if (w.dwellS > 0) continue;
      }
      const wanted = this.#isBlocked(w) ? 0 : SPEED_MPS;
      w.speedMps += Math.max(-1.6 * deltaS, Math.min(0.6 * deltaS, wanted - w.speedMps));
      w.alongM += w.speedMps * deltaS;
      let first = w.path[0];
      while (first !== undefined && w.alongM > first.line.lengthM && w.path.length > 1) {
        w.alongM -= first.line.lengthM;
        w.path.shift();
        first = w.path[0];
      }
    }
  }

  poses(side: Side, tick: number, atMs: number): Uint8Array {
    return encodePoseFrame(
      tick,
      atMs,
      this.#wanderers.map((w, slot) => {
        const pose = this.#poseOf(w);
        const ours = (pose.xM < 0 ? "vn" : "cn") === side ? PoseFlag.ours : 0;
        const trouble = slot === 3 ? PoseFlag.trouble : 0;
        const flags =
          (w.loaded ? PoseFlag.loaded : 0) | (w.speedMps > 0 ? PoseFlag.driving : 0) | ours | trouble;
        return { slot, flags, batteryPct: 40 + 55 * hash2(slot, 8), ...pose, speedMps: w.speedMps };
      }),
    );
  }

  slow(side: Side, nowMs: number, kind: "snapshot" | "changes"): FeedMessage {
    const vehicles: VehicleView[] = [];
    const missions: MissionView[] = [];
    const handoffs: HandoffView[] = [];
    const alarms: AlarmView[] = [];
    for (const [slot, w] of this.#wanderers.entries()) {
      const pose = this.#poseOf(w);
      const authority: Side = pose.xM < 0 ? "vn" : "cn";
      const { granted, planned } = this.#ahead(w);
      vehicles.push({
        ...{
          vehicleId: w.vehicleId,
          slot,
          connection: "online",
          authority,
          epoch: 4,
          charging: false,
          lastReportAtMs: nowMs,
        },
        ...{
          batteryPct: 40 + 55 * hash2(slot, 8),
          loadIds: w.loaded ? [w.containerNo] : [],
          grantedEdgeIds: granted,
          plannedEdgeIds: planned,
        },
      });
      if (authority !== side) continue;
      const outbound = pose.yM < 0 === (side === "vn");
      const step =
        STEPS[
          w.visited.includes("crane") && w.dwellS > 0
            ? 4
            : Math.min(22, 5 + Math.floor((Math.abs(pose.xM) / 25) % 17))
        ] ?? "load";
      missions.push({
        ...{
          missionId: `m-${slot}`,
          orderId: `VN-2027-${1000 + slot}`,
          side,
          direction: pose.yM < 0 ? "export" : "import",
        },
        ...{ bound: outbound ? "outbound" : "inbound", containerNo: w.containerNo, vehicleId: w.vehicleId },
        ...{
          step,
          stepSinceMs: nowMs - 9000 - 4000 * slot,
          status: slot === 3 ? "held" : "running",
          steps: [...STEPS],
          timeline: [],
        },
        ...(slot === 3
          ? { held: { code: "weight-mismatch", detail: "26,480 kg weighed, 24,100 kg declared" } }
          : {}),
      });
      if (slot === 3) {
        alarms.push({
          ...{
            alarmId: "a-1",
            side,
            code: "mission.held",
            detail: "26,480 kg weighed, 24,100 kg declared",
            priority: "high",
          },
          ...{
            state: "unacknowledged",
            occurrences: 1,
            raisedAtMs: nowMs - 70_000,
            vehicleId: w.vehicleId,
            missionId: `m-${slot}`,
          },
        });
      }
      if (Math.abs(pose.xM) < 75) {
        handoffs.push({
          ...{
            handoffId: `h-${slot}`,
            role: outbound ? "giver" : "taker",
            phase: outbound ? "readied" : "switched",
          },
          ...{ vehicleId: w.vehicleId, containerNo: w.containerNo, sinceMs: nowMs - 7000 },
        });
      }
    }
    const borderline = { side, partner: "online" as const, lastPartnerMessageAtMs: nowMs - 1200, handoffs };
    return { kind: "control", side, frame: { kind, vehicles, missions, alarms, borderline } };
  }

  #poseOf(w: Wanderer): { xM: number; yM: number; headingRad: number } {
    const road = w.path[0];
    return road === undefined ? { xM: 0, yM: 0, headingRad: 0 } : placeAt(road.line, w.alongM);
  }

  #extend(w: Wanderer, i: number): void {
    let last = w.path[w.path.length - 1];
    let lengthM = w.path.reduce((sum, road) => sum + road.line.lengthM, 0) - w.alongM;
    for (let step = 0; last !== undefined && lengthM < GRANTED_M + PLANNED_M && step < 40; step++) {
      const { next } = last;
      const chosen: Road | undefined =
        next[Math.floor(hash2(i * 31 + Math.round(last.line.xM[0] ?? 0), w.trips * 7 + step) * next.length)];
      if (chosen === undefined) return;
      w.path.push(chosen);
      lengthM += chosen.line.lengthM;
      last = chosen;
    }
  }

  #isBlocked(w: Wanderer): boolean {
    const ahead: { xM: number; yM: number }[] = [];
    let leftM = 25 + w.alongM;
    for (const { line } of w.path) {
      for (let at = 8; at < Math.min(line.lengthM, leftM); at += 5)
        if (line !== w.path[0]?.line || at > w.alongM + 6) ahead.push(placeAt(line, at));
      leftM -= line.lengthM;
      if (leftM <= 0) break;
    }
    const me = this.#wanderers.indexOf(w);
    return this.#wanderers.some((other, k) => {
      if (k === me) return false;
      const pose = this.#poseOf(other);
      const near = ahead.some(({ xM, yM }) => Math.hypot(xM - pose.xM, yM - pose.yM) < 9.5);
      return (
        near && (k < me || !ahead.some(({ xM, yM }) => Math.hypot(xM - pose.xM, yM - pose.yM) < 3) === false)
      );
    });
  }

  #ahead(w: Wanderer): { granted: string[]; planned: string[] } {
    const granted: string[] = [];
    const planned: string[] = [];
    let lengthM = -w.alongM;
    for (const road of w.path) {
      if (lengthM < GRANTED_M && !(w.dwellS > 0 && granted.length > 0)) granted.push(road.edgeId);
      else if (lengthM < GRANTED_M + PLANNED_M) planned.push(road.edgeId);
      lengthM += road.line.lengthM;
    }
    return { granted, planned };
  }
}

function containerNo(i: number, trip: number): string {
  const owner = ["MSKU", "TCLU", "CMAU", "HLXU", "OOLU", "TGHU"][(i + trip) % 6] ?? "MSKU";
  return `${owner}${String(100000 + Math.floor(hash2(i, trip) * 899999))}${(i * 7 + trip) % 10}`;
}

function graphOf(site: SiteView): readonly Road[] {
  const roads: Road[] = site.roads.flatMap(({ edgeId, xM, yM }) => {
    const line = polylineOf(xM, yM);
    return line === undefined || line.lengthM < 0.5 ? [] : [{ edgeId, line, next: [] }];
  });
  for (const road of roads) {
    const end = placeAt(road.line, road.line.lengthM);
    for (const other of roads) {
      const start = placeAt(other.line, 0);
      const final = placeAt(other.line, other.line.lengthM);
      if (
        Math.hypot(start.xM - end.xM, start.yM - end.yM) > 0.3 ||
        Math.cos(start.headingRad - end.headingRad) < 0.9
      )
        continue;
      // No turning back on the spot: a wanderer would never get over the line.
      if (Math.cos(final.headingRad - start.headingRad) > -0.5) road.next.push(other);
    }
  }
  return roads;
}
