import { type DeviceView, PoseFlag } from "@baton/orchestrator/contract";
import {
  BoxGeometry,
  type BufferGeometry,
  Color,
  Group,
  InstancedMesh,
  Matrix4,
  type Mesh,
  MeshLambertMaterial,
} from "three";
import type { Fleet, FleetPoses } from "../../feed/fleet.ts";
import { type Approach, ARM_AHEAD_M, armIsUp } from "../barrier.ts";
import { CraneMotion, type CraneWork, type Hook } from "../crane-motion.ts";
import { CARRIER } from "../geometry/carrier-geometry.ts";
import {
  CONTAINER,
  containerBox,
  containerGeometry,
  corrugationTexture,
} from "../geometry/container-geometry.ts";
import { ropesGeometry, spreaderGeometry } from "../geometry/hoist-geometry.ts";
import { SolidBuilder } from "../geometry/solid-builder.ts";
import { groundShadowOf } from "../ground-shadow.ts";
import { commitInstances } from "../instances.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { ReachCells } from "../reach-cells.ts";
import { NOSE_M } from "../ribbons.ts";
import type { StationView } from "../site-plan.ts";
import { CRANE_BEAM_M } from "../station-solids.ts";
import { armShare, FRESH_PAINT, hookToldBy, isUnderWay, OLD_PAINT, seenAtMs } from "../told-gear.ts";
import { NO_WAYS, newWays, type Way } from "../way-book.ts";
import { containerColour } from "./cargo-layer.ts";

const ARM_LENGTH_M = 5;
const ARM_UP_RAD = 1.42;
const ARM_RAD_PER_S = 0.9;
const REACH_M = 40;
/** So often it is looked at who is near a barrier. */
const LOOK_EVERY_S = 0.2;
const BARRIER_KINDS: ReadonlySet<string> = new Set(["portal", "exit-gate", "entry-gate"]);
/** Where a crane over the lane lifts containers on and off. */
const CRANE_KINDS: ReadonlySet<string> = new Set(["crane", "exchange-pad"]);
const LAND_M = CARRIER.deckM + CONTAINER.heightM;

interface Barrier {
  readonly station: StationView;
  /** Who is near, as looked last. */
  readonly approaches: Approach[];
  /** Whose arm it is and where it says that it is; undefined where no device has said so. */
  device: DeviceView | undefined;
  goalRad: number;
  /** Undefined before it was drawn. */
  drawnRad: number | undefined;
}

interface Crane {
  readonly station: StationView;
  /** Drawn where the crane itself does not say where its spreader is. */
  readonly motion: CraneMotion;
  device: DeviceView | undefined;
  containerNo: string | undefined;
  work: CraneWork;
  drawn: Hook;
}

const NO_WORK: CraneWork = { kind: "none", loaded: false };
/** A vehicle that is so near a crane's place stands under it. */
const UNDER_CRANE_M = 2;
const STANDS_MPS = 0.05;

/** What moves at stations: barrier arms, and the cranes' trolleys, ropes, spreaders and hanging containers. */
export class GearLayer implements Layer {
  readonly object = new Group();
  readonly #fleet: Fleet;
  readonly #barriers: readonly Barrier[];
  readonly #nearBarriers: ReachCells;
  readonly #cranes: readonly Crane[];
  readonly #arms: InstancedMesh;
  readonly #trolleys: InstancedMesh;
  readonly #ropes: InstancedMesh;
  readonly #spreaders: InstancedMesh;
  readonly #boxes: InstancedMesh;
  readonly #boxShadows: Mesh;
  readonly #trolleyShadows: Mesh;
  readonly #disposables: { dispose(): void }[] = [];
  readonly #matrix = new Matrix4();
  readonly #part = new Matrix4();
  readonly #colour = new Color();
  #lookInS = 0;
  #areCranesDrawn = false;
  readonly #wayOf = new Map<string, Way>();
  #ways = NO_WAYS;
  #missions: SlowState["missions"] | undefined;
  #devices: SlowState["devices"] | undefined;
  #workOf: ReadonlyMap<
    string,
    { readonly kind: "load" | "unload"; readonly containerNo: string | undefined }
  > = new Map();

