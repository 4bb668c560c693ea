import { boundOf } from "@baton/maps";
import { transferLines } from "./line-choice.ts";
import type { Round } from "./round.ts";
import type { DispatchView } from "./view.ts";

/**
 * How many vehicles with nothing aboard this side has a use for: containers that have waited for one longer than it takes to see whether
 * a load brings it, as far as all whose trucks are called or in are more than the vehicles that are free, on their way to a place, or on
 * their way here; and containers in their bays that the partner keeps out for want of a place, which only a vehicle that leaves there can
 * give them.
 */
export function vehiclesWanted(round: Round): number {
  const { nowMs, rules, vehicles, inboundCount, empties } = round.view;
  const free = vehicles.filter((vehicle) => {
    const why = round.whyNotSent(vehicle);
    return why === undefined || (why.code === "moving" && vehicle.batteryPct >= rules.minBatteryPct);
  }).length;
  const waiting = round.missions("wants-vehicle");
  const long = waiting.filter(({ sinceMs }) => nowMs - sinceMs >= rules.patienceMs).length;
  const all = waiting.length + round.missions("on-its-way").length + keptUnloaded(round.view);
  return Math.max(0, Math.min(long, all - free - inboundCount)) + (empties?.keptOut ?? 0);
}

/** Where containers come over the line by a crane, some vehicle must be there to take one. */
export function keptUnloaded({ yard }: Pick<DispatchView, "yard">): number {
  return transferLines(yard).some(({ direction }) => boundOf(yard.side, direction) === "inbound") ? 1 : 0;
}
