import { atMost, type BenchCase, figure } from "../bench-case.ts";
import { costOfASecond } from "../simulation.ts";

const DAY_MINUTES = 24 * 60;
const DAY_S = DAY_MINUTES * 60;
const WARM_UP_MINUTES = 30;
const SPAN_MINUTES = 30;

/**
 * A simulated day at the load of 2030, both sides. A span of it is run, and the day is that span as often as it fits; with
 * `--minutes 1440` all of it is.
 */
export const SIM_DAY_CASE: BenchCase = {
  name: "sim-day-2030",
  async run(options) {
    const minutes = options.minutes ?? SPAN_MINUTES;
    const warmUpMinutes = minutes >= DAY_MINUTES ? 0 : WARM_UP_MINUTES;
    const { wallMs, cpuMs } = await costOfASecond({ set: [], warmUpMinutes, minutes });
    return [
      figure("sim-day-2030/measuredMinutes", minutes, "min"),
      atMost("sim-day-2030/wallS", (wallMs * DAY_S) / 1000, "s", 90),
      figure("sim-day-2030/cpuS", (cpuMs * DAY_S) / 1000, "s"),
    ];
  },
};

const FLEETS = [25, 50, 100];
const GROWTH_MINUTES = 15;

/** The same site and customers with other fleets: what a simulated second costs as vehicles are added. */
export const SIM_GROWTH_CASES: readonly BenchCase[] = FLEETS.map((vehicles) => ({
  name: `sim-growth-${vehicles}`,
  async run(options) {
    const minutes = options.minutes ?? GROWTH_MINUTES;
    const { wallMs, cpuMs } = await costOfASecond({
      set: [`fleet.count=${vehicles}`, `layout.parkingBays=${vehicles}`],
      warmUpMinutes: WARM_UP_MINUTES,
      minutes,
    });
    return [
      figure(`sim-growth-${vehicles}/msPerSimulatedSecond`, wallMs, "ms"),
      figure(`sim-growth-${vehicles}/cpuMsPerSimulatedSecond`, cpuMs, "ms"),
    ];
  },
}));
