import { compileNetwork, SIDES, type Site, stationsOf, vehicleClassIdOf } from "@baton/maps";
import { countedHours } from "../../run/figures/span.ts";
import { HEAT_CELL_M, type RunRecord } from "../../run/record.ts";
import type { Figure } from "../figure.ts";
import { el, label } from "../markup.ts";
import { drawing, PLOT_WIDTH } from "../plot/frame.ts";
import { ticks } from "../plot/scale.ts";
import { figure, SIDE_NAMES } from "../words.ts";

/** The crossing is far longer than wide: it is shown in strips, one below the other. */
const STRIP_M = 1_200;
const MOST_STRIPS = 6;
const LEFT = 10;
const RIGHT = PLOT_WIDTH - 10;
const STRIP_GAP = 62;
const TOP = 62;
/** Minutes that bodies stood on a square an hour, by shade. */
const SHADES = [0.25, 0.5, 1, 2, 4, 8, 16, 32] as const;

interface Strip {
  readonly fromXM: number;
  readonly toXM: number;
  readonly top: number;
}

/** Where vehicles stood, on the layout. */
export function heatMapFigure(record: RunRecord, site: Site): Figure {
  const hours = Math.max(countedHours(record), 1e-9);
  const ground = groundOf(site);
  const lengthM = ground.toXM - ground.fromXM;
  const count = Math.min(MOST_STRIPS, Math.max(1, Math.round(lengthM / STRIP_M)));
  const stripM = lengthM / count;
  const scale = (RIGHT - LEFT) / stripM;
  const stripHeight = (ground.toYM - ground.fromYM) * scale;
  const roads = roadPaths(site);
  const strips = Array.from({ length: count }, (_, at): Strip => {
    const fromXM = ground.fromXM + at * stripM;
    return { fromXM, toXM: fromXM + stripM, top: TOP + at * (stripHeight + STRIP_GAP) };
  });
  const cells = record.heat.map(([column, row, standingS]) => ({
    xM: column * HEAT_CELL_M,
    yM: row * HEAT_CELL_M,
    standing: standingS / 60 / hours,
  }));
  const height = TOP + count * (stripHeight + STRIP_GAP);
  const drawn = strips.map((strip, index) => {
    const x = (xM: number): number => LEFT + (xM - strip.fromXM) * scale;
    const y = (yM: number): number => strip.top + (ground.toYM - yM) * scale;
    const clipId = `strip-${index}`;
    const inStrip = cells.filter(({ xM }) => xM + HEAT_CELL_M > strip.fromXM && xM < strip.toXM);
    const size = HEAT_CELL_M * scale;
    const shades = SHADES.map((from, shade) => {
      const below = SHADES[shade + 1] ?? Number.POSITIVE_INFINITY;
      const d = inStrip
        .filter(({ standing }) => standing >= from && standing < below)
        .map(
          ({ xM, yM }) =>
            `M${x(xM).toFixed(1)} ${y(yM + HEAT_CELL_M).toFixed(1)}h${size.toFixed(1)}v${size.toFixed(1)}h-${size.toFixed(1)}z`,
        )
        .join("");
      return d === "" ? "" : el("path", { d, class: `heat-${shade}` });
    });
    const isLine = strip.fromXM < 0 && strip.toXM > 0;
    const scaleMarks = ticks(strip.fromXM, strip.toXM, 8).map((xM) =>
      label(x(xM), strip.top + stripHeight + 18, `${xM > 0 ? "+" : ""}${figure(xM).replace("-", "−")}`, {
        class: "tick",
        "text-anchor": "middle",
      }),
    );
    return el(
      "g",
      {},
      el(
        "clipPath",
        { id: clipId },
        el("rect", { x: LEFT, y: strip.top, width: RIGHT - LEFT, height: stripHeight }),
      ),
      el("rect", { class: "ground", x: LEFT, y: strip.top, width: RIGHT - LEFT, height: stripHeight }),
      el(
        "g",
        { "clip-path": `url(#${clipId})` },
        el("path", {
          class: "road",
          d: roads,
          transform: `translate(${x(0).toFixed(2)} ${y(0).toFixed(2)}) scale(${scale.toFixed(4)} ${(-scale).toFixed(4)})`,
        }),
        ...shades,
        isLine
          ? el("path", {
              class: "border-line",
              d: `M${x(0).toFixed(1)} ${strip.top}V${strip.top + stripHeight}`,
            })
          : "",
      ),
      ...names(site, strip, x, y),
      ...scaleMarks,
    );
  });
  return {
    id: "heat",
    title: "Where vehicles stood",
    reading: reading(cells, site),
    svg: drawing(height, "Minutes that vehicles stood, on the layout", legend(), ...drawn),
    table: {
      columns: ["x from m", "y from m", "standing s", "driving s"],
      rows: record.heat.map(([column, row, standing, driving]) => [
        column * HEAT_CELL_M,
        row * HEAT_CELL_M,
        standing,
        driving,
      ]),
    },
  };
}

function groundOf(site: Site): { fromXM: number; toXM: number; fromYM: number; toYM: number } {
  const at = SIDES.flatMap((side) => stationsOf(site, side).filter(({ nodeId }) => nodeId !== undefined)).map(
    (station) => station.at,
  );
  const xM = at.map((one) => one.xM);
  const yM = at.map((one) => one.yM);
  return {
    fromXM: Math.min(...xM) - 60,
    toXM: Math.max(...xM) + 60,
    fromYM: Math.min(...yM, -45) - 12,
    toYM: Math.max(...yM, 45) + 12,
  };
}

