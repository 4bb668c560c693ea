import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { atMost, type BenchCase, figure, timing } from "../bench-case.ts";
import { type Lanes, lanes } from "../instances/lanes.ts";
import { committer, withLedger } from "../real-redis.ts";
import type { BenchRow } from "../report.ts";
import { logLogSlope } from "../statistics.ts";
import type { Timing } from "../stopwatch.ts";
import { batonStreets } from "../worlds/baton-streets.ts";
import { streetSettings } from "../worlds/settings.ts";
import { driveStreets } from "../worlds/street-world.ts";

const LARGEST = { vehicles: 5000, streets: 66 };
/** Streets so that 54 to 58 % of the bays have a vehicle. */
const SIZES = [
  { vehicles: 100, streets: 10 },
  { vehicles: 200, streets: 14 },
  { vehicles: 500, streets: 22 },
  { vehicles: 1000, streets: 30 },
  { vehicles: 2000, streets: 42 },
  LARGEST,
];

const SECONDS = 240;
const WARM_UP_S = 90;
/** Trips are as long in a large network as in a small one, or growth would measure the trips. */
const TRIP_REACH_M = 400;

/**
 * One zone, ticks of a second, real Redis: how the time of a tick grows with the fleet, ticks without a pause between
 * them. The largest fleet is driven once more with a tick each second, which is how a site runs it and what its bar is of.
 */
export const GROWTH_CASE: BenchCase = {
  name: "growth",
  async run() {
    const rows: BenchRow[] = [];
    const wall: { x: number; y: number }[] = [];
    const cpu: { x: number; y: number }[] = [];
    for (const size of SIZES) {
      const { loadMs, tick } = await drivenAt(size);
      rows.push(figure(`growth-${size.vehicles}/loadS`, loadMs / 1000, "s"));
      wall.push({ x: size.vehicles, y: tick.wall.mean });
      cpu.push({ x: size.vehicles, y: tick.cpu.mean });
      rows.push(
        ...timing(`growth-${size.vehicles}/${size.vehicles === LARGEST.vehicles ? "noPause/" : ""}tick`, [
          tick,
        ]),
      );
    }
    const { tick } = await drivenAt(LARGEST, 1000);
    rows.push(...timing(`growth-${LARGEST.vehicles}/tick`, [tick], { p99: 100 }));
    rows.push(figure("growth/largest", LARGEST.vehicles, "vehicles"));
    rows.push(atMost("growth/logLogSlope", logLogSlope(wall), "1", 1.1));
    rows.push(figure("growth/logLogSlopeCpu", logLogSlope(cpu), "1"));
    return rows;
  },
};

/** The streets of a size driven for `SECONDS`; `paceMs` as in a street plan. */
async function drivenAt(
  { vehicles, streets }: { readonly vehicles: number; readonly streets: number },
  paceMs?: number,
): Promise<{ loadMs: number; tick: Timing }> {
  const place = lanes(streets);
  const { network, bays } = place;
  let loadMs = 0;
  const { tick } = await withLedger(async (ledger) => {
    const commit = await committer(ledger);
    return driveStreets(
      {
        network,
        bays,
        vehicles,
        seed: 1,
        stopProbability: 0.002,
        seconds: SECONDS,
        warmUpS: WARM_UP_S,
        nearby: neighbours(place),
        ...(paceMs === undefined ? {} : { paceMs }),
      },
      (fleet) => {
        const begunMs = performance.now();
        const engine = batonStreets({
          name: "baton",
          network,
          vehicles: fleet,
          settings: streetSettings("braking-distance"),
          commit,
        });
        loadMs = performance.now() - begunMs;
        return engine;
      },
    );
  });
  return { loadMs, tick };
}

/** Bays within reach of each bay, along both axes; looked up in a raster. */
function neighbours({ network, bays }: Lanes): (bay: number) => readonly number[] {
  const { xM, yM } = network.poses;
  const cellOf = (pose: number): string =>
    `${Math.floor(at(xM, pose) / TRIP_REACH_M)},${Math.floor(at(yM, pose) / TRIP_REACH_M)}`;
  const raster = new Map<string, number[]>();
  for (const bay of bays) {
    const cell = raster.get(cellOf(bay));
    if (cell === undefined) raster.set(cellOf(bay), [bay]);
    else cell.push(bay);
  }
  const near = (bay: number, other: number): boolean =>
    Math.abs(at(xM, bay) - at(xM, other)) <= TRIP_REACH_M &&
    Math.abs(at(yM, bay) - at(yM, other)) <= TRIP_REACH_M;
  return (bay) => {
    const [column = 0, row = 0] = cellOf(bay).split(",").map(Number);
    return [-1, 0, 1]
      .flatMap((dx) => [-1, 0, 1].flatMap((dy) => raster.get(`${column + dx},${row + dy}`) ?? []))
      .filter((other) => other !== bay && near(bay, other));
  };
}
