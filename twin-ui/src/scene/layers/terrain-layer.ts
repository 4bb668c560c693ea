import {
  BufferGeometry,
  Color,
  CylinderGeometry,
  Float32BufferAttribute,
  Group,
  IcosahedronGeometry,
  InstancedMesh,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PlaneGeometry,
  Quaternion,
  Vector3,
} from "three";
import { hash2, noise2, smoothstep } from "../geometry/noise.ts";
import type { Layer, SceneInput } from "../layer.ts";
import { sideAt } from "../site-plan.ts";
import { type GroundHeight, groundHeight, valleyHalfWidthM } from "../terrain.ts";
import { softDisc } from "./glow-layer.ts";

const REACH_X_M = 900;
const REACH_Y_M = 820;
/** Seen from far enough to take in a long site, the land must not end: it reaches this part of the site's length. */
const REACH_PART = 0.85;
/** Hills stand no farther out than this. */
const HILLS_Y_M = 1500;
const MAX_TREES = 1400;

/** The land: earth tinted by side, karst hills left and right of the valley, trees. Three draw calls, all static. */
export class TerrainLayer implements Layer {
  readonly object = new Group();
  readonly #disposables: { dispose(): void }[] = [];

  constructor(input: SceneInput) {
    const height = groundHeight(input.plan);
    this.#addLand(input, height);
    this.#addHills(input, height);
    this.#addTrees(input, height);
  }

  dispose(): void {
    for (const item of this.#disposables) item.dispose();
  }

  #mesh(geometry: BufferGeometry, renderOrder: number): void {
    const material = new MeshLambertMaterial({ vertexColors: true });
    const mesh = new Mesh(geometry, material);
    mesh.renderOrder = renderOrder;
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    this.object.add(mesh);
    this.#disposables.push(geometry, material);
  }

