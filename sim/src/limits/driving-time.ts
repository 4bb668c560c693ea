/** How long driving takes, by acceleration, braking and speed limits alone. Metres, seconds. */

export interface Drive {
  readonly accelerationMps2: number;
  readonly brakingMps2: number;
}

/** A stretch of road with one speed limit. */
export interface Stretch {
  readonly lengthM: number;
  readonly limitMps: number;
}

/** From rest to rest over a distance: how long it takes to move up by it. */
export function moveUpS(lengthM: number, limitMps: number, drive: Drive): number {
  return drivingS([{ lengthM, limitMps }], drive, { from: 0, to: 0 });
}

/** From rest until a distance is covered, going on. */
export function pullAwayS(stretches: readonly Stretch[], drive: Drive): number {
  return drivingS(stretches, drive, { from: 0, to: Number.POSITIVE_INFINITY });
}

/**
 * The shortest time over stretches one after the other, each kept to its limit, with the speeds given at both ends (`Infinity`
 * for any). The speed at each join is what both passes allow: forward by acceleration, backward by braking.
 */
export function drivingS(
  stretches: readonly Stretch[],
  drive: Drive,
  ends: { readonly from: number; readonly to: number },
): number {
  const { accelerationMps2: a, brakingMps2: b } = drive;
  const joins: number[] = [Math.min(ends.from, stretches[0]?.limitMps ?? 0)];
  stretches.forEach(({ lengthM, limitMps }, i) => {
    const reached = Math.sqrt((joins[i] ?? 0) ** 2 + 2 * a * lengthM);
    const last = i === stretches.length - 1;
    joins.push(Math.min(reached, limitMps, last ? ends.to : (stretches[i + 1]?.limitMps ?? 0)));
  });
  for (let i = stretches.length - 1; i >= 0; i--) {
    const lengthM = stretches[i]?.lengthM ?? 0;
    joins[i] = Math.min(joins[i] ?? 0, Math.sqrt((joins[i + 1] ?? 0) ** 2 + 2 * b * lengthM));
  }
  return stretches.reduce(
    (sum, stretch, i) => sum + stretchS(stretch, drive, joins[i] ?? 0, joins[i + 1] ?? 0),
    0,
  );
}

function stretchS({ lengthM, limitMps }: Stretch, drive: Drive, from: number, to: number): number {
  if (lengthM <= 0) return 0;
  const { accelerationMps2: a, brakingMps2: b } = drive;
  // Without a limit the speed would rise to where braking has to begin.
  const highest = Math.sqrt((2 * a * b * lengthM + b * from ** 2 + a * to ** 2) / (a + b));
  const top = Math.min(limitMps, highest);
  const risingM = (top ** 2 - from ** 2) / (2 * a);
  const fallingM = (top ** 2 - to ** 2) / (2 * b);
  const evenM = Math.max(0, lengthM - risingM - fallingM);
  return Math.max(0, top - from) / a + Math.max(0, top - to) / b + (top > 0 ? evenM / top : 0);
}
