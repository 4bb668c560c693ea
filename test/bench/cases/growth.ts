import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { atMost, type BenchCase, figure, timing } from "../bench-case.ts";
import { type Lanes, lanes } from "../instances/lanes.ts";
import { committer, withLedger } from "../real-redis.ts";
import type { BenchRow } from "../report.ts";
import { logLogSlope } from "../statistics.ts";
import { batonStreets } from "../worlds/baton-streets.ts";
import { streetSettings } from "../worlds/settings.ts";
import { driveStreets } from "../worlds/street-world.ts";

/** Streets so that 54 to 58 % of the bays have a vehicle. */
const SIZES = [
  { vehicles: 100, streets: 10 },
  { vehicles: 200, streets: 14 },
  { vehicles: 500, streets: 22 },
  { vehicles: 1000, streets: 30 },
  { vehicles: 2000, streets: 42 },
  { vehicles: 5000, streets: 66 },
] as const;

const SECONDS = 240;
const WARM_UP_S = 90;
/** Trips are as long in a large network as in a small one, or growth would measure the trips. */
const TRIP_REACH_M = 400;

/** One zone, ticks of a second, real Redis: how the time of a tick grows with the fleet. */
export const GROWTH_CASE: BenchCase = {
  name: "growth",
  async run() {
    const rows: BenchRow[] = [];
    const wall: { x: number; y: number }[] = [];
    const cpu: { x: number; y: number }[] = [];
    for (const { vehicles, streets } of SIZES) {
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
      rows.push(figure(`growth-${vehicles}/loadS`, loadMs / 1000, "s"));
      wall.push({ x: vehicles, y: tick.wall.mean });
      cpu.push({ x: vehicles, y: tick.cpu.mean });
      rows.push(...timing(`growth-${vehicles}/tick`, [tick], vehicles === 5000 ? { p99: 100 } : {}));
    }
    rows.push(figure("growth/largest", Math.max(...wall.map(({ x }) => x)), "vehicles"));
    rows.push(atMost("growth/logLogSlope", logLogSlope(wall), "1", 1.1));
    rows.push(figure("growth/logLogSlopeCpu", logLogSlope(cpu), "1"));
    return rows;
  },
};

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
