import { PoseFlag } from "@baton/orchestrator/contract";
import {
  type BufferGeometry,
  Color,
  DoubleSide,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  type Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PlaneGeometry,
} from "three";
import { mergeGeometries } from "three/addons/utils/BufferGeometryUtils.js";
import type { FleetPoses } from "../../feed/fleet.ts";
import { CARRIER } from "../geometry/carrier-geometry.ts";
import {
  CONTAINER,
  containerBox,
  containerGeometry,
  corrugationTexture,
} from "../geometry/container-geometry.ts";
import { hashText } from "../geometry/noise.ts";
import { groundShadowOf } from "../ground-shadow.ts";
import { markChanged, placeUpright, showInstances, uprightInstances } from "../instances.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { NumberAtlas, paintedNumber } from "../number-atlas.ts";
import { CONTAINER_COLOURS } from "../palette.ts";

const OLD = new Color("#5a6170");
/** Farther away than this a painted number is a smudge, and not drawn. */
const READABLE_M = 220;
/** More than are on vehicles at a time; then it begins anew. */
const MAX_LOOKS = 4_000;

interface Look {
  readonly colour: Color;
  readonly painted: string;
}

/** The colour of a container; the same number always has the same. */
export function containerColour(containerNo: string): string {
  return CONTAINER_COLOURS[Math.floor(hashText(containerNo) * CONTAINER_COLOURS.length)] ?? "#888888";
}

/** Containers on vehicles, coloured by their number, with the number painted on both sides and the roof. Two draw calls. */
export class CargoLayer implements Layer {
  readonly object = new Group();
  readonly #boxes: InstancedMesh;
  readonly #boxShadows: Mesh;
  readonly #plates: InstancedMesh;
  readonly #cells: InstancedBufferAttribute;
  readonly #atlas = new NumberAtlas();
  readonly #disposables: { dispose(): void }[] = [];
  readonly #boxPlaces: Float32Array;
  readonly #platePlaces: Float32Array;
  readonly #looks = new Map<string, Look>();
  readonly #grey = new Color("#8b8f92");
  readonly #capacity: number;
  /** What was written for each box, and each plate, last: `xM, yM, headingRad`. */
  readonly #boxAt: Float64Array;
  readonly #plateAt: Float64Array;
  readonly #boxColour: Color[] = [];
  /** What is on each vehicle. */
  readonly #containerOf = new Map<string, Look>();
  /** The same by the vehicle's index in the fleet, looked up anew when something was told or somebody came. */
  readonly #lookAt: (Look | undefined)[] = [];
  #areLooksOld = true;
  #vehicles: SlowState["vehicles"] = [];
  #missions: SlowState["missions"] = [];