  constructor(input: SceneInput, fleet: Fleet) {
    this.#fleet = fleet;
    const { stations } = input.plan;
    this.#barriers = stations
      .filter(({ kind }) => BARRIER_KINDS.has(kind))
      .map((station) => ({ station, approaches: [], device: undefined, goalRad: 0, drawnRad: undefined }));
    this.#nearBarriers = new ReachCells(
      this.#barriers.map(({ station }) => station),
      REACH_M,
    );
    this.#cranes = stations
      .filter(({ kind }) => CRANE_KINDS.has(kind))
      .map((station) => {
        const motion = new CraneMotion(LAND_M);
        const { hook } = motion;
        return { station, motion, device: undefined, containerNo: undefined, work: NO_WORK, drawn: hook };
      });
    const painted = new MeshLambertMaterial({ vertexColors: true });
    const steel = new MeshLambertMaterial({ color: "#5b6166" });
    const texture = corrugationTexture();
    const box = new MeshLambertMaterial({ map: texture });
    this.#arms = this.#instances(armGeometry(), painted, this.#barriers.length);
    this.#trolleys = this.#instances(new BoxGeometry(5.6, 2.4, 0.8), steel, this.#cranes.length);
    this.#ropes = this.#instances(ropesGeometry(), steel, this.#cranes.length);
    this.#spreaders = this.#instances(spreaderGeometry(), steel, this.#cranes.length);
    this.#boxes = this.#instances(containerGeometry(), box, this.#cranes.length);
    this.#boxShadows = groundShadowOf(this.#boxes, input.shadow, containerBox());
    this.#trolleyShadows = groundShadowOf(this.#trolleys, input.shadow);
    this.object.add(this.#boxShadows, this.#trolleyShadows);
    this.#disposables.push(this.#boxShadows.geometry);
    for (let i = 0; i < this.#barriers.length; i++) this.#arms.setColorAt(i, this.#colour.set(FRESH_PAINT));
    this.#boxes.setColorAt(0, this.#colour.set("#888888"));
    this.#disposables.push(painted, steel, texture, box);
  }

  update(state: SlowState): void {
    if (this.#ways !== state.ways) {
      for (const way of newWays(this.#ways, state.ways)) this.#wayOf.set(way.vehicleId, way);
      this.#ways = state.ways;
    }
    if (this.#devices !== state.devices) {
      this.#devices = state.devices;
      this.#hearDevices(state.devices);
    }
    if (this.#missions === state.missions) return;
    this.#missions = state.missions;
    const work = new Map<string, { kind: "load" | "unload"; containerNo: string | undefined }>();
    for (const { vehicleId, containerNo, step, status } of state.missions) {
      if (vehicleId === undefined || status === "done" || (step !== "load" && step !== "unload")) continue;
      work.set(vehicleId, { kind: step, containerNo });
    }
    this.#workOf = work;
  }

  startFrame(frame: FrameInfo): boolean {
    const arms = this.#moveArms(frame);
    const cranes = this.#moveCranes(frame);
    return arms || cranes;
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #instances(geometry: BufferGeometry, material: MeshLambertMaterial, count: number): InstancedMesh {
    const mesh = new InstancedMesh(geometry, material, Math.max(1, count));
    mesh.count = count;
    mesh.frustumCulled = false;
    this.object.add(mesh);
    this.#disposables.push(geometry, mesh);
    return mesh;
  }

  /** An arm whose gate is away is dimmed: it was there when it was heard last. */
  #hearDevices(devices: readonly DeviceView[]): void {
    const moving = new Map(
      devices.flatMap((device) =>
        device.position === undefined ? [] : [[device.stationId, device] as const],
      ),
    );
    for (const crane of this.#cranes) crane.device = moving.get(crane.station.stationId);
    this.#barriers.forEach((barrier, i) => {
      barrier.device = moving.get(barrier.station.stationId);
      this.#arms.setColorAt(i, this.#colour.set(barrier.device?.state === "away" ? OLD_PAINT : FRESH_PAINT));
    });
    if (this.#arms.instanceColor !== null) this.#arms.instanceColor.needsUpdate = true;
  }

  #moveArms(frame: FrameInfo): boolean {
    this.#lookInS -= frame.deltaS;
    const isLooking = this.#lookInS <= 0;
    if (isLooking) {
      this.#lookInS = LOOK_EVERY_S;
      this.#lookWhoIsNear(frame);
    }
    let isMoving = false;
    let isChanged = false;
    this.#barriers.forEach((barrier, i) => {
      const before = barrier.drawnRad;
      if (this.#swing(barrier, frame, isLooking)) isMoving = true;
      if (before === barrier.drawnRad) return;
      isChanged = true;
      this.#stationMatrix(barrier.station);
      this.#part.makeRotationX(barrier.drawnRad ?? 0).setPosition(ARM_AHEAD_M, -2.5, 1.05);
      this.#arms.setMatrixAt(i, this.#part.premultiply(this.#matrix));
    });
    if (isChanged) commitInstances(this.#arms, this.#barriers.length);
    return isMoving;
  }

  /** Where an arm is now: as its gate says, else as grants let one think. True while it moves. */
  #swing(barrier: Barrier, frame: FrameInfo, isLooking: boolean): boolean {
    const { device } = barrier;
    if (device?.position !== undefined && frame.siteNowMs !== undefined) {
      const atMs = seenAtMs(device, frame.siteNowMs);
      barrier.drawnRad = (armShare(device.position, atMs) ?? 0) * ARM_UP_RAD;
      return device.state !== "away" && isUnderWay(device.position, atMs);
    }
    if (isLooking) barrier.goalRad = armIsUp(barrier.approaches) ? ARM_UP_RAD : 0;
    const stepRad = frame.reducedMotion ? Number.POSITIVE_INFINITY : ARM_RAD_PER_S * frame.deltaS;
    const fromRad = barrier.drawnRad ?? 0;
    barrier.drawnRad = fromRad + Math.max(-stepRad, Math.min(stepRad, barrier.goalRad - fromRad));
    return barrier.drawnRad !== barrier.goalRad;
  }

  /** Vehicles near each barrier, seen from it. */
  #lookWhoIsNear({ fleet }: FrameInfo): void {
    for (const { approaches } of this.#barriers) approaches.length = 0;
    for (let i = 0; i < fleet.count; i++) {
      const xM = fleet.xM[i] ?? 0;
      const found = this.#nearBarriers.near(xM);
      if (found.length === 0) continue;
      for (const near of found) {
        const barrier = this.#barriers[near];
        if (barrier === undefined) continue;
        const { station, approaches } = barrier;
        const yM = fleet.yM[i] ?? 0;
        if ((xM - station.xM) ** 2 + (yM - station.yM) ** 2 > REACH_M ** 2) continue;
        const end = this.#wayOf.get(fleet.vehicleIds[i] ?? "")?.granted?.lines.at(-1);
        const { alongM, offM } = seenFrom(station, xM, yM);
        const last =
          end === undefined ? undefined : seenFrom(station, end.xM.at(-1) ?? 0, end.yM.at(-1) ?? 0);
        approaches.push({
          alongM,
          offM,
          grantedNoseM: last === undefined ? undefined : last.alongM + NOSE_M,
        });
      }
    }
  }

  #moveCranes(frame: FrameInfo): boolean {
    let isMoving = false;
    let isChanged = false;
    this.#workingCranes(frame);
    for (const crane of this.#cranes) {
      const { acrossM, heightM, carrying } = crane.drawn;
      if (this.#hoist(crane, frame)) isMoving = true;
      const { drawn } = crane;
      if (drawn.acrossM !== acrossM || drawn.heightM !== heightM || drawn.carrying !== carrying)
        isChanged = true;
    }
    if (isChanged || !this.#areCranesDrawn) this.#drawCranes();
    return isMoving;
  }

  /** Where a spreader is now: as its crane says, else as the work below lets one think. True while it moves. */
  #hoist(crane: Crane, frame: FrameInfo): boolean {
    const { device, motion, work, station } = crane;
    const told = device?.position;
    const atMs =
      frame.siteNowMs === undefined || device === undefined ? 0 : seenAtMs(device, frame.siteNowMs);
    const hook = told === undefined || frame.siteNowMs === undefined ? undefined : hookToldBy(told, atMs);
    if (told !== undefined && hook !== undefined) {
      // As long as the vehicle below says that it has the container, it is drawn there, and once.
      crane.drawn = { ...hook, carrying: hook.carrying && !hasLoadBelow(frame.fleet, station) };
      crane.containerNo = hook.containerNo;
      return device?.state !== "away" && isUnderWay(told, atMs);
    }
    motion.observe(work);
    const isMoving = motion.advance(frame.deltaS, frame.reducedMotion);
    crane.drawn = motion.hook;
    return isMoving;
  }

  #drawCranes(): void {
    this.#areCranesDrawn = true;
    let boxes = 0;
    this.#cranes.forEach((crane, i) => {
      const { acrossM, heightM, carrying } = crane.drawn;
      this.#stationMatrix(crane.station);
      const put = (mesh: InstancedMesh, index: number, zM: number, scaleZ = 1): void => {
        this.#part.makeScale(1, 1, scaleZ).setPosition(0, acrossM, zM);
        mesh.setMatrixAt(index, this.#part.premultiply(this.#matrix));
      };
      put(this.#trolleys, i, CRANE_BEAM_M + 1.3);
      put(this.#spreaders, i, heightM);
      put(this.#ropes, i, heightM + 0.3, CRANE_BEAM_M + 0.9 - heightM);
      if (carrying) {
        put(this.#boxes, boxes, heightM - CONTAINER.heightM);
        this.#boxes.setColorAt(
          boxes,
          this.#colour.set(crane.containerNo === undefined ? "#8b8f92" : containerColour(crane.containerNo)),
        );
        boxes++;
      }
    });
    commitInstances(this.#boxes, boxes, this.#boxShadows);
    commitInstances(this.#trolleys, this.#cranes.length, this.#trolleyShadows);
    for (const mesh of [this.#spreaders, this.#ropes]) commitInstances(mesh, this.#cranes.length);
  }

  /** What the vehicles that stand under cranes are there for. */
  #workingCranes({ fleet }: FrameInfo): void {
    for (const crane of this.#cranes) crane.work = NO_WORK;
    for (const [vehicleId, { kind, containerNo }] of this.#workOf) {
      const i = this.#fleet.indexOf(vehicleId);
      if (i === undefined || Math.abs(fleet.speedMps[i] ?? 0) > STANDS_MPS) continue;
      const xM = fleet.xM[i] ?? 0;
      const yM = fleet.yM[i] ?? 0;
      const crane = this.#cranes.find(
        ({ station }) => (xM - station.xM) ** 2 + (yM - station.yM) ** 2 < UNDER_CRANE_M ** 2,
      );
      if (crane === undefined) continue;
      crane.containerNo = containerNo;
      crane.work = { kind, loaded: ((fleet.flags[i] ?? 0) & PoseFlag.loaded) !== 0 };
    }
  }

  #stationMatrix(station: StationView): void {
    this.#matrix.makeRotationZ(station.headingRad).setPosition(station.xM, station.yM, 0);
  }
}

/** Whether a vehicle stands under a crane and says that it has a container. */
function hasLoadBelow({ count, xM, yM, speedMps, flags }: FleetPoses, at: StationView): boolean {
  for (let i = 0; i < count; i++) {
    const away2 = ((xM[i] ?? 0) - at.xM) ** 2 + ((yM[i] ?? 0) - at.yM) ** 2;
    if (away2 < UNDER_CRANE_M ** 2 && Math.abs(speedMps[i] ?? 0) <= STANDS_MPS)
      return ((flags[i] ?? 0) & PoseFlag.loaded) !== 0;
  }
  return false;
}

/** A place in a station's own frame: ahead of it, and to its left. */
function seenFrom({ xM, yM, headingRad }: StationView, x: number, y: number) {
  const cos = Math.cos(headingRad);
  const sin = Math.sin(headingRad);
  return { alongM: (x - xM) * cos + (y - yM) * sin, offM: (y - yM) * cos - (x - xM) * sin };
}

/** An arm across the lane from its post on the right, banded; the post turns nowhere but is drawn with it, round. */
function armGeometry(): BufferGeometry {
  const solids = new SolidBuilder().at({ xM: 0, yM: 0 });
  const bands = 8;
  for (let i = 0; i < bands; i++) {
    const widthM = ARM_LENGTH_M / bands;
    solids.box(
      { lengthM: 0.12, widthM, heightM: 0.16 },
      { xM: 0, yM: widthM * (i + 0.5), zM: -0.08 },
      i % 2 === 0 ? "#e8e8e2" : "#8f4a43",
    );
  }
  solids.box({ lengthM: 0.34, widthM: 0.7, heightM: 0.4 }, { xM: 0.2, yM: -0.2, zM: -0.2 }, "#e0dfd6");
  return solids.build();
}
