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
import { CARRIER } from "../geometry/carrier-geometry.ts";
import {
  CONTAINER,
  containerBox,
  containerGeometry,
  corrugationTexture,
} from "../geometry/container-geometry.ts";
import { hashText } from "../geometry/noise.ts";
import { groundShadowOf } from "../ground-shadow.ts";
import { commitInstances, markChanged, placeUpright, uprightInstances } from "../instances.ts";
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
  /** What is on each vehicle. */
  readonly #containerOf = new Map<string, Look>();
  #vehicles: SlowState["vehicles"] = [];
  #missions: SlowState["missions"] = [];

  constructor({ shadow }: SceneInput, capacity: number) {
    this.#capacity = capacity;
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
    this.#containerOf.clear();
    for (const vehicle of state.vehicles) {
      // A vehicle that reports a load without a number carries its mission's container.
      const containerNo = vehicle.containerNo ?? byVehicle.get(vehicle.vehicleId);
      if (containerNo !== undefined) this.#containerOf.set(vehicle.vehicleId, this.#lookOf(containerNo));
    }
  }

  startFrame({ fleet, camera }: FrameInfo): boolean {
    const { x, y } = camera.position;
    let count = 0;
    let plates = 0;
    for (let i = 0; i < fleet.count && count < this.#capacity; i++) {
      const flags = fleet.flags[i] ?? 0;
      if ((flags & PoseFlag.loaded) === 0) continue;
      const look = this.#containerOf.get(fleet.vehicleIds[i] ?? "");
      const xM = fleet.xM[i] ?? 0;
      const yM = fleet.yM[i] ?? 0;
      const headingRad = fleet.headingRad[i] ?? 0;
      const cos = Math.cos(headingRad);
      const sin = Math.sin(headingRad);
      placeUpright(this.#boxPlaces, count, xM, yM, CARRIER.deckM, cos, sin);
      const isOld = (flags & PoseFlag.stale) !== 0;
      this.#boxes.setColorAt(count, isOld ? OLD : (look?.colour ?? this.#grey));
      count++;
      if (look === undefined || (xM - x) ** 2 + (yM - y) ** 2 > READABLE_M ** 2) continue;
      placeUpright(this.#platePlaces, plates, xM, yM, CARRIER.deckM, cos, sin);
      const cell = this.#atlas.cellOf(look.painted);
      this.#cells.setXY(plates, cell.u, cell.v);
      plates++;
    }
    commitInstances(this.#boxes, count, this.#boxShadows);
    commitInstances(this.#plates, plates);
    markChanged(this.#cells, plates);
    return false;
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
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
