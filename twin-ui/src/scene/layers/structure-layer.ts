import { type BufferGeometry, Group, Mesh, MeshLambertMaterial } from "three";
import { placeAt } from "../geometry/polyline.ts";
import { SolidBuilder } from "../geometry/solid-builder.ts";
import { groundShadowOf } from "../ground-shadow.ts";
import type { Layer, SceneInput } from "../layer.ts";
import type { SitePlan } from "../site-plan.ts";
import { buildStation, CONCRETE, GLASS, PALE, ROOF, STEEL } from "../station-solids.ts";
import { groundHeight, valleyHalfWidthM } from "../terrain.ts";

/** Where lamp posts stand along the lanes. */
export interface LampPlace {
  readonly xM: number;
  readonly yM: number;
}
const LAMP_EVERY_M = 46;

/** Lamp posts beside the unmanned lanes, outside of every road. */
export function lampPlaces(plan: SitePlan): readonly LampPlace[] {
  const lamps: LampPlace[] = [];
  for (const { lane, line } of plan.lanes) {
    if (lane.kind !== "unmanned") continue;
    for (let alongM = LAMP_EVERY_M / 2; alongM < line.lengthM; alongM += LAMP_EVERY_M) {
      const place = placeAt(line, alongM);
      // To the left of the lane: the middle of the crossing, where no bay branches off.
      const xM = place.xM - Math.sin(place.headingRad) * 5.6;
      const yM = place.yM + Math.cos(place.headingRad) * 5.6;
      if (plan.distanceToRoad(xM, yM) > 3.4) lamps.push({ xM, yM });
    }
  }
  return lamps;
}

/** Everything that is built and stands still, as one mesh: gates, halls, cranes' frames, posts, kerbs, markers. */
export class StructureLayer implements Layer {
  readonly object = new Group();
  readonly #mesh: Mesh<BufferGeometry, MeshLambertMaterial>;

  constructor({ plan, shadow }: SceneInput) {
    const solids = new SolidBuilder();
    for (const station of plan.stations) buildStation(solids, station);
    for (const { xM, yM } of lampPlaces(plan)) lamp(solids, xM, yM);
    boundaryMarkers(solids, plan);
    yardOffices(solids, plan);
    const geometry = solids.build();
    const material = new MeshLambertMaterial({ vertexColors: true });
    this.#mesh = new Mesh(geometry, material);
    this.#mesh.matrixAutoUpdate = false;
    this.object.add(this.#mesh, groundShadowOf(this.#mesh, shadow));
  }

  dispose(): void {
    this.#mesh.geometry.dispose();
    this.#mesh.material.dispose();
  }
}

function lamp(solids: SolidBuilder, xM: number, yM: number): void {
  solids
    .at({ xM, yM })
    .box({ lengthM: 0.5, widthM: 0.5, heightM: 0.4 }, { xM: 0, yM: 0 }, CONCRETE)
    .box({ lengthM: 0.18, widthM: 0.18, heightM: 9 }, { xM: 0, yM: 0 }, STEEL)
    .box({ lengthM: 0.4, widthM: 3.4, heightM: 0.16 }, { xM: 0, yM: 0, zM: 9 }, STEEL);
}

/** Boundary stones along the line, on the verge and up the slopes. */
function boundaryMarkers(solids: SolidBuilder, plan: SitePlan): void {
  const height = groundHeight(plan);
  const flatM = valleyHalfWidthM(plan);
  for (const y of [
    -flatM - 90,
    -flatM - 40,
    -flatM,
    -flatM + 14,
    flatM - 14,
    flatM,
    flatM + 40,
    flatM + 90,
  ]) {
    if (plan.distanceToRoad(0, y) < 4) continue;
    const zM = height(0, y);
    solids.at({ xM: 0, yM: y, zM });
    solids.box({ lengthM: 2.2, widthM: 2.2, heightM: 0.5 }, { xM: 0, yM: 0 }, CONCRETE);
    solids.prism(
      [
        { xM: -0.55, yM: -0.75 },
        { xM: 0.55, yM: -0.75 },
        { xM: 0.55, yM: 0.75 },
        { xM: -0.55, yM: 0.75 },
      ],
      0.5,
      3.1,
      "#d9d8d0",
      0.78,
    );
  }
}

/** A low office building at the land end of each yard. */
function yardOffices(solids: SolidBuilder, plan: SitePlan): void {
  for (const pad of plan.pads) {
    const sign = pad.side === "vn" ? -1 : 1;
    const xM = (sign < 0 ? pad.minXM : pad.maxXM) + sign * 66;
    const yM = -sign * 8;
    if (plan.distanceToRoad(xM, yM) < 15) continue;
    solids.at({ xM, yM });
    solids
      .box({ lengthM: 14, widthM: 34, heightM: 4.2 }, { xM: 0, yM: 0 }, PALE)
      .box({ lengthM: 14.2, widthM: 32, heightM: 1.3 }, { xM: 0, yM: 0, zM: 1.5 }, GLASS)
      .box({ lengthM: 12, widthM: 16, heightM: 3.6 }, { xM: 0, yM: 6, zM: 4.2 }, PALE)
      .box({ lengthM: 12.2, widthM: 14, heightM: 1.3 }, { xM: 0, yM: 6, zM: 5.4 }, GLASS)
      .box({ lengthM: 15, widthM: 35, heightM: 0.35 }, { xM: 0, yM: 0, zM: 4.1 }, ROOF)
      .box({ lengthM: 13, widthM: 17, heightM: 0.35 }, { xM: 0, yM: 6, zM: 7.8 }, ROOF);
  }
}
