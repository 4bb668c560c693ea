import { Color, DirectionalLight, Group, HemisphereLight } from "three";
import { mixed } from "../daylight.ts";
import type { Layer, Lighting } from "../layer.ts";

/** Sun and sky light of the hour. Shadows are drawn by the layers that have things to cast them. */
export class LightLayer implements Layer {
  readonly object = new Group();
  readonly #sun = new DirectionalLight();
  readonly #sky = new HemisphereLight();
  readonly #to = new Color();

  constructor() {
    this.#sky.position.set(0, 0, 1);
    this.object.add(this.#sky, this.#sun);
  }

  light({ mix: { from, to, part }, sunFrom }: Lighting): void {
    this.#sky.color.set(from.ambientSky).lerp(this.#to.set(to.ambientSky), part);
    this.#sky.groundColor.set(from.ambientGround).lerp(this.#to.set(to.ambientGround), part);
    this.#sky.intensity = mixed(from.ambientIntensity, to.ambientIntensity, part);
    this.#sun.color.set(from.sun).lerp(this.#to.set(to.sun), part);
    this.#sun.intensity = mixed(from.sunIntensity, to.sunIntensity, part);
    this.#sun.position.set(sunFrom.x, sunFrom.y, sunFrom.z);
  }

  dispose(): void {
    this.#sun.dispose();
    this.#sky.dispose();
  }
}
