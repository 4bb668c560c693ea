/**
 * A planar NURBS as VDMA LIF 1.0 and VDA 5050 carry it: metres in whatever frame its holder names,
 * `knotVector` has `controlPoints.length + degree + 1` entries in [0, 1], a missing weight is 1.
 */
export interface Trajectory {
  readonly degree: number;
  readonly knotVector: readonly number[];
  readonly controlPoints: readonly ControlPoint[];
}

export interface ControlPoint {
  readonly x: number;
  readonly y: number;
  readonly weight?: number;
}

/** Value and first derivative by the curve's own parameter. */
interface NurbsSample {
  readonly xM: number;
  readonly yM: number;
  readonly dxM: number;
  readonly dyM: number;
}

/** Homogeneous coordinates: (w x, w y, w), one typed array each, and the knots they belong to. */
interface Polynomial {
  readonly degree: number;
  readonly knots: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
}

/** A NURBS made ready to be evaluated: the homogeneous curve and its hodograph. */
export interface NurbsEvaluator {
  /** Distinct knots inside the curve's domain, ascending; between two of them the curve is smooth. */
  readonly breaks: readonly number[];
  at(u: number): NurbsSample;
}

/** Piegl & Tiller, The NURBS Book, 2nd ed., algorithms A2.1 (span) and A4.2 (rational derivative). */
export function nurbsEvaluator(trajectory: Trajectory): NurbsEvaluator {
  const curve = homogeneous(trajectory);
  const hodograph = derivativeOf(curve);
  const first = curve.knots[curve.degree] ?? 0;
  const last = curve.knots[curve.x.length] ?? 1;
  const value = scratchFor(curve);
  const slope = scratchFor(hodograph);
  const breaks = [...new Set(curve.knots)].filter((knot) => knot >= first && knot <= last);
  return {
    breaks,
    at(parameter) {
      const u = Math.min(Math.max(parameter, first), last);
      evaluate(curve, u, value);
      evaluate(hodograph, u, slope);
      const weight = at(value.w, curve.degree);
      const xM = at(value.x, curve.degree) / weight;
      const yM = at(value.y, curve.degree) / weight;
      const slopeW = at(slope.w, hodograph.degree);
      return {
        xM,
        yM,
        dxM: (at(slope.x, hodograph.degree) - slopeW * xM) / weight,
        dyM: (at(slope.y, hodograph.degree) - slopeW * yM) / weight,
      };
    },
  };
}

function homogeneous(trajectory: Trajectory): Polynomial {
  const count = trajectory.controlPoints.length;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const w = new Float64Array(count);
  trajectory.controlPoints.forEach((point, i) => {
    const weight = point.weight ?? 1;
    x[i] = point.x * weight;
    y[i] = point.y * weight;
    w[i] = weight;
  });
  return { degree: trajectory.degree, knots: Float64Array.from(trajectory.knotVector), x, y, w };
}

function derivativeOf(curve: Polynomial): Polynomial {
  const count = Math.max(curve.x.length - 1, 1);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const w = new Float64Array(count);
  for (let i = 0; i + 1 < curve.x.length; i += 1) {
    const span = at(curve.knots, i + curve.degree + 1) - at(curve.knots, i + 1);
    const factor = span > 0 ? curve.degree / span : 0;
    x[i] = factor * (at(curve.x, i + 1) - at(curve.x, i));
    y[i] = factor * (at(curve.y, i + 1) - at(curve.y, i));
    w[i] = factor * (at(curve.w, i + 1) - at(curve.w, i));
  }
  return { degree: curve.degree - 1, knots: curve.knots.slice(1, -1), x, y, w };
}

/** Homogeneous value at one parameter; reused from call to call. */
interface Scratch {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
}

function scratchFor(curve: Polynomial): Scratch {
  const size = curve.degree + 1;
  return { x: new Float64Array(size), y: new Float64Array(size), w: new Float64Array(size) };
}

/** De Boor's algorithm; the value is left in the last entries of the scratch arrays. */
function evaluate(curve: Polynomial, u: number, { x, y, w }: Scratch): void {
  const { degree, knots } = curve;
  const span = spanOf(curve, u);
  for (let j = 0; j <= degree; j += 1) {
    x[j] = at(curve.x, span - degree + j);
    y[j] = at(curve.y, span - degree + j);
    w[j] = at(curve.w, span - degree + j);
  }
  for (let round = 1; round <= degree; round += 1) {
    for (let j = degree; j >= round; j -= 1) {
      const low = at(knots, span - degree + j);
      const width = at(knots, j + 1 + span - round) - low;
      const t = width > 0 ? (u - low) / width : 0;
      x[j] = (1 - t) * at(x, j - 1) + t * at(x, j);
      y[j] = (1 - t) * at(y, j - 1) + t * at(y, j);
      w[j] = (1 - t) * at(w, j - 1) + t * at(w, j);
    }
  }
}

/** The last knot span of positive length whose start is not past `u`. */
function spanOf(curve: Polynomial, u: number): number {
  let span = curve.degree;
  for (let i = curve.degree; i < curve.x.length; i += 1) {
    if (at(curve.knots, i) <= u && at(curve.knots, i) < at(curve.knots, i + 1)) span = i;
  }
  return span;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
