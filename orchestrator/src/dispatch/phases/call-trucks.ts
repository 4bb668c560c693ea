import { urgencyS } from "../cost.ts";
import type { Round } from "../round.ts";

/** Trucks are called in when their slot is near, the border takes vehicles, and the yard has room for them. */
export function callTrucks(round: Round): void {
  const { nowMs, rules, line } = round.view;
  const waiting = round.missions("wants-call");
  if (waiting.length === 0) return;
  const limit = rules.trucksACrane * round.index.cranes.length;
  let inYard = round.missions("on-its-way").length + round.missions("wants-vehicle").length;
  const urgency = new Map(waiting.map((mission) => [mission.missionId, urgencyS(mission, nowMs, rules)]));
  const order = [...waiting].sort(
    (a, b) =>
      a.callFromMs - b.callFromMs ||
      (urgency.get(b.missionId) ?? 0) - (urgency.get(a.missionId) ?? 0) ||
      (a.missionId < b.missionId ? -1 : 1),
  );
  for (const { missionId, callFromMs } of order) {
    if (nowMs < callFromMs) {
      round.missionReasons.set(missionId, { code: "waits-for-slot", facts: { untilMs: callFromMs } });
    } else if (line.state !== "open") {
      round.missionReasons.set(missionId, closed(round));
    } else if (inYard >= limit) {
      round.missionReasons.set(missionId, { code: "lane-full", facts: { trucks: inYard, limit } });
    } else {
      inYard++;
      round.command({ kind: "call-truck", missionId });
    }
  }
}

export function closed({ view: { line } }: Round) {
  return {
    code: "border-closed",
    facts: line.untilMs === undefined ? { line: line.state } : { line: line.state, untilMs: line.untilMs },
  } as const;
}
