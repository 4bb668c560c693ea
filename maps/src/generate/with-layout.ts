import { fishboneLengthM } from "./fishbone.ts";
import {
  type BayKind,
  type CrossingFigures,
  type Figure,
  figure,
  repeated,
  type SideFigures,
  type SideParameters,
  type SiteParameters,
} from "./parameters.ts";

/** How many places a side has. */
export interface SidePlaces {
  readonly cranes?: number | undefined;
  readonly chargers?: number | undefined;
  readonly parkingBays?: number | undefined;
  readonly verdictBays?: number | undefined;
  readonly arrivalBays?: number | undefined;
  readonly inspectionDocks?: number | undefined;
}

/** What of a site's layout is to be different. Places hold for both sides, those named for a side for that one only. */
export interface LayoutChange extends SidePlaces {
  readonly vn?: SidePlaces | undefined;
  readonly cn?: SidePlaces | undefined;
  readonly lanes?: number | undefined;
  /** Pairs of unmanned lanes, 1 or 2, each with stations of its own; not with pads at the line. */
  readonly lanePairs?: number | undefined;
  readonly blockLengthM?: number | undefined;
  readonly approachBlockLengthM?: number | undefined;
  readonly roadSpeedMps?: number | undefined;
  readonly lineZoneSpeedMps?: number | undefined;
  readonly scannerSpeedMps?: number | undefined;
  readonly yardSpeedMps?: number | undefined;
  /** Pads a side under a crane at the line, 0 or 1; with them nobody waits behind the hold line, so that they lie near to it. */
  readonly transferPads?: number | undefined;
  /** Places in China for visitors from Viet Nam, 0 or 1. */
  readonly exchangePads?: number | undefined;
  readonly source: string;
}

/** Bays of one kind that share service lanes, as the committed sites have them. */
const GROUP: Record<BayKind, number> = { crane: 3, charger: 8, parking: 9 };
/** Road between two fishbones, at least. */
const BETWEEN_BONES_M = 20;

/** A site's parameters with another layout, under another name: the same site with other figures, each with its new source. */
export function withLayout(base: SiteParameters, siteId: string, change: LayoutChange): SiteParameters {
  const { source } = change;
  const or = (known: Figure, value: number | undefined): Figure =>
    value === undefined ? known : figure(value, known.unit, source);
  const { crossing } = base;
  return {
    ...base,
    siteId,
    crossing: {
      ...crossing,
      lanes: or(crossing.lanes, change.lanes),
      blockLengthM: or(crossing.blockLengthM, change.blockLengthM),
      approachBlockLengthM: or(crossing.approachBlockLengthM, change.approachBlockLengthM),
      roadSpeedMps: or(crossing.roadSpeedMps, change.roadSpeedMps),
      lineZoneSpeedMps: or(crossing.lineZoneSpeedMps, change.lineZoneSpeedMps),
      scannerSpeedMps: or(crossing.scannerSpeedMps, change.scannerSpeedMps),
      yardSpeedMps: or(crossing.yardSpeedMps, change.yardSpeedMps),
      ...(change.lanePairs === undefined ? {} : { lanePairs: figure(change.lanePairs, "pairs", source) }),
      ...transferZone(crossing, change),
      ...(change.exchangePads === undefined
        ? {}
        : { exchangePads: figure(change.exchangePads, "pads", source) }),
    },
    vn: sideWith(base, base.vn, { ...given(change), ...given(change.vn) }, or),
    cn: sideWith(base, base.cn, { ...given(change), ...given(change.cn) }, or),
  };
}

function transferZone(
  { queuePlaces }: CrossingFigures,
  { transferPads, source }: LayoutChange,
): Partial<CrossingFigures> {
  if (transferPads === undefined) return {};
  const pads = { transferPads: figure(transferPads, "pads a side", source) };
  return transferPads === 0 ? pads : { ...pads, queuePlaces: figure(1, queuePlaces.unit, source) };
}

/** The places that are said, so that a side's own do not fall to an `undefined` of both. */
function given(places: SidePlaces | undefined): SidePlaces {
  return Object.fromEntries(Object.entries(places ?? {}).filter(([, value]) => value !== undefined));
}

function sideWith(
  base: SiteParameters,
  side: SideParameters,
  places: SidePlaces,
  or: (known: Figure, value: number | undefined) => Figure,
): SideParameters {
  const { figures } = side;
  const changed: SideFigures = {
    ...figures,
    outBufferBays: or(figures.outBufferBays, places.verdictBays),
    inBufferBays: or(figures.inBufferBays, places.arrivalBays),
    outDocks: or(figures.outDocks, places.inspectionDocks),
  };
  return {
    ...side,
    figures:
      places.verdictBays === undefined
        ? changed
        : { ...changed, outDocksM: docksBehindBays(base, changed, or) },
    yardGroups: yardWith(side.yardGroups, places),
  };
}

/** More bays are a longer fishbone: the docks move towards the line to stay behind it. */
function docksBehindBays(
  base: SiteParameters,
  figures: SideFigures,
  or: (known: Figure, value: number | undefined) => Figure,
): Figure {
  const { bufferFirstOffsetM, bufferPitchM, bufferLengthM, bendRadiusM } = base.crossing;
  const lengthM = fishboneLengthM({
    bays: figures.outBufferBays.value,
    firstOffsetM: bufferFirstOffsetM.value,
    pitchM: bufferPitchM.value,
    outermostM: bufferLengthM.value,
    radiusM: bendRadiusM.value,
  });
  const nearestM = Math.floor(figures.outBuffersM.value - lengthM - BETWEEN_BONES_M);
  return nearestM < figures.outDocksM.value ? or(figures.outDocksM, nearestM) : figures.outDocksM;
}

function yardWith(groups: SideParameters["yardGroups"], places: SidePlaces): SideParameters["yardGroups"] {
  const { cranes, chargers, parkingBays } = places;
  if (cranes === undefined && chargers === undefined && parkingBays === undefined) return groups;
  const now = (kind: BayKind): number => groups.flat().filter((bay) => bay === kind).length;
  return [
    ...inGroups("crane", cranes ?? now("crane")),
    ...inGroups("charger", chargers ?? now("charger")),
    ...inGroups("parking", parkingBays ?? now("parking")),
  ];
}

/** Groups as equal as can be, none over the size. */
function inGroups(kind: BayKind, count: number): (readonly BayKind[])[] {
  const groups = Math.ceil(count / GROUP[kind]);
  return Array.from({ length: groups }, (_, i) =>
    repeated(kind, Math.floor((count * (i + 1)) / groups) - Math.floor((count * i) / groups)),
  );
}
