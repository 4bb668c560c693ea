import Type, { type Static } from "typebox";

/** Mean, high quantile and maximum of a list of figures; zeros for an empty one. */
export const Summary = Type.Object({
  count: Type.Integer(),
  mean: Type.Number(),
  p99: Type.Number(),
  max: Type.Number(),
});
export type Summary = Static<typeof Summary>;

export function summaryOf(values: readonly number[]): Summary {
  if (values.length === 0) return { count: 0, mean: 0, p99: 0, max: 0 };
  return {
    count: values.length,
    mean: meanOf(values),
    p99: quantileOf(values, 0.99),
    max: quantileOf(values, 1),
  };
}

/** The value that the part `of` of all figures does not exceed; zero for an empty list. */
export function quantileOf(values: readonly number[], of: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(of * sorted.length) - 1)] ?? 0;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** One-sided 95 % points of Student's t distribution for 1 to 30 degrees of freedom. */
const T95 = [
  6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
  1.746, 1.74, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
];

/**
 * The value that the true mean is above with 95 % confidence, for figures that are normally distributed.
 * `undefined` for fewer than two: one figure says nothing about its spread.
 */
export function lowerLimit95(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const t = T95[values.length - 2] ?? 1.645;
  return mean - t * Math.sqrt(variance / values.length);
}

/** Slope of the straight line through (ln x, ln y), least squares: the exponent of growth. */
export function logLogSlope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const xs = points.map(({ x }) => Math.log(x));
  const ys = points.map(({ y }) => Math.log(y));
  const meanX = meanOf(xs);
  const meanY = meanOf(ys);
  let above = 0;
  let below = 0;
  xs.forEach((x, i) => {
    above += (x - meanX) * ((ys[i] ?? meanY) - meanY);
    below += (x - meanX) ** 2;
  });
  return below === 0 ? 0 : above / below;
}
