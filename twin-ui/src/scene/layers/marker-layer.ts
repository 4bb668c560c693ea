import { PoseFlag } from "@baton/orchestrator/contract";
import {
  BufferAttribute,
  BufferGeometry,
  Color,
  type DataTexture,
  DynamicDrawUsage,
  Points,
  PointsMaterial,
} from "three";
import { markChanged } from "../instances.ts";
import type { FrameInfo, Layer, SlowState } from "../layer.ts";
import { ABNORMAL, type Palette } from "../palette.ts";
import { softDisc } from "./glow-layer.ts";

/** Nearer than this a vehicle is seen as itself. */
const FROM_M = 260;
const SIZE_PX = 13;
/** Over the vehicle, so that the mark is not in it. */
const OVER_M = 4;

/**
 * Marks over vehicles that are looked at from so far that they could not be seen: of one size whatever the distance, in the
 * colour of trouble where there is some. One draw call.
 */
export class MarkerLayer implements Layer {
  readonly object: Points<BufferGeometry, PointsMaterial>;
  readonly #texture: DataTexture;
  readonly #positions: BufferAttribute;
  readonly #colours: BufferAttribute;
  /** What was written for each last. */
  readonly #colourOf: Color[] = [];
  readonly #capacity: number;
  readonly #live: Color;
  readonly #old = new Color(ABNORMAL.old);
  readonly #trouble = new Color(ABNORMAL.high);
  readonly #chosen: Color;
  #selectedVehicleId: string | undefined;

  constructor(palette: Palette, capacity: number) {
    this.#capacity = capacity;
    this.#live = new Color(palette.ribbon);
    this.#chosen = new Color(palette.line);
    this.#texture = softDisc();
    this.#positions = new BufferAttribute(new Float32Array(capacity * 3), 3).setUsage(DynamicDrawUsage);
    this.#colours = new BufferAttribute(new Float32Array(capacity * 3), 3).setUsage(DynamicDrawUsage);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", this.#positions);
    geometry.setAttribute("color", this.#colours);
    const material = new PointsMaterial({
      size: SIZE_PX,
      sizeAttenuation: false,
      vertexColors: true,
      map: this.#texture,
      alphaTest: 0.18,
      transparent: true,
      depthTest: false,
      depthWrite: false,
      fog: false,
    });
    this.object = new Points(geometry, material);
    this.object.frustumCulled = false;
    this.object.matrixAutoUpdate = false;
    this.object.renderOrder = 5;
    this.object.visible = false;
  }

  update(state: SlowState): void {
    this.#selectedVehicleId = state.selectedVehicleId;
  }

  startFrame({ fleet, camera }: FrameInfo): boolean {
    let count = 0;
    let areMoved = false;
    let areColoursNew = false;
    const { x, y, z } = camera.position;
    for (let i = 0; i < fleet.count && count < this.#capacity; i++) {
      const xM = fleet.xM[i] ?? 0;
      const yM = fleet.yM[i] ?? 0;
      if ((xM - x) ** 2 + (yM - y) ** 2 + z ** 2 < FROM_M ** 2) continue;
      const flags = fleet.flags[i] ?? 0;
      const colour =
        (flags & PoseFlag.trouble) !== 0
          ? this.#trouble
          : fleet.vehicleIds[i] === this.#selectedVehicleId
            ? this.#chosen
            : (flags & PoseFlag.stale) !== 0
              ? this.#old
              : this.#live;
      if (
        this.#positions.getX(count) !== Math.fround(xM) ||
        this.#positions.getY(count) !== Math.fround(yM)
      ) {
        this.#positions.setXYZ(count, xM, yM, OVER_M);
        areMoved = true;
      }
      if (this.#colourOf[count] !== colour) {
        this.#colourOf[count] = colour;
        this.#colours.setXYZ(count, colour.r, colour.g, colour.b);
        areColoursNew = true;
      }
      count++;
    }
    this.object.visible = count > 0;
    this.object.geometry.setDrawRange(0, count);
    if (areMoved) markChanged(this.#positions, count);
    if (areColoursNew) markChanged(this.#colours, count);
    return false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
    this.#texture.dispose();
  }
}
