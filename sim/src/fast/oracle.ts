/**
 * The independent eye: where the bodies of vehicles truly are, whatever the orchestrators believe. It shares no code with
 * planner, ledger or maps: rectangles, and the separating axis theorem (Gottschalk, Lin and Manocha 1996).
 */
export interface Body {
  readonly vehicleId: string;
  /** Of the reference point, site frame. */
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
  readonly lengthM: number;
  readonly widthM: number;
}

export interface Overlap {
  readonly first: string;
  readonly second: string;
}

/** All pairs of bodies that overlap. A sweep over x, since nearly all are far from each other. */
export function overlapsOf(bodies: readonly Body[]): Overlap[] {
  const sorted = [...bodies].sort((a, b) => a.xM - b.xM);
  const found: Overlap[] = [];
  sorted.forEach((first, at) => {
    for (let next = at + 1; next < sorted.length; next++) {
      const second = sorted[next];
      if (second === undefined) break;
      const reachM = (first.lengthM + second.lengthM + first.widthM + second.widthM) / 2;
      if (second.xM - first.xM > reachM) break;
      if (Math.abs(second.yM - first.yM) <= reachM && overlap(first, second))
        found.push({ first: first.vehicleId, second: second.vehicleId });
    }
  });
  return found;
}

/** Bodies that share less than this touch, metres: less than numbers of this size can tell. */
const TOUCH_M = 1e-6;

function overlap(a: Body, b: Body): boolean {
  const dx = b.xM - a.xM;
  const dy = b.yM - a.yM;
  for (const body of [a, b]) {
    for (const turnRad of [0, Math.PI / 2]) {
      const ux = Math.cos(body.headingRad + turnRad);
      const uy = Math.sin(body.headingRad + turnRad);
      const apartM = Math.abs(dx * ux + dy * uy) - halfShadow(a, ux, uy) - halfShadow(b, ux, uy);
      if (apartM >= -TOUCH_M) return false;
    }
  }
  return true;
}

/** Half the length of a body's shadow on a line in direction (ux, uy). */
function halfShadow(body: Body, ux: number, uy: number): number {
  const cos = Math.cos(body.headingRad);
  const sin = Math.sin(body.headingRad);
  const along = Math.abs(cos * ux + sin * uy) * body.lengthM;
  const across = Math.abs(-sin * ux + cos * uy) * body.widthM;
  return (along + across) / 2;
}
