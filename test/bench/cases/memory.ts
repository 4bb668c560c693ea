import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createZone } from "../../../orchestrator/src/reservation/core/create-zone.ts";
import { type BenchCase, figure } from "../bench-case.ts";
import { lanes } from "../instances/lanes.ts";
import { batonStreets } from "../worlds/baton-streets.ts";
import { streetSettings } from "../worlds/settings.ts";
import { driveStreets } from "../worlds/street-world.ts";

const VEHICLES = 1000;
const SECONDS = 200;

/** What a zone keeps in memory after everything that is not needed is gone. */
export const MEMORY_CASE: BenchCase = {
  name: "memory",
  async run() {
    const settings = streetSettings("braking-distance");
    const emptyBytes = keptBytes();
    const { network, bays } = lanes(26);
    const zone = createZone(network, settings);
    const networkBytes = keptBytes() - emptyBytes;
    // What a table needs when it was asked for all of the network.
    for (const bay of bays) for (const from of bays) zone.distances.to(bay).from(from);
    const tablesBytes = keptBytes() - emptyBytes - networkBytes;
    let withVehiclesBytes = 0;
    let restingBytes = 0;
    await driveStreets(
      { network, bays, vehicles: VEHICLES, seed: 1, stopProbability: 0.002, seconds: SECONDS },
      (vehicles, distances) => {
        // What the street world keeps for itself is made before anything is counted.
        for (const bay of bays) distances.to(bay);
        const engine = batonStreets({ name: "baton", network, vehicles, settings });
        return {
          ...engine,
          decide(nowS) {
            engine.decide(nowS);
            if (nowS === 1) restingBytes = keptBytes();
            if (nowS === SECONDS) withVehiclesBytes = keptBytes();
          },
        };
      },
    );
    return [
      figure("memory/kilobytesABlock", networkBytes / 1024 / network.blocks.count, "kB"),
      figure("memory/kilobytesAnEndpoint", tablesBytes / 1024 / bays.length, "kB"),
      figure("memory/kilobytesAVehicle", (withVehiclesBytes - restingBytes) / 1024 / VEHICLES, "kB"),
    ];
  },
};

function keptBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("this Node cannot be asked to collect garbage");
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
