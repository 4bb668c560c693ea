import { bayOfFreestPair } from "../lane-pairs.ts";
import { inOrder, type Round } from "../round.ts";
import { pairOf } from "../yard.ts";

/** A container that is about to leave its crane gets a bay, and with it its lane: of several the one with most bays free. */
export function giveBays(round: Round): void {
  for (const mission of inOrder(round.missions("wants-bay"))) {
    if (!mission.isLoaded) continue;
    const bay = bayOfFreestPair(round.index.outboundBays, {
      isFree: ({ stationId }) => round.holderOf(stationId) === undefined,
      shut: round.view.shutPairs?.outbound,
      only: mission.pair,
    });
    if (bay === undefined) {
      round.missionReasons.set(mission.missionId, noBay(round));
      continue;
    }
    round.occupy(bay.stationId, mission.missionId);
    round.baysGiven++;
    round.command({ kind: "assign-bay", missionId: mission.missionId, bufferStationId: bay.stationId });
  }
}

export function noBay(round: Round) {
  return { code: "no-outbound-bay", facts: { bays: round.index.outboundBays.length } } as const;
}

/**
 * How many more containers may be given a vehicle and a crane. Each will need a bay when it is loaded. Beyond the bays
 * that are free, only so many are begun that, should no bay become free for long, cranes are left over for unloading.
 */
export function roomBeyondCranes(round: Round): number {
  const bays = freeForAnyone(round);
  return Math.max(0, bays + loadAhead(round) - begunWithoutBay(round));
}

/** Containers that have a crane and no bay yet, whether their vehicle is there, on its way, or was sent elsewhere. */
export function begunWithoutBay(round: Round): number {
  const waiting = round
    .missions("wants-vehicle")
    .filter(({ craneStationId }) => craneStationId !== undefined);
  return round.missions("wants-bay").length + waiting.length - round.baysGiven;
}

/**
 * Free bays behind lanes that are open; where a container asks for one lane, no more than that has which has fewest: bays of another are of no
 * use to it.
 */
function freeForAnyone(round: Round): number {
  const shut = round.view.shutPairs?.outbound;
  const open = round.index.outboundBays.filter((bay) => shut?.has(pairOf(bay)) !== true);
  const asks = [...round.missions("wants-vehicle"), ...round.missions("wants-bay")].some(
    ({ pair }) => pair !== undefined,
  );
  const free = round.free(open);
  if (!asks) return free.length;
  const pairs = new Set(round.index.outboundBays.map(pairOf));
  return Math.min(...[...pairs].map((pair) => free.filter((bay) => pairOf(bay) === pair).length));
}

/** Cranes that loading may block while it waits for bays: a share of them, and always at least one fewer than there are. */
function loadAhead({ index, view }: Round): number {
  const cranes = index.cranes.length;
  return Math.max(0, Math.min(cranes - 1, Math.floor(cranes * view.rules.loadAheadShare)));
}