/** All roads of both sides as one path, site frame. */
function roadPaths(site: Site): string {
  const [vehicleClass] = site.file.vehicleClasses;
  if (vehicleClass === undefined) return "";
  const lines = SIDES.flatMap((side) => {
    const network = compileNetwork(site, side, vehicleClassIdOf(vehicleClass.vehicleClassId));
    return Array.from({ length: network.moves.count }, (_, move) => {
      const lengthM = network.moves.lengthM[move] ?? 0;
      const pieces = Math.max(1, Math.ceil(lengthM / 8));
      return Array.from({ length: pieces + 1 }, (__, at) => {
        const { xM, yM } = network.poseAlong(move, (lengthM * at) / pieces);
        return `${at === 0 ? "M" : "L"}${xM.toFixed(1)} ${yM.toFixed(1)}`;
      }).join("");
    });
  });
  // Both sides map the strip at the line: one drawing of it is enough.
  return [...new Set(lines)].join("");
}

const NAMED = new Set(["portal", "scanner", "exit-gate", "entry-gate", "hold-line", "first-stop"]);

function names(site: Site, strip: Strip, x: (xM: number) => number, y: (yM: number) => number): string[] {
  const inStrip = SIDES.flatMap((side) => stationsOf(site, side)).filter(
    ({ at }) => at.xM >= strip.fromXM && at.xM < strip.toXM,
  );
  const single = inStrip.filter(({ kind }) => NAMED.has(kind));
  const groups = Map.groupBy(
    inStrip.filter(({ kind }) => ["crane", "charger", "parking", "buffer", "inspection-dock"].includes(kind)),
    ({ kind, bound }) => `${kind} ${bound}`,
  );
  const many = [...groups.values()].flatMap((alike) => {
    const first = alike[0];
    if (first === undefined) return [];
    const middleXM = alike.reduce((total, { at }) => total + at.xM, 0) / alike.length;
    const edgeYM = alike.reduce((most, { at }) => (Math.abs(at.yM) > Math.abs(most) ? at.yM : most), 0);
    const text = `${alike.length} ${PLURALS.get(first.kind) ?? first.kind}`;
    const isYard = first.bound === "yard";
    const yAt = isYard ? y(38) - 6 : edgeYM > 0 ? strip.top - 6 : y(edgeYM - 12) - 2;
    return [label(x(middleXM), yAt, text, { class: "note halo", "text-anchor": "middle" })];
  });
  return [
    // Names stand outside the pair of lanes, where nothing else is drawn.
    ...single.map(({ at, kind }) =>
      label(x(at.xM), at.yM > 0 ? y(at.yM) - 10 : y(at.yM) + 18, kind.replaceAll("-", " "), {
        class: "note halo",
        "text-anchor": at.xM - strip.fromXM < 40 ? "start" : "middle",
      }),
    ),
    ...many,
  ];
}

const PLURALS = new Map<string, string>([
  ["crane", "cranes"],
  ["charger", "chargers"],
  ["parking", "parking bays"],
  ["buffer", "bays"],
  ["inspection-dock", "docks"],
]);

function legend(): string {
  return el(
    "g",
    {},
    label(LEFT, 20, "minutes an hour with a body standing on the square of 5 m", { class: "axis-title" }),
    ...SHADES.flatMap((from, shade) => [
      el("rect", { x: LEFT + 380 + shade * 44, y: 8, width: 44, height: 14, class: `heat-${shade}` }),
      label(LEFT + 380 + shade * 44, 36, figure(from, from < 1 ? 2 : 0), {
        class: "tick",
        "text-anchor": "middle",
      }),
    ]),
    label(RIGHT, 20, "chainage in metres from the line", { class: "note", "text-anchor": "end" }),
  );
}

function reading(
  cells: readonly { readonly xM: number; readonly yM: number; readonly standing: number }[],
  site: Site,
): string {
  const yards = SIDES.flatMap((side) => stationsOf(site, side)).filter(({ bound }) => bound === "yard");
  const nearYard = (xM: number, yM: number): boolean =>
    yards.some(({ at }) => Math.hypot(at.xM - xM, at.yM - yM) < 25);
  const [hottest] = cells.filter(({ xM, yM }) => !nearYard(xM, yM)).sort((a, b) => b.standing - a.standing);
  if (hottest === undefined || hottest.standing === 0) return "Outside the yards no vehicle stood at all.";
  const nearest = SIDES.flatMap((side) => stationsOf(site, side).map((station) => ({ side, station })))
    .map((one) => ({
      ...one,
      offM: Math.hypot(one.station.at.xM - hottest.xM, one.station.at.yM - hottest.yM),
    }))
    .sort((a, b) => a.offM - b.offM)[0];
  const where =
    nearest === undefined
      ? ""
      : ` near ${nearest.station.kind.replaceAll("-", " ")} ${nearest.station.stationId} in ${SIDE_NAMES[nearest.side]}`;
  return `Outside the yards, the ground stood on most is at ${figure(hottest.xM)} m${where}: ${figure(hottest.standing, 1)} minutes an hour.`;
}
