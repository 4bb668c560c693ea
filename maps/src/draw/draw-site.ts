import type { Curve } from "../geometry/curve.ts";
import type { Point } from "../geometry/pose.ts";
import { SIDES, type Side, vehicleClassIdOf } from "../ids.ts";
import type { Site } from "../layout/site.ts";
import { vehicleClass } from "../layout/site.ts";
import type { Fence, Lane, Station, StationKind } from "../layout/site-file.ts";
import { compileNetwork } from "../network/compile.ts";
import { PoseKind } from "../network/network.ts";
import { type Roads, roadsOf } from "../network/roads.ts";
import { attributes, escaped, fixed, pathThrough } from "./svg.ts";

/** Colours of a drawing: quiet ground, dark unmanned roads, one hue for each kind of station. */
const COLOURS = {
  paper: "#fbfaf7",
  ink: "#23282e",
  faint: "#8b9097",
  ground: { vn: "#f3ecdf", cn: "#e4ebf1" },
  yard: { vn: "#e6dcc8", cn: "#d0dbe4" },
  manned: "#c9c6bf",
  mannedDash: "#f7f5f0",
  road: "#4a5158",
  roadDash: "#f2c84b",
  line: "#c8322b",
  way: "#ffffff",
  endpoint: "#f2c84b",
  passing: "#87909a",
  fence: "#5d4f7a",
} as const;

const STATIONS: Record<
  StationKind,
  { readonly fill: string; readonly label: string; readonly short: string }
> = {
  crane: { fill: "#e08a2e", label: "crane", short: "K" },
  portal: { fill: "#7b5ea7", label: "portal", short: "portal" },
  weighbridge: { fill: "#4b8f8c", label: "weighbridge", short: "weighbridge" },
  scanner: { fill: "#c2578a", label: "scanner", short: "scanner" },
  buffer: { fill: "#5b8fc7", label: "buffer bay", short: "B" },
  "inspection-dock": { fill: "#b5483f", label: "inspection dock", short: "D" },
  "exit-gate": { fill: "#2f7d4f", label: "exit gate", short: "exit gate" },
  "entry-gate": { fill: "#2f7d4f", label: "entry gate", short: "entry gate" },
  "hold-line": { fill: "#c8322b", label: "hold line", short: "hold" },
  "first-stop": { fill: "#8aa34a", label: "first stop", short: "first stop" },
  parking: { fill: "#9aa3ad", label: "parking", short: "P" },
  charger: { fill: "#57a773", label: "charger", short: "C" },
  "transfer-pad": { fill: "#d9682b", label: "transfer pad", short: "T" },
  "exchange-pad": { fill: "#b0762a", label: "exchange pad", short: "X" },
  "truck-gate": { fill: "#6d5a43", label: "truck gate", short: "truck gate" },
};

/** Metres of the crossing in one row of the drawing, and how wide a row is drawn. */
const ROW_M = 680;
const WIDTH_PX = 1800;
const MARGIN_PX = 30;
const HEADER_PX = 92;
const FOOTER_PX = 56;
const GAP_PX = 34;

