import { BufferAttribute, BufferGeometry, Color, DynamicDrawUsage, Mesh, MeshBasicMaterial } from "three";
import type { Fleet } from "../../feed/fleet.ts";
import { ArcWriter } from "../geometry/arc-writer.ts";
import type { FrameInfo, Layer, SlowState } from "../layer.ts";
import { ABNORMAL, type Palette } from "../palette.ts";

const REWRITE_EVERY_S = 0.1;
/** Over a loaded vehicle. */
const OVER_M = 5;
/** An arrow stays as thick on the screen as this, however far it is looked at from. */
const WIDTH_A_DISTANCE = 0.0032;
const NARROWEST_M = 0.35;
const WIDEST_M = 7;
const CHOSEN_TIMES = 1.9;

/**
 * Arrows from each vehicle that waits to the one that it waits for; the chain of the selected one to its head thicker and
 * over everything. What moves on by nobody's doing has the colour of trouble. One draw call.
 */
export class WaitingLayer implements Layer {
  readonly object: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #fleet: Fleet;
  readonly #writer = new ArcWriter();
  readonly #calm: Color;
  readonly #chosen: Color;
  readonly #stuck = new Color(ABNORMAL.high);
  #arrows: SlowState["arrows"] = [];
  #waitS = 0;

  constructor(palette: Palette, fleet: Fleet) {
    this.#fleet = fleet;
    this.#calm = new Color(palette.ribbonPlanned);
    this.#chosen = new Color(palette.line);
    const material = new MeshBasicMaterial({
      vertexColors: true,
      transparent: true,
      opacity: 0.9,
      depthTest: false,
      depthWrite: false,
      fog: false,
    });
    this.object = new Mesh(new BufferGeometry(), material);
    this.object.frustumCulled = false;
    this.object.matrixAutoUpdate = false;
    this.object.renderOrder = 6;
    this.object.visible = false;
  }

  update({ arrows, layers }: SlowState): void {
    this.#arrows = layers.waiting ? arrows : arrows.filter(({ isChosen }) => isChosen);
    this.#waitS = 0;
  }

  startFrame({ fleet, deltaS, distanceM }: FrameInfo): boolean {
    this.#waitS -= deltaS;
    if (this.#waitS > 0) return false;
    this.#waitS = REWRITE_EVERY_S;
    this.#writer.reset();
    const widthM = Math.max(NARROWEST_M, Math.min(WIDEST_M, distanceM * WIDTH_A_DISTANCE));
    for (const { from, to, isChosen, isStuck } of this.#arrows) {
      const a = this.#fleet.indexOf(from);
      const b = this.#fleet.indexOf(to);
      if (a === undefined || b === undefined) continue;
      const start = { xM: fleet.xM[a] ?? 0, yM: fleet.yM[a] ?? 0, zM: OVER_M };
      const end = { xM: fleet.xM[b] ?? 0, yM: fleet.yM[b] ?? 0, zM: OVER_M };
      const riseM = Math.min(30, 2 + Math.hypot(end.xM - start.xM, end.yM - start.yM) * 0.1);
      const colour = isStuck ? this.#stuck : isChosen ? this.#chosen : this.#calm;
      this.#writer.arrow(start, end, widthM * (isChosen ? CHOSEN_TIMES : 1), riseM, colour);
    }
    this.#commit();
    return false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }

  #commit(): void {
    const { geometry } = this.object;
    const { positions, colours, count } = this.#writer;
    this.object.visible = count > 0;
    if (count === 0) return;
    for (const [name, array] of [
      ["position", positions],
      ["color", colours],
    ] as const) {
      const attribute = geometry.getAttribute(name);
      if (!(attribute instanceof BufferAttribute) || attribute.array !== array) {
        // The writer's arrays have grown: free the old buffers, a geometry keeps them until told.
        if (name === "position") geometry.dispose();
        geometry.setAttribute(name, new BufferAttribute(array, 3).setUsage(DynamicDrawUsage));
      } else {
        attribute.clearUpdateRanges();
        attribute.addUpdateRange(0, count * 3);
        attribute.needsUpdate = true;
      }
    }
    geometry.setDrawRange(0, count);
  }
}
