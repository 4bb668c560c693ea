import { describeProblem, SIDES, type Side, type Site } from "@baton/maps";
import {
  ALL_PARAMETERS,
  generatedSite,
  listSites,
  loadSite,
  siteDirectory,
  withLayout,
} from "@baton/maps/files";
import type { DailyWindow } from "./hours.ts";
import type { HandoverMode, ScenarioFile } from "./scenario-file.ts";

const MAX_PROBLEMS_TOLD = 8;
const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6];

/** The name of the site that a scenario runs on: a name of its own when it changes the layout. */
export function siteIdOf(file: ScenarioFile): string {
  return file.layout === undefined ? file.siteId : file.scenarioId;
}

/**
 * The site that a scenario runs on: read from its files, or laid out anew by the generator when the scenario changes the
 * layout, with the scenario's opening hours and mode of hand-over in place of the site's own.
 * @throws {Error} saying what keeps it from being one.
 */
export async function siteOf(file: ScenarioFile): Promise<Site> {
  const site = await laidOut(file);
  const { calendars, handover } = file;
  const open = (side: Side): Site["file"]["sides"]["vn"]["calendar"] =>
    calendars?.[side]?.open.flatMap(openingHours) ?? site.file.sides[side].calendar;
  const mode = handover?.mode;
  return {
    ...site,
    file: {
      ...site.file,
      sides: {
        vn: { ...site.file.sides.vn, calendar: open("vn") },
        cn: { ...site.file.sides.cn, calendar: open("cn") },
      },
      handoffPoints: pointsFor(site.file, mode, handover?.transferShare),
    },
  };
}

/** The site's hand-off points with those of the mode first; for all but vehicles that pass, the layout needs pads. */
function pointsFor(
  { siteId, handoffPoints }: Site["file"],
  mode: HandoverMode | undefined,
  transferShare: number | undefined,
): Site["file"]["handoffPoints"] {
  const cranes = handoffPoints.flatMap((point) =>
    point.mode !== "container-transfers"
      ? []
      : [transferShare === undefined ? point : { ...point, orderShare: transferShare }],
  );
  if (transferShare !== undefined && cranes.length === 0) throw new Error(noPads(siteId));
  const all = handoffPoints.map(
    (point) => cranes.find((one) => one.handoffPointId === point.handoffPointId) ?? point,
  );
  if (mode === undefined) return all;
  if (!all.some((point) => point.mode === mode))
    throw new Error(mode === "host-grants" ? noPlaces(siteId) : noPads(siteId));
  return [...all.filter((point) => point.mode === mode), ...all.filter((point) => point.mode !== mode)];
}

const noPlaces = (siteId: string): string =>
  `${siteId} has no places where vehicles of the other side stand: ask for layout.exchangePads`;

const noPads = (siteId: string): string =>
  `${siteId} has no pads where containers change vehicle: ask for layout.transferPads`;

async function laidOut(file: ScenarioFile): Promise<Site> {
  const { siteId, layout } = file;
  const parameters = ALL_PARAMETERS.find((one) => one.siteId === siteId);
  const committed = await listSites();
  if (layout !== undefined) {
    if (parameters === undefined) {
      throw new Error(
        `${siteId} is not the generator's: a layout can be changed of ${namesOf(ALL_PARAMETERS)} only`,
      );
    }
    return generatedSite(withLayout(parameters, siteIdOf(file), layout));
  }
  if (!committed.includes(siteId) && parameters !== undefined) return generatedSite(parameters);
  const read = await loadSite(siteDirectory(siteId));
  if (read.ok) return read.site;
  throw new Error(read.problems.slice(0, MAX_PROBLEMS_TOLD).map(describeProblem).join("\n"));
}

function namesOf(parameters: typeof ALL_PARAMETERS): string {
  return parameters.map((one) => one.siteId).join(", ");
}

/** A daily window as a site file writes opening hours: by weekday, none over midnight. */
function openingHours({ from, to }: DailyWindow): Site["file"]["sides"]["vn"]["calendar"] {
  const parts =
    from <= to
      ? [{ from, to }]
      : [
          { from, to: "24:00" },
          { from: "00:00", to },
        ];
  return WEEKDAYS.flatMap((weekday) => parts.map((part) => ({ weekday, ...part }))).filter(
    (hours) => hours.from !== hours.to,
  );
}

/** Minutes that the sides' clocks are ahead of UTC. */
export function clocksOf(site: Site): { readonly vn: number; readonly cn: number } {
  const [vn, cn] = SIDES.map((side) => site.file.sides[side].utcOffsetMinutes);
  return { vn: vn ?? 0, cn: cn ?? 0 };
}
