import { DirectionalLight, Group, HemisphereLight, Vector3 } from "three";
import type { Layer } from "../layer.ts";
import type { Palette } from "../palette.ts";
import type { SitePlan } from "../site-plan.ts";

const MARGIN_M = 40;
/** The longest stretch that one shadow map covers; farther out there is no cast shadow, only shade. */
const MAX_SPAN_M = 5200;

/**
 * Sun and sky light. The sun's shadow map covers all that is built and is drawn once (nothing that stands still
 * moves): `renderer.shadowMap.autoUpdate` stays off, moving things carry a soft contact shadow of their own.
 */
export class LightLayer implements Layer {
  readonly object = new Group();
  readonly #sun: DirectionalLight;
  readonly #sky: HemisphereLight;

  constructor(palette: Palette, plan: SitePlan) {
    this.#sky = new HemisphereLight(palette.ambientSky, palette.ambientGround, palette.ambientIntensity);
    this.#sky.position.set(0, 0, 1);
    this.#sun = new DirectionalLight(palette.sun, palette.sunIntensity);
    const { bounds } = plan;
    const centre = new Vector3((bounds.minXM + bounds.maxXM) / 2, (bounds.minYM + bounds.maxYM) / 2, 0);
    const from = new Vector3(palette.sunFrom.x, palette.sunFrom.y, palette.sunFrom.z).normalize();
    this.#sun.position.copy(centre).addScaledVector(from, 600);
    this.#sun.target.position.copy(centre);
    this.#sun.castShadow = true;
    const { shadow } = this.#sun;
    // The map's long axis lies along the site: up is across the road.
    shadow.camera.up.set(0, 1, 0);
    const halfX = Math.min(MAX_SPAN_M, bounds.maxXM - bounds.minXM) / 2 + MARGIN_M;
    const halfY = (bounds.maxYM - bounds.minYM) / 2 + MARGIN_M;
    shadow.camera.left = -halfX * 1.05;
    shadow.camera.right = halfX * 1.05;
    shadow.camera.top = halfY + halfX * 0.15;
    shadow.camera.bottom = -halfY - halfX * 0.15;
    shadow.camera.near = 1;
    shadow.camera.far = 600 + halfX * 2 + halfY * 2;
    shadow.mapSize.set(4096, 1024);
    shadow.intensity = palette.shadowStrength;
    shadow.bias = -0.0006;
    shadow.normalBias = 0.25;
    this.object.add(this.#sky, this.#sun, this.#sun.target);
  }

  dispose(): void {
    this.#sun.shadow.map?.dispose();
    this.#sun.dispose();
    this.#sky.dispose();
  }
}