  #addLand({ plan, palette }: SceneInput, height: GroundHeight): void {
    const { bounds } = plan;
    const spanX = bounds.maxXM - bounds.minXM + 2 * REACH_X_M;
    const stepX = Math.max(14, spanX / 220);
    // The line at x = 0 is an edge of the grid, so that the two sides' tints meet exactly there.
    const fromX = Math.floor((bounds.minXM - REACH_X_M) / stepX) * stepX;
    const columns = Math.ceil((bounds.maxXM + REACH_X_M - fromX) / stepX);
    const reachYM = Math.max(REACH_Y_M, (bounds.maxXM - bounds.minXM) * REACH_PART);
    const rowsY = yRows(valleyHalfWidthM(plan), reachYM);
    const positions: number[] = [];
    const colours: number[] = [];
    const tint = new Color();
    const grass = new Color();
    const rock = new Color(palette.rock);
    const face = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number): void => {
      const mx = (ax + bx + cx) / 3;
      const my = (ay + by + cy) / 3;
      const side = sideAt(mx);
      const az = height(ax, ay);
      const bz = height(bx, by);
      const cz = height(cx, cy);
      const steep = Math.max(az, bz, cz) - Math.min(az, bz, cz);
      tint.set(palette.earth[side]);
      grass.set(palette.grass[side]);
      tint.lerp(grass, smoothstep(0.3, 0.65, noise2(mx / 60 + 40, my / 60)));
      tint.lerp(rock, 0.5 * smoothstep(7, 16, steep));
      const light = 0.94 + 0.12 * hash2(Math.round(mx * 3), Math.round(my * 3));
      positions.push(ax, ay, az, bx, by, bz, cx, cy, cz);
      for (let i = 0; i < 3; i++) colours.push(tint.r * light, tint.g * light, tint.b * light);
    };
    for (let i = 0; i < columns; i++) {
      const x0 = fromX + i * stepX;
      const x1 = x0 + stepX;
      for (let j = 0; j + 1 < rowsY.length; j++) {
        const y0 = rowsY[j] ?? 0;
        const y1 = rowsY[j + 1] ?? 0;
        if ((i + j) % 2 === 0) {
          face(x0, y0, x1, y0, x1, y1);
          face(x0, y0, x1, y1, x0, y1);
        } else {
          face(x0, y0, x1, y0, x0, y1);
          face(x1, y0, x1, y1, x0, y1);
        }
      }
    }
    this.#mesh(flatGeometry(positions, colours), -50);
  }

  #addHills({ plan, palette }: SceneInput, height: GroundHeight): void {
    const { bounds } = plan;
    const flatM = valleyHalfWidthM(plan);
    const cellM = 92;
    const positions: number[] = [];
    const colours: number[] = [];
    const rock = new Color(palette.rock);
    const green = new Color(palette.foliage);
    const colour = new Color();
    const fromCell = Math.floor((bounds.minXM - REACH_X_M + 100) / cellM);
    const toCell = Math.ceil((bounds.maxXM + REACH_X_M - 100) / cellM);
    const reachYM = Math.max(REACH_Y_M, Math.min(HILLS_Y_M, (bounds.maxXM - bounds.minXM) * REACH_PART));
    // A long site is looked at from farther away.
    const keptBackM = Math.max(190, (bounds.maxXM - bounds.minXM) * 0.15);
    const rows = Math.floor(reachYM / cellM);
    for (let cx = fromCell; cx <= toCell; cx++) {
      for (let cy = -rows; cy <= rows; cy++) {
        const x = (cx + 0.2 + 0.6 * hash2(cx, cy)) * cellM;
        const y = (cy + 0.2 + 0.6 * hash2(cx + 77, cy)) * cellM;
        // On the side that the overview looks from, hills keep back, so that they frame the site and do not hide it.
        const off = Math.abs(y) - flatM - (y < 0 ? keptBackM : 0);
        if (
          off < 62 ||
          Math.abs(y) > reachYM - 60 ||
          hash2(cx, cy + 31) > 0.34 + 0.4 * smoothstep(60, 420, off)
        )
          continue;
        const grown = 0.55 + 0.75 * smoothstep(40, 360, off);
        const radius = (24 + 26 * hash2(cx + 5, cy + 11)) * grown;
        const tall = (34 + 74 * hash2(cx + 19, cy + 3)) * grown;
        const tower = karst(x, y, height(x, y) - 6, Math.min(radius, off * 0.8), tall, cx * 131 + cy);
        for (let i = 0; i < tower.length; i += 9) {
          const slope = faceSlope(tower, i);
          colour.lerpColors(rock, green, smoothstep(0.25, 0.72, slope + 0.25 * hash2(i, cx * 7 + cy)));
          const light = 0.9 + 0.2 * hash2(i + 3, cx + cy * 17);
          for (let k = 0; k < 3; k++) colours.push(colour.r * light, colour.g * light, colour.b * light);
        }
        positions.push(...tower);
      }
    }
    this.#mesh(flatGeometry(positions, colours), -40);
  }

  #addTrees({ plan, palette }: SceneInput, height: GroundHeight): void {
    const { bounds } = plan;
    const flatM = valleyHalfWidthM(plan);
    const geometry = treeGeometry();
    const material = new MeshLambertMaterial({ flatShading: true, vertexColors: true });
    const trees = new InstancedMesh(geometry, material, MAX_TREES);
    const matrix = new Matrix4();
    const turn = new Quaternion();
    const up = new Vector3(0, 0, 1);
    const disc = new PlaneGeometry(2.9, 2.9);
    const soft = softDisc();
    const shade = new MeshBasicMaterial({
      map: soft,
      color: palette.shadow,
      transparent: true,
      opacity: palette.restful.shadowStrength + 0.25,
      depthWrite: false,
    });
    const shadows = new InstancedMesh(disc, shade, MAX_TREES);
    const { sunFrom } = palette;
    const base = new Color(palette.foliage);
    const colour = new Color();
    const spanX = bounds.maxXM - bounds.minXM + 700;
    let count = 0;
    for (let i = 0; count < MAX_TREES && i < MAX_TREES * 6; i++) {
      const x = bounds.minXM - 350 + spanX * hash2(i, 1);
      const away = hash2(i, 2) ** 1.7 * 230;
      const y = (hash2(i, 3) < 0.5 ? -1 : 1) * (flatM - 12 + away);
      if (noise2(x / 48, y / 48) < 0.47 || plan.distanceToRoad(x, y) < 11) continue;
      const size = 1.3 + 1.9 * hash2(i, 4);
      turn.setFromAxisAngle(up, 6.28 * hash2(i, 5));
      matrix.compose(
        new Vector3(x, y, height(x, y) + size * 0.75),
        turn,
        new Vector3(size, size * 0.92, size * (1.05 + 0.5 * hash2(i, 6))),
      );
      trees.setMatrixAt(count, matrix);
      trees.setColorAt(count, colour.copy(base).multiplyScalar(0.8 + 0.5 * hash2(i, 7)));
      const ground = new Vector3(x - sunFrom.x * size * 0.8, y - sunFrom.y * size * 0.8, 0);
      ground.z = height(ground.x, ground.y) + 0.12;
      shadows.setMatrixAt(count, matrix.compose(ground, turn.identity(), new Vector3(size, size, 1)));
      count++;
    }
    trees.count = count;
    shadows.count = count;
    shadows.frustumCulled = false;
    shadows.renderOrder = -1;
    this.object.add(shadows);
    this.#disposables.push(disc, soft, shade, shadows);
    trees.frustumCulled = false;
    this.object.add(trees);
    this.#disposables.push(geometry, material, trees);
  }
}