/** A site as an SVG: the whole crossing on top, then row by row from Viet Nam to China. */
export function drawSite(site: Site): string {
  const extent = extentOf(site);
  const spanM = extent.maxXM - extent.minXM;
  const heightM = extent.maxYM - extent.minYM;
  const rows = Math.max(1, Math.ceil(spanM / ROW_M));
  const rowM = spanM / rows;
  const innerPx = WIDTH_PX - 2 * MARGIN_PX;
  const overviewPx = Math.max(60, (innerPx * heightM) / spanM);
  const rowPx = (innerPx * heightM) / rowM;
  const totalPx = HEADER_PX + overviewPx + GAP_PX + rows * (rowPx + GAP_PX) + FOOTER_PX;

  const view = (yPx: number, fromXM: number, widthM: number, heightPx: number): string =>
    `<svg ${attributes({
      x: MARGIN_PX,
      y: yPx,
      width: innerPx,
      height: heightPx,
      viewBox: `${fixed(fromXM)} ${fixed(-extent.maxYM)} ${fixed(widthM)} ${fixed(heightM)}`,
    })}><use href="#crossing"/></svg>`;
  const parts = [
    `<rect width="${WIDTH_PX}" height="${fixed(totalPx)}" fill="${COLOURS.paper}"/>`,
    header(site, rows > 1),
    view(HEADER_PX, extent.minXM, spanM, overviewPx),
  ];
  if (rows > 1) {
    for (let row = 0; row < rows; row += 1) {
      const yPx = HEADER_PX + overviewPx + GAP_PX + row * (rowPx + GAP_PX);
      const fromXM = extent.minXM + row * rowM;
      parts.push(view(yPx, fromXM, rowM, rowPx), caption(fromXM, fromXM + rowM, yPx - 6));
    }
  }
  parts.push(legend(site, totalPx - FOOTER_PX / 2));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${fixed(totalPx)}" viewBox="0 0 ${WIDTH_PX} ${fixed(totalPx)}" font-family="Inter, 'Noto Sans', 'Noto Sans CJK SC', Helvetica, Arial, sans-serif">`,
    `<defs><g id="crossing">${crossing(site, extent)}</g></defs>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

interface Extent {
  readonly minXM: number;
  readonly maxXM: number;
  readonly minYM: number;
  readonly maxYM: number;
}

function extentOf(site: Site): Extent {
  const points: Point[] = [
    ...SIDES.flatMap((side) => [
      ...site.file.sides[side].lanes.flatMap((lane) => lane.centreLine),
      ...site.file.sides[side].stations.map((station) => station.at),
    ]),
    ...(site.file.fences ?? []).flatMap(({ outline }) => outline),
  ];
  const xs = points.map((point) => point.xM);
  const ys = points.map((point) => point.yM);
  const padM = 16;
  return {
    minXM: Math.min(...xs) - padM,
    maxXM: Math.max(...xs) + padM,
    minYM: Math.min(...ys) - padM,
    maxYM: Math.max(...ys) + padM,
  };
}

function header(site: Site, hasRows: boolean): string {
  const { name } = site.file;
  const sub = `${name.vi}  ·  ${name.zh}  ·  site ${site.siteId}, metres from the line${hasRows ? "; below, row by row" : ""}`;
  return [
    text(MARGIN_PX, 42, name.en, { size: 26, weight: 600 }),
    text(MARGIN_PX, 68, sub, { size: 14, fill: COLOURS.faint }),
  ].join("");
}

function caption(fromXM: number, toXM: number, yPx: number): string {
  return text(MARGIN_PX, yPx, `${fromXM.toFixed(0)} m to ${toXM.toFixed(0)} m`, {
    size: 12,
    fill: COLOURS.faint,
  });
}

function legend(site: Site, yPx: number): string {
  let xPx = MARGIN_PX;
  const entries = [
    ...Object.values(STATIONS)
      .filter((entry, i, all) => all.findIndex((other) => other.fill === entry.fill) === i)
      .map((entry) => ({ fill: entry.fill, label: entry.label.replace("exit gate", "exit and entry gate") })),
    { fill: COLOURS.endpoint, label: "endpoint" },
    { fill: COLOURS.way, label: "stop on the way" },
    { fill: COLOURS.passing, label: "junction" },
    ...(site.file.fences === undefined ? [] : [{ fill: COLOURS.fence, label: "fenced ground" }]),
  ];
  return entries
    .map(({ fill, label }) => {
      const at = xPx;
      xPx += 32 + label.length * 6.6;
      return `<rect x="${fixed(at)}" y="${fixed(yPx - 10)}" width="12" height="12" rx="2" fill="${fill}" stroke="${COLOURS.faint}" stroke-width="0.5"/>${text(at + 17, yPx, label, { size: 12 })}`;
    })
    .join("");
}

function crossing(site: Site, extent: Extent): string {
  return [
    ...SIDES.map((side) => ground(side, extent)),
    ...SIDES.map((side) => yard(site, side)),
    chainage(extent),
    ...SIDES.flatMap((side) => site.file.sides[side].lanes.map(mannedLane)),
    ...SIDES.map((side) => roads(site, side)),
    ...SIDES.flatMap((side) => site.file.sides[side].stations.map(station)),
    ...(site.file.fences ?? []).map(fence),
    borderline(extent),
  ].join("\n");
}

function ground(side: Side, extent: Extent): string {
  const fromM = side === "vn" ? extent.minXM : 0;
  const toM = side === "vn" ? 0 : extent.maxXM;
  return `<rect x="${fixed(fromM)}" y="${fixed(-extent.maxYM)}" width="${fixed(toM - fromM)}" height="${fixed(extent.maxYM - extent.minYM)}" fill="${COLOURS.ground[side]}"/>`;
}

/** How far paved ground reaches beyond the last bays; at the line end are the roads that turn vehicles round. */
const YARD_FAR_END_M = 24;
const YARD_LINE_END_M = 104;

function yard(site: Site, side: Side): string {
  const bays = site.file.sides[side].stations.filter(
    (entry) => entry.bound === "yard" && entry.nodeId !== undefined,
  );
  if (bays.length === 0) return "";
  const xs = bays.map((bay) => bay.at.xM);
  const lineEndM = side === "vn" ? YARD_LINE_END_M : YARD_FAR_END_M;
  const farEndM = side === "vn" ? YARD_FAR_END_M : YARD_LINE_END_M;
  const fromM = Math.min(...xs) - farEndM;
  const toM = Math.max(...xs) + lineEndM;
  return `<rect x="${fixed(fromM)}" y="-38" width="${fixed(toM - fromM)}" height="76" rx="4" fill="${COLOURS.yard[side]}"/>`;
}

function chainage(extent: Extent): string {
  const parts: string[] = [];
  for (let xM = Math.ceil(extent.minXM / 50) * 50; xM <= extent.maxXM; xM += 50) {
    parts.push(
      `<path d="M${xM} ${fixed(-extent.minYM)}v-2.5" stroke="${COLOURS.faint}" stroke-width="0.4"/>`,
      text(xM, -extent.minYM - 3.6, String(xM), { size: 4, fill: COLOURS.faint, anchor: "middle" }),
    );
  }
  return parts.join("");
}

function mannedLane(lane: Lane): string {
  if (lane.kind !== "manned") return "";
  const d = pathThrough(lane.centreLine);
  return `<path d="${d}" fill="none" stroke="${COLOURS.manned}" stroke-width="${lane.widthM}" stroke-linejoin="round"/><path d="${d}" fill="none" stroke="${COLOURS.mannedDash}" stroke-width="0.25" stroke-dasharray="3 5"/>`;
}

function roads(site: Site, side: Side): string {
  const [first] = site.file.vehicleClasses;
  const vehicle =
    first === undefined ? undefined : vehicleClass(site, vehicleClassIdOf(first.vehicleClassId));
  if (vehicle === undefined) return "";
  const network = roadsOf(site, side, vehicle);
  const kinds = compileNetwork(site, side, vehicleClassIdOf(vehicle.vehicleClassId)).poses.kind;
  // The partner's part of the strip is drawn by the partner.
  const ours = (xM: number): boolean => (side === "vn" ? xM < 0 : xM >= 0);
  const curves = network.moves.filter((move) => ours(move.curve.poseAt(move.curve.lengthM / 2).xM));
  const d = curves.map((move) => pathThrough(sampled(move.curve))).join("");
  return [
    `<path d="${d}" fill="none" stroke="${COLOURS.road}" stroke-width="4.4" stroke-linecap="round"/>`,
    `<path d="${d}" fill="none" stroke="${COLOURS.roadDash}" stroke-width="0.3" stroke-dasharray="2 3"/>`,
    ...curves.map((move) => arrow(move.curve)),
    poses(network, kinds, ours),
  ].join("\n");
}

function sampled(curve: Curve): Point[] {
  const pieces = curve.isStraight ? 1 : Math.max(6, Math.ceil(curve.lengthM / 1.5));
  return Array.from({ length: pieces + 1 }, (_, i) => curve.poseAt((curve.lengthM * i) / pieces));
}

function arrow(curve: Curve): string {
  if (curve.lengthM < 12) return "";
  const pose = curve.poseAt(curve.lengthM / 2);
  const turn = (-pose.headingRad * 180) / Math.PI;
  return `<path d="M1.3 0L-0.9 1L-0.9 -1Z" fill="#ffffff" fill-opacity="0.75" transform="translate(${fixed(pose.xM)} ${fixed(-pose.yM)}) rotate(${fixed(turn)})"/>`;
}

function poses(network: Roads, kinds: Uint8Array, ours: (xM: number) => boolean): string {
  return network.poses
    .map(({ pose, nodeId }, i) => {
      if (!ours(pose.xM)) return "";
      const kind = kinds[i];
      const style =
        kind === PoseKind.endpoint
          ? { r: 1.1, fill: COLOURS.endpoint }
          : kind === PoseKind.way
            ? { r: 0.7, fill: COLOURS.way }
            : { r: 0.45, fill: COLOURS.passing };
      return `<circle cx="${fixed(pose.xM)}" cy="${fixed(-pose.yM)}" r="${style.r}" fill="${style.fill}"><title>${escaped(nodeId)}</title></circle>`;
    })
    .join("");
}

function station(entry: Station): string {
  const { fill, short } = STATIONS[entry.kind];
  const { xM, yM, headingRad } = entry.at;
  const { lengthM, widthM } = entry.sizeM;
  const turn = (-headingRad * 180) / Math.PI;
  const box = `<rect x="${fixed(-lengthM / 2)}" y="${fixed(-widthM / 2)}" width="${fixed(lengthM)}" height="${fixed(widthM)}" rx="0.8" fill="${fill}" fill-opacity="0.42" stroke="${fill}" stroke-width="0.7" transform="translate(${fixed(xM)} ${fixed(-yM)}) rotate(${fixed(turn)})"><title>${escaped(entry.stationId)}</title></rect>`;
  return box + label(entry, fill, short);
}

/** How far from the station its name stands: neighbours in the lane at different heights. */
function labelGapM(kind: StationKind): number {
  if (kind === "portal") return 9;
  return kind === "weighbridge" ? 2 : 4.5;
}

/** Bays are numbered where they are; stations of the lane are named towards the middle of the crossing. */
function label(entry: Station, fill: string, short: string): string {
  const { xM, yM } = entry.at;
  const number = entry.stationId.slice(entry.stationId.lastIndexOf("-") + 1);
  if (entry.bound === "yard" && entry.nodeId !== undefined) {
    return text(xM, 13, `${short}${number}`, { size: 2.6, fill: "#ffffff", anchor: "middle", weight: 600 });
  }
  if (entry.kind === "transfer-pad" || entry.kind === "exchange-pad") {
    return text(xM, -yM + 1, `${short}${number}`, {
      size: 3,
      fill: "#ffffff",
      anchor: "middle",
      weight: 600,
    });
  }
  if (entry.kind === "buffer" || entry.kind === "inspection-dock") {
    const towardsEnd = yM < 0 ? -11.5 : 11.5;
    return text(xM + towardsEnd, -yM + 1, `${short}${number}`, {
      size: 3,
      fill: "#ffffff",
      anchor: "middle",
      weight: 600,
    });
  }
  const inwardM = Math.sign(yM) * (entry.sizeM.widthM / 2 + labelGapM(entry.kind));
  const yPx = yM === 0 ? -9 : -(yM - inwardM) + (yM < 0 ? 0 : 1.2);
  // The road that turns vehicles round leaves from beside the first stop: its name stands nearer the line.
  const asideM = entry.kind === "first-stop" ? -14 * Math.sign(xM) : 0;
  return text(xM + asideM, yPx, short, { size: 3.2, fill, anchor: "middle", weight: 600 });
}

/** Over the roads in it: one vehicle's ground at a time, and whose. */
function fence({ fenceId, outline, vehicleIds }: Fence): string {
  const xs = outline.map(({ xM }) => xM);
  const top = Math.max(...outline.map(({ yM }) => yM));
  const name = `${fenceId}: ${vehicleIds.join(", ")}`;
  return [
    `<path d="${pathThrough(outline)}Z" fill="${COLOURS.fence}" fill-opacity="0.1" stroke="${COLOURS.fence}" stroke-width="0.7" stroke-dasharray="3 1"><title>${escaped(name)}</title></path>`,
    text((Math.min(...xs) + Math.max(...xs)) / 2, -top - 1.6, name, {
      size: 3.2,
      fill: COLOURS.fence,
      anchor: "middle",
      weight: 600,
    }),
  ].join("");
}

function borderline(extent: Extent): string {
  const top = -extent.maxYM;
  const bottom = -extent.minYM;
  return [
    `<path d="M0 ${fixed(top)}V${fixed(bottom)}" stroke="#ffffff" stroke-width="2.4"/>`,
    `<path d="M0 ${fixed(top)}V${fixed(bottom)}" stroke="${COLOURS.line}" stroke-width="1.2" stroke-dasharray="7 3 1.5 3"/>`,
    text(-6, top + 9, "VIỆT NAM", { size: 6, fill: COLOURS.line, anchor: "end", weight: 700 }),
    text(6, top + 9, "中国", { size: 6, fill: COLOURS.line, anchor: "start", weight: 700 }),
  ].join("");
}

interface TextStyle {
  readonly size: number;
  readonly fill?: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly weight?: number;
}

function text(x: number, y: number, content: string, style: TextStyle): string {
  const { size, fill = COLOURS.ink, anchor = "start", weight = 400 } = style;
  return `<text ${attributes({ x: fixed(x), y: fixed(y), "font-size": size, "text-anchor": anchor, fill, "font-weight": weight })}>${escaped(content)}</text>`;
}
