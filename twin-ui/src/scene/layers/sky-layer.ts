import { BackSide, Color, Float32BufferAttribute, Mesh, MeshBasicMaterial, SphereGeometry } from "three";
import { smoothstep } from "../geometry/noise.ts";
import type { FrameInfo, Layer, Lighting } from "../layer.ts";

const RADIUS_M = 4000;

/** The sky: a dome from the horizon's haze, which is also the colour of the fog, to the zenith. It travels with the camera. */
export class SkyLayer implements Layer {
  readonly object: Mesh<SphereGeometry, MeshBasicMaterial>;
  readonly #colours: Float32BufferAttribute;

  constructor() {
    const geometry = new SphereGeometry(RADIUS_M, 24, 24).rotateX(Math.PI / 2);
    this.#colours = new Float32BufferAttribute(geometry.getAttribute("position").count * 3, 3);
    geometry.setAttribute("color", this.#colours);
    const material = new MeshBasicMaterial({
      vertexColors: true,
      side: BackSide,
      fog: false,
      depthWrite: false,
      depthTest: false,
    });
    this.object = new Mesh(geometry, material);
    this.object.renderOrder = -100;
    this.object.frustumCulled = false;
  }

  light({ mix: { from, to, part } }: Lighting): void {
    const horizon = new Color(from.skyHorizon).lerp(new Color(to.skyHorizon), part);
    const top = new Color(from.skyTop).lerp(new Color(to.skyTop), part);
    const position = this.object.geometry.getAttribute("position");
    const colour = new Color();
    for (let i = 0; i < position.count; i++) {
      colour.lerpColors(horizon, top, smoothstep(0.02, 0.6, position.getZ(i) / RADIUS_M));
      this.#colours.setXYZ(i, colour.r, colour.g, colour.b);
    }
    this.#colours.needsUpdate = true;
  }

  startFrame(frame: FrameInfo): boolean {
    this.object.position.copy(frame.camera.position);
    return false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}
