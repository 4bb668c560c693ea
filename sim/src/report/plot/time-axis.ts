import { clockTime } from "../words.ts";
import type { Axis } from "./frame.ts";
import { linear, timeTicks } from "./scale.ts";

/** The clock that a report's axes show. */
export interface ShownClock {
  readonly name: string;
  readonly utcOffsetMinutes: number;
}

export function timeAxis(
  fromMs: number,
  toMs: number,
  range: readonly [number, number],
  clock: ShownClock,
  options: { readonly count?: number; readonly title?: boolean } = {},
): Axis {
  const { utcOffsetMinutes, name } = clock;
  const ticks = timeTicks(fromMs, toMs, options.count ?? 10, utcOffsetMinutes);
  return {
    scale: linear([fromMs, toMs], range),
    ticks: ticks.map((at) => ({ at, text: clockTime(at, utcOffsetMinutes) })),
    ...(options.title === false ? {} : { title: `time of day, ${name}` }),
  };
}
