import type { Round } from "../round.ts";
import { keptUnloaded } from "../vehicles-wanted.ts";
import { pairOf } from "../yard.ts";
import { begunWithoutBay } from "./bays.ts";

/**
 * A vehicle that nothing here waits for goes to the partner with nothing aboard when that has said that containers wait for one there: one
 * at a time, each with the partner's yes before it leaves its place. So none goes back and forth: each goes to a container. It needs a bay
 * on its way that no begun container will need. Who was told no asks again only after a while.
 */
export function sendEmptiesOver(round: Round): void {
  const { view } = round;
  const { empties, line, nowMs, rules, vehicles, yard } = view;
  if (empties === undefined || empties.wantedBeyond <= 0 || empties.isAsking || line.state !== "open") return;
  if (nowMs < (empties.refusedAtMs ?? Number.NEGATIVE_INFINITY) + rules.emptyAgainMs) return;
  const idle = vehicles.filter(
    (vehicle) => !round.taken.has(vehicle.vehicleId) && round.whyNotSent(vehicle) === undefined,
  );
  const waiting = round
    .missions("wants-vehicle")
    .filter(({ missionId }) => round.missionReasons.has(missionId));
  const needed = waiting.length + round.missions("on-its-way").length + keptUnloaded(round.view);
  if (idle.length <= needed) return;
  const begun = begunWithoutBay(round);
  const open = round.index.outboundBays.filter((one) => view.shutPairs?.outbound.has(pairOf(one)) !== true);
  const [bay] = round.free(open).slice(Math.max(0, begun));
  if (bay === undefined) return;
  const [chosen] = idle
    // A nearly empty battery would be of no use there.
    .filter(({ batteryPct }) => batteryPct >= rules.chargeBelowPct)
    .map((vehicle) => ({ vehicle, wayM: round.wayM(vehicle.nodeId, bay.nodeId) }))
    .filter(({ wayM }) => Number.isFinite(wayM))
    // Guests go home first.
    .sort(
      (a, b) =>
        Number(a.vehicle.home === yard.side) - Number(b.vehicle.home === yard.side) ||
        a.wayM - b.wayM ||
        (a.vehicle.vehicleId < b.vehicle.vehicleId ? -1 : 1),
    );
  if (chosen === undefined) return;
  const { vehicleId } = chosen.vehicle;
  round.taken.add(vehicleId);
  round.occupy(bay.stationId, vehicleId);
  round.command({ kind: "send-empty-over", vehicleId, bufferStationId: bay.stationId });
}
