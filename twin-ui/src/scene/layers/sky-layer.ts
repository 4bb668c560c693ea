import { BackSide, Color, Float32BufferAttribute, Mesh, MeshBasicMaterial, SphereGeometry } from "three";
import { smoothstep } from "../geometry/noise.ts";
import type { FrameInfo, Layer } from "../layer.ts";
import type { Palette } from "../palette.ts";

const RADIUS_M = 4000;

/** The sky: a dome from the horizon's haze, which is also the colour of the fog, to the zenith. It travels with the camera. */
export class SkyLayer implements Layer {
  readonly object: Mesh<SphereGeometry, MeshBasicMaterial>;

  constructor(palette: Palette) {
    const geometry = new SphereGeometry(RADIUS_M, 24, 24).rotateX(Math.PI / 2);
    const position = geometry.getAttribute("position");
    const horizon = new Color(palette.skyHorizon);
    const top = new Color(palette.skyTop);
    const colours: number[] = [];
    const colour = new Color();
    for (let i = 0; i < position.count; i++) {
      colour.lerpColors(horizon, top, smoothstep(0.02, 0.6, position.getZ(i) / RADIUS_M));
      colours.push(colour.r, colour.g, colour.b);
    }
    geometry.setAttribute("color", new Float32BufferAttribute(colours, 3));
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

  startFrame(frame: FrameInfo): boolean {
    this.object.position.copy(frame.camera.position);
    return false;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}
