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
/** A look at the ground is painted over several frames, that many vertices in each. */
const VERTICES_A_FRAME = 4_000;

const OPACITY: Readonly<Record<RoadUse, number>> = {
  free: 0,
  shared: 0.16,
  claimed: 0.26,
  kept: 0.26,
  rested: 0.34,
  held: 0.66,
  closed: 0.7,
  stray: 0.85,
};

/**
 * Who has which ground, as a map of heat: the longer a vehicle on its way has held a piece, the warmer it is. One mesh,
 * whose triangles never change; once a second the colours of some do. One draw call, none while it is switched off.
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
  readonly #drawnUse: RoadUse[];
  #drawnLook = -1;
  /** Which road is painted next; behind the last one when the look is drawn. */
  #nextRoad: number;

  constructor(palette: Palette, use: GroundUse) {
    this.#use = use;
    this.#drawnUse = use.roads.map(() => "free");
    this.#nextRoad = use.roads.length;
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
    if (!this.object.visible || siteNowMs === undefined) return false;
    if (this.#nextRoad === this.#use.roads.length) {
      if (this.#use.looks === this.#drawnLook) return false;
      this.#drawnLook = this.#use.looks;
      this.#nextRoad = 0;
    }
    const from = this.#firstVertex[this.#nextRoad] ?? 0;
    let to = from;
    let isChanged = false;
    while (this.#nextRoad < this.#use.roads.length && to - from < VERTICES_A_FRAME) {
      if (this.#paint(this.#nextRoad, siteNowMs)) isChanged = true;
      this.#nextRoad++;
      to = this.#firstVertex[this.#nextRoad] ?? to;
    }
    if (isChanged) {
      const colour = this.object.geometry.getAttribute("color");
      if (colour instanceof BufferAttribute) colour.addUpdateRange(from * 4, (to - from) * 4);
      colour.needsUpdate = true;
    }
    return this.#nextRoad < this.#use.roads.length;
  }

  /** False when the road looks as before: only of ground that is held does the colour follow time. */
  #paint(road: number, siteNowMs: number): boolean {
    const state = this.#use.stateOf(road);
    if (state.use === this.#drawnUse[road] && state.use !== "held") return false;
    this.#drawnUse[road] = state.use;
    const { r, g, b } = this.#colourOf(state, siteNowMs);
    const opacity = OPACITY[state.use];
    const end = this.#firstVertex[road + 1] ?? 0;
    for (let i = this.#firstVertex[road] ?? 0; i < end; i++) {
      this.#colours[i * 4] = r;
      this.#colours[i * 4 + 1] = g;
      this.#colours[i * 4 + 2] = b;
      this.#colours[i * 4 + 3] = opacity;
    }
    return true;
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
