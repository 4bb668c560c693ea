import { PoseFlag } from "@baton/orchestrator/contract";
import {
  type BufferGeometry,
  Color,
  DoubleSide,
  Group,
  InstancedBufferAttribute,
  InstancedMesh,
  Matrix4,
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
import { commitInstances } from "../instances.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { NumberAtlas, paintedNumber } from "../number-atlas.ts";
import { CONTAINER_COLOURS } from "../palette.ts";

const OLD = new Color("#5a6170");
/** Farther away than this a painted number is a smudge, and not drawn. */
const READABLE_M = 220;

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
  readonly #colourOf = new Map<string, Color>();
  readonly #matrix = new Matrix4();
  readonly #grey = new Color("#8b8f92");
  readonly #capacity: number;
  #containerOf: ReadonlyMap<string, string> = new Map();

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
    const containers = new Map<string, string>();
    const byVehicle = new Map(state.missions.map((mission) => [mission.vehicleId, mission.containerNo]));
    for (const vehicle of state.vehicles) {
      // A vehicle that reports a load without a number carries its mission's container.
      const containerNo = vehicle.containerNo ?? byVehicle.get(vehicle.vehicleId);
      if (containerNo !== undefined) containers.set(vehicle.vehicleId, containerNo);
    }
    this.#containerOf = containers;
  }

  startFrame({ fleet, camera }: FrameInfo): boolean {
    let count = 0;
    let plates = 0;
    for (let i = 0; i < fleet.count && count < this.#capacity; i++) {
      const flags = fleet.flags[i] ?? 0;
      if ((flags & PoseFlag.loaded) === 0) continue;
      const containerNo = this.#containerOf.get(fleet.vehicleIds[i] ?? "");
      this.#matrix
        .makeRotationZ(fleet.headingRad[i] ?? 0)
        .setPosition(fleet.xM[i] ?? 0, fleet.yM[i] ?? 0, CARRIER.deckM);
      this.#boxes.setMatrixAt(count, this.#matrix);
      const old = (flags & PoseFlag.stale) !== 0;
      this.#boxes.setColorAt(
        count,
        old ? OLD : containerNo === undefined ? this.#grey : this.#colour(containerNo),
      );
      count++;
      const farM = Math.hypot((fleet.xM[i] ?? 0) - camera.position.x, (fleet.yM[i] ?? 0) - camera.position.y);
      if (containerNo === undefined || farM > READABLE_M) continue;
      this.#plates.setMatrixAt(plates, this.#matrix);
      const cell = this.#atlas.cellOf(paintedNumber(containerNo));
      this.#cells.setXY(plates, cell.u, cell.v);
      plates++;
    }
    commitInstances(this.#boxes, count, this.#boxShadows);
    commitInstances(this.#plates, plates);
    this.#cells.clearUpdateRanges();
    this.#cells.addUpdateRange(0, plates * 2);
    this.#cells.needsUpdate = plates > 0;
    return false;
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #colour(containerNo: string): Color {
    let colour = this.#colourOf.get(containerNo);
    if (colour === undefined) {
      colour = new Color(containerColour(containerNo)).multiplyScalar(1.12);
      this.#colourOf.set(containerNo, colour);
    }
    return colour;
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
