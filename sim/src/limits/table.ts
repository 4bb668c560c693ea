import type { LaneLimits, Limit, SiteLimits } from "./lane-limits.ts";

/** The limits as a person reads them. */
export function limitsTable(limits: SiteLimits): string {
  const { fleet } = limits;
  const of = limits.scenarioId === undefined ? `site ${limits.siteId}` : `scenario ${limits.scenarioId}`;
  const lines = [
    `Limits of ${of}, vehicles an hour and direction; by mean times, no randomness, no pause`,
    "",
  ];
  for (const lane of limits.lanes) lines.push(...laneTable(lane), "");
  if (limits.lanes.length > limits.totals.length)
    for (const { direction, perHour } of limits.totals)
      lines.push(`All ${direction} lanes together: ${perHour.toFixed(0)} an hour`);
  lines.push(
    `Round trip, loaded both ways, without waiting: ${minutes(fleet.roundTripS)}: ${minutes(fleet.drivingS)} driving ${(fleet.lengthM / 1000).toFixed(1)} km, ${minutes(fleet.dwellS)} standing; a vehicle drives ` +
      `${(fleet.availability * 100).toFixed(0)} % of its time and charges the rest`,
    `Vehicles by Little's law: ${fleet.neededAtBinding} at the binding limit, ${fleet.neededAt51} at 51 an hour and direction` +
      (fleet.count === undefined ? "" : `; there are ${fleet.count}`),
    ...limits.assumptions.map((one) => `Assumed: ${one.name}, ${one.value} ${one.unit} (${one.source})`),
  );
  return lines.join("\n");
}

const minutes = (seconds: number): string => `${(seconds / 60).toFixed(1)} min`;

const HEAD = ["", "where", "what", "service", "exchange", "an hour", "at best"] as const;

function laneTable(lane: LaneLimits): string[] {
  const rows = lane.limits.map((limit) => rowOf(limit, limit === lane.binds));
  const widths = HEAD.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const days = lane.targets.map(
    ({ scenarioId, perDay, hoursNeeded }) =>
      `  ${scenarioId}: ${Math.round(perDay)} a day need ${hoursNeeded.toFixed(1)} h${hoursNeeded > 24 ? ", more than there are" : ""}`,
  );
  return [
    `${lane.direction} (${lane.laneIds.join(", ")}): ${lane.binds.what} (${lane.binds.where}) binds with ${lane.binds.perHour.toFixed(0)} an hour`,
    line(HEAD),
    ...rows.map(line),
    ...(days.length === 0 ? [] : ["hours needed at the binding limit:", ...days]),
  ];
}

/** `*` binds, `.` does not hold and is told for comparison. */
function rowOf(limit: Limit, binds: boolean): string[] {
  const seconds = (value: number | undefined): string => (value === undefined ? "" : `${value.toFixed(1)} s`);
  return [
    binds ? "*" : limit.holds ? " " : ".",
    limit.where,
    limit.what,
    seconds(limit.serviceS),
    seconds(limit.exchangeS),
    limit.perHour.toFixed(0),
    limit.atBestPerHour === undefined ? "" : limit.atBestPerHour.toFixed(0),
  ];
}
