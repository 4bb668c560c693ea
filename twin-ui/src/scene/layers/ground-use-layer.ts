import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DynamicDrawUsage,
  Float32BufferAttribute,
  Mesh,
  MeshBasicMaterial,
} from "three";
import type { GroundUse, RoadState, RoadUse } from "../../feed/ground-use.ts";
import { polylineOf } from "../geometry/polyline.ts";
import { TriangleWriter, writeBand } from "../geometry/ribbon.ts";
import type { FrameInfo, Layer, SlowState } from "../layer.ts";
import { ABNORMAL, type Palette } from "../palette.ts";

const HALF_WIDTH_M = 1.75;
/** Under the ribbons. */
const HEIGHT_M = 0.07;
/** Ground that one vehicle has held for so long while on its way begins to glow; from the second on it glows fully. */
const LONG_MS = 60_000;
const VERY_LONG_MS = 300_000;

const OPACITY: Readonly<Record<RoadUse, number>> = {
  free: 0,
  shared: 0.16,
  claimed: 0.26,
  rested: 0.34,
  held: 0.66,
  closed: 0.7,
  stray: 0.85,
};

/**
 * Who has which ground, as a map of heat: the longer a vehicle on its way has held a piece, the warmer it is. One mesh,
 * whose triangles never change; once a second their colours do. One draw call, none while it is switched off.
 */
export class GroundUseLayer implements Layer {
  readonly object: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #use: GroundUse;
  /** Vertices of each road, from the first to before the next one's first. */
  readonly #firstVertex: Int32Array;
  readonly #colours: Float32Array;
  readonly #calm: Color;
  readonly #long = new Color(ABNORMAL.medium);
  readonly #veryLong = new Color(ABNORMAL.high);
  readonly #closed = new Color(ABNORMAL.critical);
  readonly #mixed = new Color();
  #drawnLook = -1;

  constructor(palette: Palette, use: GroundUse) {
    this.#use = use;
    this.#calm = new Color(palette.ribbon);
    const writer = new TriangleWriter();
    this.#firstVertex = new Int32Array(use.roads.length + 1);
    use.roads.forEach(({ xM, yM }, road) => {
      const line = polylineOf(xM, yM);
      if (line !== undefined)
        writeBand(writer, line, {
          fromM: 0,
          toM: line.lengthM,
          rightM: -HALF_WIDTH_M,
          leftM: HALF_WIDTH_M,
          z: HEIGHT_M,
        });
      this.#firstVertex[road + 1] = writer.count;
    });
    this.#colours = new Float32Array(writer.count * 4);
    const geometry = new BufferGeometry();
    geometry.setAttribute(
      "position",
      new Float32BufferAttribute(writer.positions.slice(0, writer.count * 3), 3),
    );
    geometry.setAttribute("color", new BufferAttribute(this.#colours, 4).setUsage(DynamicDrawUsage));
    const material = new MeshBasicMaterial({ vertexColors: true, transparent: true, depthWrite: false });
    this.object = new Mesh(geometry, material);
    this.object.frustumCulled = false;
    this.object.matrixAutoUpdate = false;
    this.object.renderOrder = 3;
  }

  update({ layers }: SlowState): void {
    this.object.visible = layers.ground;
  }

  startFrame({ siteNowMs }: FrameInfo): boolean {
    if (!this.object.visible || siteNowMs === undefined || this.#use.looks === this.#drawnLook) return false;
    this.#drawnLook = this.#use.looks;
    for (let road = 0; road < this.#use.roads.length; road++) {
      const state = this.#use.stateOf(road);
      const colour = this.#colourOf(state, siteNowMs);
      for (let i = this.#firstVertex[road] ?? 0; i < (this.#firstVertex[road + 1] ?? 0); i++) {
        this.#colours[i * 4] = colour.r;
        this.#colours[i * 4 + 1] = colour.g;
        this.#colours[i * 4 + 2] = colour.b;
        this.#colours[i * 4 + 3] = OPACITY[state.use];
      }
    }
    this.object.geometry.getAttribute("color").needsUpdate = true;
    return false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }

  #colourOf({ use, sinceMs }: RoadState, nowMs: number): Color {
    if (use === "closed" || use === "stray") return this.#closed;
    if (use !== "held") return this.#calm;
    const forMs = nowMs - sinceMs;
    if (forMs <= LONG_MS) return this.#mixed.copy(this.#calm).lerp(this.#long, Math.max(0, forMs / LONG_MS));
    const part = Math.min(1, (forMs - LONG_MS) / (VERY_LONG_MS - LONG_MS));
    return this.#mixed.copy(this.#long).lerp(this.#veryLong, part);
  }
}
