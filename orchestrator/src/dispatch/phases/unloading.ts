import { inOrder, type Round } from "../round.ts";

/** Inbound containers get a crane before anything else does: what comes over the line must always find an end. */
export function giveCranesToUnloading(round: Round): void {
  for (const mission of inOrder(round.missions("wants-crane"))) {
    const crane = round.nearest(mission.fromNodeId, round.free(round.index.cranes));
    if (crane === undefined) {
      round.missionReasons.set(mission.missionId, {
        code: "no-crane",
        facts: { cranes: round.index.cranes.length },
      });
      round.unloadingWaits++;
      continue;
    }
    round.occupy(crane.stationId, mission.missionId);
    round.command({
      kind: "assign-crane",
      missionId: mission.missionId,
      craneStationId: crane.stationId,
    });
  }
}