/** A broad crown, a smaller one on it, and a trunk; about two across and three high, standing a little in the ground. */
function treeGeometry(): BufferGeometry {
  const parts = [
    {
      solid: new IcosahedronGeometry(1, 0).scale(1, 1, 0.8).translate(0, 0, 0.15),
      shade: [0.86, 0.86, 0.86],
    },
    { solid: new IcosahedronGeometry(0.68, 0).translate(0.16, 0.1, 0.86), shade: [1.12, 1.1, 1.02] },
    {
      solid: new CylinderGeometry(0.12, 0.18, 0.9, 5, 1, true)
        .rotateX(Math.PI / 2)
        .translate(0, 0, -0.6)
        .toNonIndexed(),
      shade: [0.75, 0.5, 0.42],
    },
  ];
  const positions: number[] = [];
  const colours: number[] = [];
  for (const { solid, shade } of parts) {
    const corners = solid.getAttribute("position");
    positions.push(...corners.array);
    for (let i = 0; i < corners.count; i++) colours.push(...shade);
    solid.dispose();
  }
  return flatGeometry(positions, colours);
}

/** Rows across the valley: fine where people look, coarse on the slopes. */
function yRows(flatM: number, reachYM: number): readonly number[] {
  const half: number[] = [];
  for (let y = 0; y < flatM; y += 18) half.push(y);
  for (let y = Math.max(flatM, 18); y < reachYM; y += 15 + (y - flatM) * 0.06) half.push(y);
  half.push(reachYM);
  return [
    ...half
      .slice(1)
      .map((y) => -y)
      .reverse(),
    ...half,
  ];
}

/** A limestone tower: rings of jittered corners, steep below, rounded on top. Nine numbers a triangle. */
function karst(xM: number, yM: number, zM: number, radiusM: number, heightM: number, seed: number): number[] {
  const sides = 9;
  const rings = [
    { part: 0, width: 1.25 },
    { part: 0.28, width: 0.98 },
    { part: 0.62, width: 0.8 },
    { part: 0.86, width: 0.5 },
  ];
  const corner = (ring: number, side: number): [number, number, number] => {
    const spec = rings[ring];
    if (spec === undefined) return [xM + radiusM * 0.1 * (hash2(seed, 5) - 0.5), yM, zM + heightM];
    const k = side % sides;
    const angle = (2 * Math.PI * (k + 0.35 * hash2(seed + ring, k))) / sides;
    const r = radiusM * spec.width * (0.78 + 0.44 * hash2(seed + k * 13, ring));
    const z = zM + heightM * spec.part * (0.9 + 0.2 * hash2(seed + k, ring + 50));
    return [xM + r * Math.cos(angle), yM + r * Math.sin(angle), z];
  };
  const out: number[] = [];
  for (let ring = 0; ring < rings.length; ring++) {
    for (let side = 0; side < sides; side++) {
      const a = corner(ring, side);
      const b = corner(ring, side + 1);
      const c = corner(ring + 1, side + 1);
      out.push(...a, ...b, ...c);
      if (ring + 1 < rings.length) out.push(...a, ...c, ...corner(ring + 1, side));
    }
  }
  return out;
}

/** How flat a triangle lies: the vertical part of its unit normal. */
function faceSlope(positions: readonly number[], at: number): number {
  const p = (k: number): number => positions[at + k] ?? 0;
  const ux = p(3) - p(0);
  const uy = p(4) - p(1);
  const uz = p(5) - p(2);
  const vx = p(6) - p(0);
  const vy = p(7) - p(1);
  const vz = p(8) - p(2);
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  return Math.abs(nz) / (Math.hypot(nx, ny, nz) || 1);
}

function flatGeometry(positions: number[], colours: number[]): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new Float32BufferAttribute(positions, 3));
  geometry.setAttribute("color", new Float32BufferAttribute(colours, 3));
  geometry.computeVertexNormals();
  return geometry;
}
