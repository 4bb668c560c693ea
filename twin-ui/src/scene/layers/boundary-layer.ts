import {
  BufferGeometry,
  Color,
  DoubleSide,
  Float32BufferAttribute,
  Group,
  Mesh,
  MeshBasicMaterial,
} from "three";
import type { Layer, SceneInput } from "../layer.ts";
import { groundHeight, valleyHalfWidthM } from "../terrain.ts";

const REACH_M = 560;
const STEP_M = 8;
const CURTAIN_M = 7;

/** The boundary at x = 0: a pale band over land and road, dashed across the carriageway, and a faint veil that fades upwards. */
export class BoundaryLayer implements Layer {
  readonly object = new Group();
  readonly #disposables: { dispose(): void }[] = [];

  constructor({ plan, palette }: SceneInput) {
    const height = groundHeight(plan);
    const flatM = valleyHalfWidthM(plan) - 8;
    const line = new Color(palette.line);
    const positions: number[] = [];
    const colours: number[] = [];
    const put = (x: number, y: number, z: number, alpha: number): void => {
      positions.push(x, y, z);
      colours.push(line.r, line.g, line.b, alpha);
    };
    const quad = (y0: number, y1: number, x0: number, x1: number, lift: number, alpha: number): void => {
      const z0 = Math.max(0.03, height(0, y0) + lift);
      const z1 = Math.max(0.03, height(0, y1) + lift);
      put(x0, y0, z0, alpha);
      put(x1, y0, z0, alpha);
      put(x1, y1, z1, alpha);
      put(x0, y0, z0, alpha);
      put(x1, y1, z1, alpha);
      put(x0, y1, z1, alpha);
    };
    for (let y = -REACH_M; y < REACH_M; y += STEP_M) {
      const onFlat = Math.abs(y + STEP_M / 2) < flatM;
      const far = 1 - Math.min(1, Math.max(0, Math.abs(y) - flatM) / (REACH_M - flatM));
      // Two thin lines with a dashed one between them where people drive; one line over the hills.
      if (onFlat) {
        quad(y, y + STEP_M, -0.75, -0.45, 0.4, 0.95);
        quad(y, y + STEP_M, 0.45, 0.75, 0.4, 0.95);
        quad(y, y + STEP_M / 2, -0.18, 0.18, 0.4, 0.95);
      } else {
        quad(y, y + STEP_M * 0.62, -0.5, 0.5, 0.5, 0.65 * far);
      }
      const z0 = Math.max(0.03, height(0, y) + 0.2);
      const z1 = Math.max(0.03, height(0, y + STEP_M) + 0.2);
      const foot = 0.2 * far;
      put(0, y, z0, foot);
      put(0, y + STEP_M, z1, foot);
      put(0, y + STEP_M, z1 + CURTAIN_M, 0);
      put(0, y, z0, foot);
      put(0, y + STEP_M, z1 + CURTAIN_M, 0);
      put(0, y, z0 + CURTAIN_M, 0);
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
    geometry.setAttribute("color", new Float32BufferAttribute(colours, 4));
    const material = new MeshBasicMaterial({
      vertexColors: true,
      transparent: true,
      depthWrite: false,
      side: DoubleSide,
      forceSinglePass: true,
    });
    const mesh = new Mesh(geometry, material);
    mesh.renderOrder = 5;
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    this.object.add(mesh);
    this.#disposables.push(geometry, material);
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }
}
