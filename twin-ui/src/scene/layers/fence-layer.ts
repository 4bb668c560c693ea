import {
  BoxGeometry,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  Float32BufferAttribute,
  Group,
  InstancedMesh,
  LinearFilter,
  LinearMipmapLinearFilter,
  Matrix4,
  Mesh,
  MeshLambertMaterial,
  RepeatWrapping,
} from "three";
import type { Outline } from "../geometry/hatch.ts";
import { type Polyline, placeAt } from "../geometry/polyline.ts";
import type { Layer, SceneInput } from "../layer.ts";
import type { SitePlan } from "../site-plan.ts";

const PANEL_M = 3;
const HEIGHT_M = 2.4;
const BESIDE_M = 3.5;

interface Panel {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Fences along the unmanned lanes, with gaps where roads branch off, and around fenced ground. Posts are instances, the mesh is one translucent surface. */
export class FenceLayer implements Layer {
  readonly object = new Group();
  readonly #disposables: { dispose(): void }[] = [];

  constructor({ plan, site }: SceneInput) {
    const panels = [
      ...plan.lanes
        .filter(({ lane }) => lane.kind === "unmanned")
        .flatMap(({ line }) => panelsBeside(plan, line)),
      ...(site.fences ?? []).flatMap(panelsAround),
    ];
    this.#addMesh(panels);
    this.#addPosts(panels);
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #addMesh(panels: readonly Panel[]): void {
    const positions: number[] = [];
    const uvs: number[] = [];
    const normals: number[] = [];
    for (const { x0, y0, x1, y1 } of panels) {
      positions.push(x0, y0, 0, x1, y1, 0, x1, y1, HEIGHT_M, x0, y0, 0, x1, y1, HEIGHT_M, x0, y0, HEIGHT_M);
      uvs.push(0, 0, 6, 0, 6, 4, 0, 0, 6, 4, 0, 4);
      for (let i = 0; i < 6; i++) normals.push(0, 0, 1);
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
    geometry.setAttribute("uv", new Float32BufferAttribute(uvs, 2));
    geometry.setAttribute("normal", new Float32BufferAttribute(normals, 3));
    const texture = wireTexture();
    const material = new MeshLambertMaterial({
      color: "#b9c2c6",
      map: texture,
      transparent: true,
      depthWrite: false,
      side: DoubleSide,
      forceSinglePass: true,
    });
    const mesh = new Mesh(geometry, material);
    mesh.renderOrder = 20;
    mesh.matrixAutoUpdate = false;
    this.object.add(mesh);
    this.#disposables.push(geometry, texture, material);
  }

  #addPosts(panels: readonly Panel[]): void {
    const geometry = new BoxGeometry(0.1, 0.1, HEIGHT_M + 0.15).translate(0, 0, HEIGHT_M / 2);
    const material = new MeshLambertMaterial({ color: "#8d969b" });
    const posts = new InstancedMesh(geometry, material, Math.max(1, panels.length));
    const matrix = new Matrix4();
    panels.forEach(({ x0, y0 }, i) => {
      posts.setMatrixAt(i, matrix.makeTranslation(x0, y0, 0));
    });
    posts.count = panels.length;
    posts.frustumCulled = false;
    this.object.add(posts);
    this.#disposables.push(geometry, material, posts);
  }
}

function panelsBeside(plan: SitePlan, line: Polyline): readonly Panel[] {
  const panels: Panel[] = [];
  for (const offM of [-BESIDE_M, BESIDE_M]) {
    for (let fromM = 0; fromM + PANEL_M <= line.lengthM; fromM += PANEL_M) {
      const [x0, y0] = beside(line, fromM, offM);
      const [x1, y1] = beside(line, fromM + PANEL_M, offM);
      const blocked = plan.distanceToRoad(x0, y0) < 3 || plan.distanceToRoad(x1, y1) < 3;
      // No fence across the line itself: the markers stand there.
      if (!blocked && Math.abs((x0 + x1) / 2) > 4 && !atStation(plan, (x0 + x1) / 2, (y0 + y1) / 2)) {
        panels.push({ x0, y0, x1, y1 });
      }
    }
  }
  return panels;
}

/** No road leads over the outline of fenced ground: no gap is left. */
function panelsAround({ xM, yM }: Outline): readonly Panel[] {
  return xM.flatMap((x, i) => {
    const y = yM[i] ?? 0;
    const next = (i + 1) % xM.length;
    const [alongXM, alongYM] = [(xM[next] ?? 0) - x, (yM[next] ?? 0) - y];
    const count = Math.max(1, Math.round(Math.hypot(alongXM, alongYM) / PANEL_M));
    return Array.from({ length: count }, (_, panel) => ({
      x0: x + (alongXM * panel) / count,
      y0: y + (alongYM * panel) / count,
      x1: x + (alongXM * (panel + 1)) / count,
      y1: y + (alongYM * (panel + 1)) / count,
    }));
  });
}

function beside(line: Polyline, alongM: number, offM: number): readonly [number, number] {
  const { xM, yM, headingRad } = placeAt(line, alongM);
  return [xM - Math.sin(headingRad) * offM, yM + Math.cos(headingRad) * offM];
}

const BUILT: ReadonlySet<string> = new Set(["portal", "scanner", "exit-gate", "entry-gate", "weighbridge"]);

function atStation(plan: SitePlan, xM: number, yM: number): boolean {
  return plan.stations.some((station) => {
    if (!BUILT.has(station.kind)) return false;
    const reach = station.kind === "scanner" || station.kind === "weighbridge" ? station.lengthM / 2 + 1 : 11;
    return Math.abs(station.xM - xM) < reach && Math.abs(station.yM - yM) < 9;
  });
}

/** Chain-link: a diagonal net, mostly holes. */
function wireTexture(): DataTexture {
  const size = 32;
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const wire = (x + y) % 16 < 2 || (x - y + size) % 16 < 2;
      data.set([255, 255, 255, wire ? 170 : 8], (y * size + x) * 4);
    }
  }
  const texture = new DataTexture(data, size, size);
  texture.wrapS = RepeatWrapping;
  texture.wrapT = RepeatWrapping;
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.generateMipmaps = true;
  texture.needsUpdate = true;
  return texture;
}
