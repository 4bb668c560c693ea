import type { DispatchDecision } from "./decision.ts";
import { giveBays } from "./phases/bays.ts";
import { callTrucks } from "./phases/call-trucks.ts";
import { giveDocks } from "./phases/docks.ts";
import { sendEmptiesOver } from "./phases/empties.ts";
import { giveVehiclesToOutbound } from "./phases/outbound.ts";
import { givePads } from "./phases/pads.ts";
import { sendIdleVehiclesAway } from "./phases/parking.ts";
import { relieveFailed } from "./phases/relief.ts";
import { giveCranesToUnloading } from "./phases/unloading.ts";
import { Round } from "./round.ts";
import { vehiclesWanted } from "./vehicles-wanted.ts";
import type { DispatchView } from "./view.ts";

/**
 * The phases of a round, in the order in which they are served (named phases over one shared picture are openTCS's
 * idea). Each takes what it needs from what the ones before have left.
 */
const PHASES: readonly ((round: Round) => void)[] = [
  giveCranesToUnloading,
  giveDocks,
  giveBays,
  givePads,
  callTrucks,
  relieveFailed,
  giveVehiclesToOutbound,
  sendEmptiesOver,
  sendIdleVehiclesAway,
];

/** One round of dispatch. Pure. Why the circulation over both sides cannot lock is said in this room's README. */
export function decide(view: DispatchView): DispatchDecision {
  const round = new Round(view);
  const wanted = vehiclesWanted(round);
  for (const phase of PHASES) phase(round);
  return { ...round.decision(), vehiclesWanted: wanted };
}
