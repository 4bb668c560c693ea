import type { Network } from "@baton/maps";
import { createZone } from "../../../orchestrator/src/reservation/core/create-zone.ts";
import type { CoreSettings } from "../../../orchestrator/src/reservation/core/kinematics.ts";
import { hasCircle } from "../../../orchestrator/src/reservation/core/order-circle.ts";
import { at } from "../../../orchestrator/src/reservation/core/runs.ts";
import { confirmTick, runTick, type TickOutcome } from "../../../orchestrator/src/reservation/core/tick.ts";
import type { Command } from "../../../orchestrator/src/reservation/core/zone.ts";
import type { LegId, Observation } from "../../../orchestrator/src/reservation/port.ts";
import { LANES_SPEED_MPS } from "../instances/lanes.ts";
import { legNamed } from "../names.ts";
import type { StreetEngine, StreetVehicle } from "./street-vehicle.ts";

export interface BatonStreetsOptions {
  readonly name: string;
  readonly network: Network;
  readonly vehicles: readonly StreetVehicle[];
  readonly settings: CoreSettings;
  /** Makes a tick true somewhere before it counts; left out, it counts at once. */
  readonly commit?: (outcome: TickOutcome) => Promise<void>;
}

/** The engine under test on the streets: commands and reports go in, ticks run, and vehicles drive what is granted. */
export function batonStreets(options: BatonStreetsOptions): StreetEngine {
  const { network, vehicles, commit } = options;
  const zone = createZone(network, options.settings);
  const legIds = new Array<LegId | undefined>(vehicles.length).fill(undefined);
  let commands: Command[] = vehicles.map((vehicle) => ({
    kind: "admit",
    admission: {
      vehicleId: vehicle.vehicleId,
      vehicleClassId: network.vehicleClassId,
      nodeId: at(network.poses.nodeIds, vehicle.pose),
    },
  }));

  const tell = (outcome: TickOutcome): void => {
    confirmTick(zone);
    for (const event of outcome.events) {
      if (event.kind === "trouble" || event.kind === "legRefused" || event.kind === "admissionRefused") {
        throw new Error(`${options.name}: ${JSON.stringify(event)}`);
      }
    }
    for (const vehicle of vehicles) {
      const leg = zone.vehicles.get(vehicle.vehicleId)?.leg;
      if (leg === undefined || vehicle.goal < 0 || leg.request.legId !== legIds[vehicle.index]) continue;
      vehicle.path = leg.moves;
      if (leg.runs.length === leg.moves.length) {
        vehicle.granted = leg.grantedRuns;
      } else {
        vehicle.granted = 0;
        for (let k = 0; k < leg.grantedRuns; k++) vehicle.granted += at(leg.runs, k).moves.length;
      }
    }
  };

  return {
    name: options.name,
    depart(vehicle) {
      const legId = legNamed(`${vehicle.vehicleId}/${vehicle.trips}`);
      legIds[vehicle.index] = legId;
      commands.push({
        kind: "requestLeg",
        request: {
          legId,
          vehicleId: vehicle.vehicleId,
          via: [],
          toNodeId: at(network.poses.nodeIds, vehicle.goal),
          actionsAtEnd: [],
          priority: 0,
          commandedBy: "us",
        },
      });
    },
    decide(nowS) {
      const observations = vehicles.map((vehicle) => observationOf(network, vehicle, nowS));
      const outcome = runTick(zone, { tick: FIRST_TICK + nowS, commands, observations });
      commands = [];
      if (commit === undefined) {
        tell(outcome);
        return undefined;
      }
      return commit(outcome).then(() => tell(outcome));
    },
    // Orders that go round in a circle never end: one is one too many, whoever might still drive for a while.
    countStuck: () => (hasCircle(zone) ? 1 : 0),
  };
}

/** Absolute number of the tick before the first. */
const FIRST_TICK = 1_000_000;

/** What the vehicle says of itself: exact, and never late. */
function observationOf(network: Network, vehicle: StreetVehicle, nowS: number): Observation {
  const { vehicleId } = vehicle;
  const driving = vehicle.goal >= 0 && vehicle.lastMovedS === nowS && vehicle.edge < vehicle.granted;
  const speedMps = driving ? LANES_SPEED_MPS : 0;
  const atMs = nowS * 1000;
  const onto = vehicle.path[vehicle.edge];
  const behind = vehicle.path[vehicle.edge - 1];
  if (vehicle.goal >= 0 && vehicle.secondsIn > 0 && onto !== undefined) {
    const pose = network.poseAlong(onto, vehicle.secondsIn * LANES_SPEED_MPS);
    return { vehicleId, pose, speedMps, driving, atMs };
  }
  if (behind !== undefined) {
    const pose = network.poseAlong(behind, Number.POSITIVE_INFINITY);
    return { vehicleId, pose, speedMps, driving, atMs };
  }
  const { xM, yM, headingRad } = network.poses;
  const pose = {
    xM: at(xM, vehicle.pose),
    yM: at(yM, vehicle.pose),
    headingRad: at(headingRad, vehicle.pose),
  };
  return { vehicleId, pose, speedMps, driving, atMs };
}
