import {
  AdditiveBlending,
  DataTexture,
  InstancedMesh,
  LinearFilter,
  Matrix4,
  MeshBasicMaterial,
  PlaneGeometry,
} from "three";
import { mixed } from "../daylight.ts";
import type { Layer, Lighting, SceneInput } from "../layer.ts";
import { lampPlaces } from "./structure-layer.ts";

/** Pools of lamp light on the ground from dusk on, and a soft light under each canopy. None by day. */
export class GlowLayer implements Layer {
  readonly object: InstancedMesh<PlaneGeometry, MeshBasicMaterial>;
  readonly #texture: DataTexture;

  constructor({ plan }: SceneInput) {
    const places: { xM: number; yM: number; sizeM: number }[] = lampPlaces(plan).map((lamp) => ({
      ...lamp,
      sizeM: 34,
    }));
    for (const station of plan.stations) {
      const lit = station.kind === "exit-gate" || station.kind === "entry-gate" || station.kind === "portal";
      if (lit)
        places.push({
          xM: station.xM + 5 * Math.cos(station.headingRad),
          yM: station.yM + 5 * Math.sin(station.headingRad),
          sizeM: 30,
        });
      if (station.kind === "scanner" || station.kind === "crane")
        places.push({ xM: station.xM, yM: station.yM, sizeM: 38 });
    }
    this.#texture = softDisc();
    const material = new MeshBasicMaterial({
      color: "#ffdfae",
      map: this.#texture,
      transparent: true,
      blending: AdditiveBlending,
      depthWrite: false,
    });
    this.object = new InstancedMesh(new PlaneGeometry(1, 1), material, Math.max(1, places.length));
    const matrix = new Matrix4();
    places.forEach(({ xM, yM, sizeM }, i) => {
      this.object.setMatrixAt(i, matrix.makeScale(sizeM, sizeM, 1).setPosition(xM, yM, 0.06));
    });
    this.object.count = places.length;
    this.object.frustumCulled = false;
    this.object.renderOrder = 2;
  }

  light({ mix: { from, to, part } }: Lighting): void {
    const glow = mixed(from.lampGlow, to.lampGlow, part);
    this.object.material.opacity = glow;
    this.object.visible = glow > 0.01 && this.object.count > 0;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
    this.#texture.dispose();
    this.object.dispose();
  }
}

/** A white disc that fades to nothing at its rim. */
export function softDisc(): DataTexture {
  const size = 64;
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const r = Math.hypot(x - 31.5, y - 31.5) / 31.5;
      const fade = Math.max(0, 1 - r) ** 1.8;
      data.set([255, 255, 255, Math.round(255 * fade)], (y * size + x) * 4);
    }
  }
  const texture = new DataTexture(data, size, size);
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}
