import { transferLines } from "../line-choice.ts";
import { inOrder, type Round } from "../round.ts";

/**
 * Whose turn it is not leaves the crane to the partner for so long. In that time its vehicle that has taken the last container
 * can be off the pad, and the next one be offered.
 */
const PARTNERS_TURN_MS = 60_000;

/**
 * A container that goes over the line by the crane gets the pad below it, and is offered then: one at a time, since the crane
 * has one place a side. Sides take turns where both have something, so that a vehicle that was emptied is loaded again where it stands.
 */
export function givePads(round: Round): void {
  const { yard, nowMs, lineCranes = [] } = round.view;
  /** Who is first waits for the partner's yes; the others wait behind it. */
  const awaited = new Set<string>();
  for (const { missionId, padStationId, notBeforeMs } of inOrder(round.missions("wants-pad"))) {
    const line = transferLines(yard).find((one) => one.pad.stationId === padStationId);
    const crane = lineCranes.find((one) => one.deviceId === line?.deviceId);
    if (line === undefined || crane?.isFit !== true) {
      round.missionReasons.set(missionId, { code: "no-line-crane" });
      continue;
    }
    const sinceMs = crane.freeSinceMs ?? nowMs;
    const isOurTurn = crane.turn === yard.side || nowMs - sinceMs >= PARTNERS_TURN_MS;
    if (awaited.has(padStationId) || round.isHeld(padStationId) || nowMs < notBeforeMs || !isOurTurn) {
      awaited.add(padStationId);
      round.missionReasons.set(missionId, { code: "waits-for-pad" });
      continue;
    }
    round.hold(padStationId, missionId);
    round.command({ kind: "assign-pad", missionId, padStationId });
  }
}
