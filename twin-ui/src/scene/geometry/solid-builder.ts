import { BufferGeometry, Color, Float32BufferAttribute, Matrix4, Vector3 } from "three";

/** Where a solid stands: the site position of its origin, and how it is turned about the vertical. */
export interface Placement {
  readonly xM: number;
  readonly yM: number;
  readonly zM?: number;
  readonly headingRad?: number;
}

const scratch = new Vector3();
const scratchColour = new Color();

/**
 * Gathers many small solids into one flat-shaded geometry with vertex colours: one draw call for all that stands still.
 * Frame: site, z up. Sizes in metres: length along the heading, width across, height up.
 */
export class SolidBuilder {
  readonly #positions: number[] = [];
  readonly #normals: number[] = [];
  readonly #colours: number[] = [];
  #placement = new Matrix4();

  /** Everything added from now on is relative to this placement. */
  at(place: Placement): this {
    this.#placement = new Matrix4()
      .makeRotationZ(place.headingRad ?? 0)
      .setPosition(place.xM, place.yM, place.zM ?? 0);
    return this;
  }

  /** A box standing on `zM`, its centre at (xM, yM) of the placement. */
  box(
    size: { readonly lengthM: number; readonly widthM: number; readonly heightM: number },
    at: { readonly xM: number; readonly yM: number; readonly zM?: number },
    colour: string,
  ): this {
    const l = size.lengthM / 2;
    const w = size.widthM / 2;
    const z0 = at.zM ?? 0;
    const z1 = z0 + size.heightM;
    return this.prism(
      [
        { xM: at.xM - l, yM: at.yM - w },
        { xM: at.xM + l, yM: at.yM - w },
        { xM: at.xM + l, yM: at.yM + w },
        { xM: at.xM - l, yM: at.yM + w },
      ],
      z0,
      z1,
      colour,
    );
  }

  /** A prism over a convex outline (counter-clockwise), `taper` shrinks its top towards the outline's centre. */
  prism(
    outline: readonly { readonly xM: number; readonly yM: number }[],
    fromZ: number,
    toZ: number,
    colour: string,
    taper = 1,
  ): this {
    const cx = outline.reduce((sum, p) => sum + p.xM, 0) / outline.length;
    const cy = outline.reduce((sum, p) => sum + p.yM, 0) / outline.length;
    const bottom = outline.map((p) => new Vector3(p.xM, p.yM, fromZ));
    const top = outline.map((p) => new Vector3(cx + (p.xM - cx) * taper, cy + (p.yM - cy) * taper, toZ));
    const n = outline.length;
    for (let i = 0; i < n; i++) {
      const j = (i + 1) % n;
      this.quad(bottom[i], bottom[j], top[j], top[i], colour);
    }
    for (let i = 1; i + 1 < n; i++) this.triangle(top[0], top[i], top[i + 1], colour);
    return this;
  }

  /** An upright cylinder of `sides` faces. */
  cylinder(
    radiusM: number,
    at: { readonly xM: number; readonly yM: number },
    fromZ: number,
    toZ: number,
    colour: string,
    sides = 8,
    taper = 1,
  ): this {
    const outline = Array.from({ length: sides }, (_, i) => ({
      xM: at.xM + radiusM * Math.cos((2 * Math.PI * i) / sides),
      yM: at.yM + radiusM * Math.sin((2 * Math.PI * i) / sides),
    }));
    return this.prism(outline, fromZ, toZ, colour, taper);
  }

  /** A bar of square section between two points of the placement. */
  bar(a: Vector3, b: Vector3, thicknessM: number, colour: string): this {
    const along = b.clone().sub(a);
    const side = new Vector3(-along.y, along.x, 0);
    if (side.lengthSq() < 1e-9) side.set(1, 0, 0);
    side.setLength(thicknessM / 2);
    const up = along
      .clone()
      .cross(side)
      .setLength(thicknessM / 2);
    if (up.z < 0) up.negate();
    const corner = (end: Vector3, s: number, u: number): Vector3 =>
      end.clone().addScaledVector(side, s).addScaledVector(up, u);
    const ring = (end: Vector3): Vector3[] => [
      corner(end, -1, -1),
      corner(end, 1, -1),
      corner(end, 1, 1),
      corner(end, -1, 1),
    ];
    const from = ring(a);
    const to = ring(b);
    for (let i = 0; i < 4; i++) {
      const j = (i + 1) % 4;
      this.quad(from[i], to[i], to[j], from[j], colour);
    }
    return this;
  }

  quad(
    a: Vector3 | undefined,
    b: Vector3 | undefined,
    c: Vector3 | undefined,
    d: Vector3 | undefined,
    colour: string,
  ): this {
    return this.triangle(a, b, c, colour).triangle(a, c, d, colour);
  }

  triangle(a: Vector3 | undefined, b: Vector3 | undefined, c: Vector3 | undefined, colour: string): this {
    if (a === undefined || b === undefined || c === undefined) return this;
    const corners = [a, b, c].map((p) => p.clone().applyMatrix4(this.#placement));
    const [p, q, r] = corners;
    if (p === undefined || q === undefined || r === undefined) return this;
    const normal = scratch.copy(q).sub(p).cross(r.clone().sub(p)).normalize();
    scratchColour.set(colour);
    for (const corner of corners) {
      this.#positions.push(corner.x, corner.y, corner.z);
      this.#normals.push(normal.x, normal.y, normal.z);
      this.#colours.push(scratchColour.r, scratchColour.g, scratchColour.b);
    }
    return this;
  }

  build(): BufferGeometry {
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new Float32BufferAttribute(this.#positions, 3));
    geometry.setAttribute("normal", new Float32BufferAttribute(this.#normals, 3));
    geometry.setAttribute("color", new Float32BufferAttribute(this.#colours, 3));
    return geometry;
  }
}
