import type { CAC } from "cac";
import { arrivals } from "../demand/arrivals.ts";
import { mannedLanes } from "../demand/manned-lanes.ts";
import { HOUR_MS, timeOfDayMs } from "../scenario/hours.ts";
import { loadScenario, ScenarioError } from "../scenario/load.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { overridesFrom } from "./overrides.ts";

export function addRoadCommand(cli: CAC): void {
  cli
    .command(
      "road <scenario>",
      "Show the whole road's demand by the hour, and what its manned lanes do with theirs",
    )
    .option("--set <path=value>", "Another figure; may be given again")
    .action(async (name: string, options: { readonly set?: unknown }) => {
      const { scenario } = await loadScenario(name, overridesFrom(options.set));
      if (scenario.road === undefined) {
        throw new ScenarioError("scenario.invalid", `${name} has no road: its demand is a closed loop`);
      }
      console.log(roadTable(scenario));
    });
}

/** A line an hour of what is counted: unmanned arrivals out and in, manned lanes of both directions. */
function roadTable(scenario: Scenario): string {
  const { countedFromMs: fromMs, endsAtMs: toMs, utcOffsetMinutes } = scenario;
  const days = mannedLanes(scenario, { fromMs, toMs });
  const [out, inbound] = days;
  const cells = (...values: (string | number)[]): string =>
    values.map((value) => String(value).padStart(9)).join("");
  const lines = [
    `${scenario.title}: unmanned pair's orders, and the manned lanes (hours of Viet Nam)`,
    cells("", "unmanned", "", "export", "", "", "import", "", ""),
    cells("hour", "export", "import", "come", "served", "queue", "come", "served", "queue"),
  ];
  const sums = [0, 0];
  out?.hours.forEach((hour, i) => {
    const other = inbound?.hours[i];
    const end = Math.min(hour.fromMs + HOUR_MS, toMs);
    const orders = (["vn", "cn"] as const).map((side) => arrivals(scenario, side, hour.fromMs, end).length);
    orders.forEach((count, k) => {
      sums[k] = (sums[k] ?? 0) + count;
    });
    const time = Math.floor(timeOfDayMs(hour.fromMs, utcOffsetMinutes.vn) / HOUR_MS);
    lines.push(
      cells(
        `${String(time).padStart(2, "0")}:00`,
        ...orders,
        ...[hour, other].flatMap((one) => [one?.arrived ?? 0, one?.served ?? 0, one?.queue ?? 0]),
      ),
    );
  });
  lines.push(
    cells("all", ...sums, ...days.flatMap((day) => [day.arrived, day.served, day.longestQueue])),
    `Manned lanes: mean wait ${days.map((day) => `${(day.meanWaitS / 60).toFixed(0)} min (${day.direction})`).join(", ")}; the last line's queues are the longest`,
  );
  return lines.join("\n");
}
