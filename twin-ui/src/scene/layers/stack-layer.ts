import {
  Color,
  type DataTexture,
  Group,
  InstancedMesh,
  Matrix4,
  type Mesh,
  MeshLambertMaterial,
} from "three";
import {
  CONTAINER,
  containerBox,
  containerGeometry,
  corrugationTexture,
} from "../geometry/container-geometry.ts";
import { hash2 } from "../geometry/noise.ts";
import { groundShadowOf } from "../ground-shadow.ts";
import type { Layer, SceneInput } from "../layer.ts";
import { CONTAINER_COLOURS } from "../palette.ts";
import type { SitePlan } from "../site-plan.ts";

/** A container standing in a yard as scenery. */
interface Stacked {
  readonly xM: number;
  readonly yM: number;
  readonly zM: number;
  readonly headingRad: number;
  readonly seed: number;
}

const CLEAR_M = 3.35;
const ROW_M = 2.75;
const BAY_M = 12.9;

/** Container stacks of both yards. Scenery: which boxes stand there is not in the site's data. */
export class StackLayer implements Layer {
  readonly object = new Group();
  readonly #mesh: InstancedMesh;
  readonly #material: MeshLambertMaterial;
  readonly #texture: DataTexture;
  readonly #shadow: Mesh;

  constructor({ plan, shadow }: SceneInput) {
    const stacked = yardStacks(plan);
    this.#texture = corrugationTexture();
    this.#material = new MeshLambertMaterial({ map: this.#texture });
    this.#mesh = new InstancedMesh(containerGeometry("far"), this.#material, Math.max(1, stacked.length));
    const matrix = new Matrix4();
    const colour = new Color();
    stacked.forEach((box, i) => {
      this.#mesh.setMatrixAt(i, matrix.makeRotationZ(box.headingRad).setPosition(box.xM, box.yM, box.zM));
      const pick = CONTAINER_COLOURS[Math.floor(hash2(box.seed, 9) * CONTAINER_COLOURS.length)] ?? "#888888";
      this.#mesh.setColorAt(i, colour.set(pick).multiplyScalar(0.85 + 0.3 * hash2(box.seed, 10)));
    });
    this.#mesh.count = stacked.length;
    this.#mesh.frustumCulled = false;
    this.#shadow = groundShadowOf(this.#mesh, shadow, containerBox());
    this.object.add(this.#mesh, this.#shadow);
  }

  dispose(): void {
    this.#shadow.geometry.dispose();
    this.#mesh.geometry.dispose();
    this.#mesh.dispose();
    this.#material.dispose();
    this.#texture.dispose();
  }
}

/** Rows under and beside the cranes, and blocks on free ground of each yard, clear of every road. */
export function yardStacks(plan: SitePlan): readonly Stacked[] {
  const stacked: Stacked[] = [];
  const pile = (xM: number, yM: number, headingRad: number, seed: number, maxTiers: number): void => {
    const tiers = Math.floor(hash2(seed, 1) * (maxTiers + 1));
    for (let tier = 0; tier < tiers; tier++) {
      stacked.push({ xM, yM, zM: 0.05 + tier * CONTAINER.heightM, headingRad, seed: seed * 7 + tier });
    }
  };
  for (const station of plan.stations) {
    if (station.kind !== "crane") continue;
    for (const acrossM of [-3.75, 3.75]) {
      for (const alongM of [-BAY_M / 2 - 0.3, BAY_M / 2 + 0.3]) {
        const cos = Math.cos(station.headingRad);
        const sin = Math.sin(station.headingRad);
        const xM = station.xM + cos * alongM - sin * acrossM;
        const yM = station.yM + sin * alongM + cos * acrossM;
        if (isFree(plan, xM, yM, station.headingRad, 1.0 + CONTAINER.widthM)) {
          pile(xM, yM, station.headingRad, Math.round(xM * 31 + yM * 17), 2);
        }
      }
    }
  }
  for (const pad of plan.pads) {
    const sign = pad.side === "vn" ? -1 : 1;
    // A storage block at the land end of the yard, containers across the road's direction.
    for (let xM = pad.minXM; xM < pad.maxXM; xM += ROW_M) {
      // Free ground inside the yard, an aisle after every fourth row.
      if (Math.round(Math.abs(xM) / ROW_M) % 5 === 4) continue;
      for (const yM of [-BAY_M / 2 - 0.4, BAY_M / 2 + 0.4]) {
        if (isFree(plan, xM, yM, Math.PI / 2, 7.5))
          pile(xM, yM, Math.PI / 2, Math.round(xM * 11 + yM * 23), 3);
      }
    }
    const fromX = sign < 0 ? pad.minXM - 2 : pad.maxXM + 2;
    for (let row = 0; row < 12; row++) {
      for (let bay = -2; bay <= 2; bay++) {
        const xM = fromX + sign * (4 + row * ROW_M + Math.floor(row / 4) * 3.4);
        const yM = bay * BAY_M;
        if (isFree(plan, xM, yM, Math.PI / 2, CLEAR_M + 1.2))
          pile(xM, yM, Math.PI / 2, Math.round(xM * 13 + yM * 29), 4);
      }
    }
  }
  return stacked;
}

/** Whether a container's whole outline keeps its distance from every centre line. */
function isFree(plan: SitePlan, xM: number, yM: number, headingRad: number, clearM: number): boolean {
  const cos = Math.cos(headingRad);
  const sin = Math.sin(headingRad);
  for (const along of [-6.1, -3, 0, 3, 6.1]) {
    if (plan.distanceToRoad(xM + cos * along, yM + sin * along) < clearM) return false;
  }
  return true;
}
