/** From values to places on paper, straight. */
export interface Scale {
  (value: number): number;
  readonly from: number;
  readonly to: number;
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const factor = to === from ? 0 : (range[1] - range[0]) / (to - from);
  return Object.assign((value: number) => range[0] + (value - from) * factor, { from, to });
}

/** Round numbers from `from` to `to`, about as many as asked for: steps of 1, 2 or 5 times a power of ten. */
export function ticks(from: number, to: number, count: number): number[] {
  if (!(to > from)) return [from];
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough * 0.999) ?? 10 * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** The end of an axis that begins at 0: the first round number that is not below the value. */
export function roundUp(value: number, count: number): number {
  if (!(value > 0)) return 1;
  const marks = ticks(0, value, count);
  const step = (marks[1] ?? value) - (marks[0] ?? 0);
  return Math.ceil(value / step - 1e-9) * step;
}

const MINUTE_MS = 60_000;
const TIME_STEPS_MIN = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440];

/** Instants on the hour, or parts of it, at a clock so many minutes ahead of UTC. */
export function timeTicks(fromMs: number, toMs: number, count: number, utcOffsetMinutes: number): number[] {
  const rough = (toMs - fromMs) / MINUTE_MS / count;
  const stepMs = (TIME_STEPS_MIN.find((one) => one >= rough) ?? 1440) * MINUTE_MS;
  const offMs = utcOffsetMinutes * MINUTE_MS;
  const found: number[] = [];
  for (let atMs = Math.ceil((fromMs + offMs) / stepMs) * stepMs - offMs; atMs <= toMs; atMs += stepMs)
    found.push(atMs);
  return found;
}
