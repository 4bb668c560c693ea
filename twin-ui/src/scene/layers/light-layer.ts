import { DirectionalLight, Group, HemisphereLight } from "three";
import type { Layer } from "../layer.ts";
import type { Palette } from "../palette.ts";

/** Sun and sky light of a palette. Shadows are drawn by the layers that have things to cast them. */
export class LightLayer implements Layer {
  readonly object = new Group();
  readonly #sun: DirectionalLight;
  readonly #sky: HemisphereLight;

  constructor(palette: Palette) {
    this.#sky = new HemisphereLight(palette.ambientSky, palette.ambientGround, palette.ambientIntensity);
    this.#sky.position.set(0, 0, 1);
    this.#sun = new DirectionalLight(palette.sun, palette.sunIntensity);
    this.#sun.position.set(palette.sunFrom.x, palette.sunFrom.y, palette.sunFrom.z);
    this.object.add(this.#sky, this.#sun);
  }

  dispose(): void {
    this.#sun.dispose();
    this.#sky.dispose();
  }
}
