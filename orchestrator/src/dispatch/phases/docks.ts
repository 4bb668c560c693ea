import { inOrder, type Round } from "../round.ts";

/** A container that is to be inspected leaves its bay for the nearest dock that is free. */
export function giveDocks(round: Round): void {
  const { docks } = round.index;
  for (const { missionId, fromNodeId } of inOrder(round.missions("wants-dock"))) {
    const dock = round.nearest(fromNodeId, round.free(docks));
    if (dock === undefined) {
      round.missionReasons.set(missionId, { code: "no-dock", facts: { docks: docks.length } });
      continue;
    }
    round.occupy(dock.stationId, missionId);
    round.command({ kind: "assign-dock", missionId, dockStationId: dock.stationId });
  }
}
