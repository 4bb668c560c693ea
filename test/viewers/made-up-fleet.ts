import type { VehicleId, VehicleRecord } from "@baton/fleet-adapter";
import type { EdgeId } from "@baton/maps";
import type { MissionView, SiteView } from "@baton/orchestrator/contract";
import type { Holding } from "../../orchestrator/src/reservation/port.ts";

type Road = SiteView["roads"][number];

const SPEED_MPS = 5;
/** Edges that a vehicle holds ahead of itself, and that it plans beyond. */
const GRANTED = 2;
const PLANNED = 5;
/** Of ten vehicles, so many carry a container, and are on a mission with it. */
const LOADED_OF_TEN = 6;
/** The one that says which way it will drive, as vehicles of VDA 5050 3.0 do. */
const TELLS_ITS_WAY = 6;

interface Driver {
  readonly vehicleId: VehicleId;
  /** The road it is on, and those it takes next. */
  way: Road[];
  alongM: number;
  /** How many roads it has left behind: its choices at forks follow from it. */
  driven: number;
}

/**
 * Vehicles that drive about on the roads of a site, without regard for each other: as many pose, grant and mission changes
 * as real traffic makes, for those who look at it. The same number at the same time gives the same picture.
 */
export class MadeUpFleet {
  readonly #roads: readonly Road[];
  readonly #onward = new Map<string, Road[]>();
  readonly #drivers = new Map<VehicleId, Driver>();
  readonly #records = new Map<VehicleId, VehicleRecord>();
  #atMs: number;

  constructor(site: SiteView, vehicles: number, atMs: number) {
    this.#atMs = atMs;
    this.#roads = site.roads.filter(({ side }) => side === site.side);
    for (const road of this.#roads) {
      const from = placeOf(road, 0);
      this.#onward.set(from, [...(this.#onward.get(from) ?? []), road]);
    }
    for (let i = 0; i < vehicles; i++) {
      const vehicleId = `made-up.${site.side}-${String(i + 1).padStart(4, "0")}` as VehicleId;
      const begin = this.#roads[(i * 7919) % this.#roads.length];
      if (begin === undefined) throw new Error("a site without roads has no traffic");
      const driver = { vehicleId, way: [begin], alongM: 0, driven: i };
      this.#plan(driver);
      this.#drivers.set(vehicleId, driver);
    }
    this.driveTo(atMs);
  }

  vehicles(): ReadonlyMap<VehicleId, VehicleRecord> {
    return this.#records;
  }

  holding(vehicleId: VehicleId): Holding | undefined {
    const driver = this.#drivers.get(vehicleId);
    if (driver === undefined) return undefined;
    const ids = driver.way.map(({ edgeId }) => edgeId as EdgeId);
    return {
      legId: undefined,
      grantedEdgeIds: ids.slice(0, 1 + GRANTED),
      plannedEdgeIds: ids.slice(1 + GRANTED),
      waitingFor: undefined,
    };
  }

  /** A mission for each vehicle that carries something. */
  missions(side: "vn" | "cn"): readonly MissionView[] {
    return [...this.#records.values()].flatMap((record, i): MissionView[] => {
      const containerNo = record.state?.loadIds[0];
      if (containerNo === undefined) return [];
      return [
        {
          missionId: `m-${i}`,
          orderId: `o-${i}`,
          side,
          direction: "export",
          bound: "outbound",
          containerNo,
          vehicleId: record.vehicleId,
          step: "drive-to-buffer",
          stepSinceMs: this.#atMs - 60_000,
          status: "running",
          steps: ["load", "drive-to-buffer", "verdict"],
          timeline: [],
        },
      ];
    });
  }

  /** Moves all to where they are at `atMs`, which never goes back. */
  driveTo(atMs: number): void {
    const byM = ((atMs - this.#atMs) / 1000) * SPEED_MPS;
    this.#atMs = atMs;
    let i = 0;
    for (const driver of this.#drivers.values()) {
      driver.alongM += byM;
      for (let road = driver.way[0]; road !== undefined; road = driver.way[0]) {
        const lengthM = lengthOf(road);
        if (driver.alongM < lengthM) break;
        driver.alongM -= lengthM;
        driver.way.shift();
        driver.driven += 1;
        this.#plan(driver);
      }
      this.#records.set(driver.vehicleId, this.#recordOf(driver, i++));
    }
  }

  #plan(driver: Driver): void {
    while (driver.way.length <= GRANTED + PLANNED) {
      const last = driver.way.at(-1);
      const choices = last === undefined ? [] : (this.#onward.get(placeOf(last, last.xM.length - 1)) ?? []);
      const from = choices.length === 0 ? this.#roads : choices;
      const next = from[(driver.driven + driver.way.length * 31) % from.length];
      if (next === undefined) return;
      driver.way.push(next);
    }
  }

  #recordOf({ vehicleId, way, alongM }: Driver, i: number): VehicleRecord {
    const pose = way[0] === undefined ? undefined : poseOn(way[0], alongM);
    const isLoaded = i % 10 < LOADED_OF_TEN;
    return {
      vehicleId,
      connection: "online",
      factsheet: undefined,
      state: {
        vehicleId,
        atMs: this.#atMs,
        pose,
        speedMps: SPEED_MPS,
        driving: true,
        pausedBy: [],
        orderId: undefined,
        orderRevision: 0,
        lastNodeId: undefined,
        lastNodeSequence: 0,
        nodesAhead: 0,
        releasedNodeIds: [],
        releasedEdgeIds: [],
        plannedAhead: 0,
        batteryPct: 100 - ((this.#atMs / 60_000 + 3 * i) % 80),
        charging: false,
        loadIds: isLoaded ? [`BATU${String(100_000 + i)}0`] : [],
        operatingMode: "automatic",
        emergencyStop: false,
        control: { authority: "vn", epoch: 1 },
        errors: [],
        ...(i === TELLS_ITS_WAY ? { plannedWays: [way.slice(1).flatMap(pointsOf)] } : {}),
      },
    };
  }
}

const pointsOf = ({ xM, yM }: Road): readonly { readonly xM: number; readonly yM: number }[] =>
  xM.map((x, at) => ({ xM: x, yM: yM[at] ?? 0 }));

const placeOf = ({ xM, yM }: Road, at: number): string =>
  `${(xM[at] ?? 0).toFixed(2)} ${(yM[at] ?? 0).toFixed(2)}`;

const stepM = ({ xM, yM }: Road, i: number): number =>
  Math.hypot((xM[i] ?? 0) - (xM[i - 1] ?? 0), (yM[i] ?? 0) - (yM[i - 1] ?? 0));

function lengthOf(road: Road): number {
  let lengthM = 0;
  for (let i = 1; i < road.xM.length; i++) lengthM += stepM(road, i);
  // A road without length would be passed without end.
  return Math.max(0.1, lengthM);
}

/** Site frame. */
function poseOn(road: Road, alongM: number): { xM: number; yM: number; headingRad: number } {
  const { xM, yM } = road;
  let leftM = alongM;
  let i = 1;
  while (i < xM.length - 1 && leftM > stepM(road, i)) leftM -= stepM(road, i++);
  const dxM = (xM[i] ?? 0) - (xM[i - 1] ?? 0);
  const dyM = (yM[i] ?? 0) - (yM[i - 1] ?? 0);
  const part = Math.min(1, leftM / Math.max(0.001, Math.hypot(dxM, dyM)));
  return {
    xM: (xM[i - 1] ?? 0) + dxM * part,
    yM: (yM[i - 1] ?? 0) + dyM * part,
    headingRad: Math.atan2(dyM, dxM),
  };
}
