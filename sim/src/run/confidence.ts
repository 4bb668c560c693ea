/** A figure over several runs that differ in their seed only: its mean, and where 95 of 100 such means would have it. */
export interface Interval {
  readonly runs: number;
  readonly mean: number;
  /** Half the width of the 95 % interval by Student's t; undefined with fewer than two runs. */
  readonly halfWidth: number | undefined;
}

/** Mean and 95 % interval; undefined when there is no value. */
export function intervalOf(values: readonly number[]): Interval | undefined {
  const runs = values.length;
  if (runs === 0) return undefined;
  const mean = values.reduce((total, value) => total + value, 0) / runs;
  if (runs === 1) return { runs, mean, halfWidth: undefined };
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (runs - 1);
  return { runs, mean, halfWidth: studentT975(runs - 1) * Math.sqrt(variance / runs) };
}

/**
 * The 97.5 % point of Student's t with so many degrees of freedom (Hill 1970, algorithm 396 of the CACM; exact for one and
 * two, better than 1e-5 from three up).
 */
export function studentT975(degrees: number): number {
  const twoTailed = 0.05;
  if (degrees < 1) throw new RangeError(`degrees of freedom are from 1 up, not ${degrees}`);
  if (degrees === 1) return 1 / Math.tan((twoTailed * Math.PI) / 2);
  if (degrees === 2) return Math.sqrt(2 / (twoTailed * (2 - twoTailed)) - 2);
  const a = 1 / (degrees - 0.5);
  const b = (48 / a) * (1 / a);
  let c = ((20_700 * a) / b - 98) * a - 16;
  c = c * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * degrees;
  let x = d * twoTailed;
  let y = x ** (2 / degrees);
  if (y > 0.05 + a) {
    x = -1.959963984540054;
    y = x * x;
    if (degrees < 5) c += 0.3 * (degrees - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = a * y * y;
    y = y > 0.002 ? Math.exp(y) - 1 : 0.5 * y * y + y;
  } else {
    y =
      ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) + 0.5 / (degrees + 4)) *
        y -
        1) *
        ((degrees + 1) / (degrees + 2)) +
      1 / y;
  }
  return Math.sqrt(degrees * y);
}
