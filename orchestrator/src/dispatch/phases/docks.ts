import { inOrder, type Round } from "../round.ts";
import { pairOf } from "../yard.ts";

/** A container that is to be inspected leaves its bay for the nearest dock of its lane that is free. */
export function giveDocks(round: Round): void {
  for (const { missionId, fromNodeId, pair = 1 } of inOrder(round.missions("wants-dock"))) {
    const docks = round.index.docks.filter((dock) => pairOf(dock) === pair);
    const dock = round.nearest(fromNodeId, round.free(docks));
    if (dock === undefined) {
      round.missionReasons.set(missionId, { code: "no-dock", facts: { docks: docks.length } });
      continue;
    }
    round.occupy(dock.stationId, missionId);
    round.command({ kind: "assign-dock", missionId, dockStationId: dock.stationId });
  }
}