  constructor({ shadow }: SceneInput, capacity: number) {
    this.#capacity = capacity;
    this.#boxAt = new Float64Array(capacity * 3).fill(Number.NaN);
    this.#plateAt = new Float64Array(capacity * 3).fill(Number.NaN);
    const texture = corrugationTexture();
    const steel = new MeshLambertMaterial({ map: texture });
    this.#boxes = new InstancedMesh(containerGeometry(), steel, capacity);
    const plates = plateGeometry();
    this.#cells = new InstancedBufferAttribute(new Float32Array(capacity * 2), 2);
    plates.setAttribute("cell", this.#cells);
    const paint = new MeshBasicMaterial({
      map: this.#atlas.texture,
      transparent: true,
      depthWrite: false,
      side: DoubleSide,
      // The steel hides the far side: no need to draw that first.
      forceSinglePass: true,
      color: "#dfe2e0",
    });
    paint.onBeforeCompile = (shader) => {
      const scale = `vec2(${NumberAtlas.cellSize.u}, ${NumberAtlas.cellSize.v})`;
      shader.vertexShader = shader.vertexShader
        .replace("#include <common>", "#include <common>\nattribute vec2 cell;")
        .replace("#include <uv_vertex>", `#include <uv_vertex>\nvMapUv = cell + uv * ${scale};`);
    };
    this.#plates = new InstancedMesh(plates, paint, capacity);
    this.#plates.renderOrder = 10;
    this.#boxPlaces = uprightInstances(this.#boxes);
    this.#platePlaces = uprightInstances(this.#plates);
    for (const mesh of [this.#boxes, this.#plates]) {
      mesh.count = 0;
      mesh.frustumCulled = false;
      this.object.add(mesh);
      this.#disposables.push(mesh, mesh.geometry);
    }
    this.#boxShadows = groundShadowOf(this.#boxes, shadow, containerBox());
    this.object.add(this.#boxShadows);
    this.#disposables.push(this.#boxShadows.geometry);
    this.#boxes.setColorAt(0, this.#grey);
    this.#disposables.push(texture, steel, paint, this.#atlas);
  }

  update(state: SlowState): void {
    if (this.#vehicles === state.vehicles && this.#missions === state.missions) return;
    this.#vehicles = state.vehicles;
    this.#missions = state.missions;
    const byVehicle = new Map(state.missions.map((mission) => [mission.vehicleId, mission.containerNo]));
    this.#areLooksOld = true;
    this.#containerOf.clear();
    for (const vehicle of state.vehicles) {
      // A vehicle that reports a load without a number carries its mission's container.
      const containerNo = vehicle.containerNo ?? byVehicle.get(vehicle.vehicleId);
      if (containerNo !== undefined) this.#containerOf.set(vehicle.vehicleId, this.#lookOf(containerNo));
    }
  }

  startFrame({ fleet, camera }: FrameInfo): boolean {
    if (this.#areLooksOld || this.#lookAt.length < fleet.count) this.#lookUp(fleet);
    const { x, y } = camera.position;
    let count = 0;
    let plates = 0;
    let areBoxesMoved = false;
    let arePlatesMoved = false;
    let areColoursNew = false;
    let areCellsNew = false;
    for (let i = 0; i < fleet.count && count < this.#capacity; i++) {
      const flags = fleet.flags[i] ?? 0;
      if ((flags & PoseFlag.loaded) === 0) continue;
      const look = this.#lookAt[i];
      if (put(this.#boxPlaces, this.#boxAt, count, fleet, i)) areBoxesMoved = true;
      const colour = (flags & PoseFlag.stale) !== 0 ? OLD : (look?.colour ?? this.#grey);
      if (this.#boxColour[count] !== colour) {
        this.#boxColour[count] = colour;
        this.#boxes.setColorAt(count, colour);
        areColoursNew = true;
      }
      count++;
      const away2 = ((fleet.xM[i] ?? 0) - x) ** 2 + ((fleet.yM[i] ?? 0) - y) ** 2;
      if (look === undefined || away2 > READABLE_M ** 2) continue;
      if (put(this.#platePlaces, this.#plateAt, plates, fleet, i)) arePlatesMoved = true;
      const cell = this.#atlas.cellOf(look.painted);
      if (
        this.#cells.getX(plates) !== Math.fround(cell.u) ||
        this.#cells.getY(plates) !== Math.fround(cell.v)
      ) {
        this.#cells.setXY(plates, cell.u, cell.v);
        areCellsNew = true;
      }
      plates++;
    }
    showInstances(this.#boxes, count);
    if (this.#boxShadows instanceof InstancedMesh) showInstances(this.#boxShadows, count);
    showInstances(this.#plates, plates);
    if (areBoxesMoved) markChanged(this.#boxes.instanceMatrix, count);
    if (areColoursNew && this.#boxes.instanceColor !== null) markChanged(this.#boxes.instanceColor, count);
    if (arePlatesMoved) markChanged(this.#plates.instanceMatrix, plates);
    if (areCellsNew) markChanged(this.#cells, plates);
    return false;
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #lookUp({ count, vehicleIds }: FleetPoses): void {
    this.#areLooksOld = false;
    for (let i = 0; i < count; i++) this.#lookAt[i] = this.#containerOf.get(vehicleIds[i] ?? "");
  }

  #lookOf(containerNo: string): Look {
    let look = this.#looks.get(containerNo);
    if (look === undefined) {
      if (this.#looks.size >= MAX_LOOKS) this.#looks.clear();
      const colour = new Color(containerColour(containerNo)).multiplyScalar(1.12);
      look = { colour, painted: paintedNumber(containerNo) };
      this.#looks.set(containerNo, look);
    }
    return look;
  }
}

/** Puts an instance onto a vehicle; false when it was put to that very place last. */
function put(
  places: Float32Array,
  before: Float64Array,
  instance: number,
  { xM, yM, headingRad }: FleetPoses,
  vehicle: number,
): boolean {
  const [x, y, heading] = [xM[vehicle] ?? 0, yM[vehicle] ?? 0, headingRad[vehicle] ?? 0];
  const at = instance * 3;
  if (before[at] === x && before[at + 1] === y && before[at + 2] === heading) return false;
  before[at] = x;
  before[at + 1] = y;
  before[at + 2] = heading;
  placeUpright(places, instance, x, y, CARRIER.deckM, Math.cos(heading), Math.sin(heading));
  return true;
}

/** Three plates a container: left, right, roof; a hand's breadth off the steel. */
function plateGeometry(): BufferGeometry {
  const { widthM, heightM } = CONTAINER;
  const wide = 5.6;
  const tall = 0.7;
  const left = new PlaneGeometry(wide, tall)
    .rotateX(Math.PI / 2)
    .rotateZ(Math.PI)
    .translate(2.4, widthM / 2 + 0.03, heightM * 0.76);
  const right = new PlaneGeometry(wide, tall)
    .rotateX(Math.PI / 2)
    .translate(2.4, -widthM / 2 - 0.03, heightM * 0.76);
  const roof = new PlaneGeometry(8.4, 1.05).translate(0, 0, heightM + 0.03);
  const merged = mergeGeometries([left, right, roof], false);
  for (const part of [left, right, roof]) part.dispose();
  return merged;
}
