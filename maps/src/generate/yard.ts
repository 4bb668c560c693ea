import type { BayKind, CrossingFigures, SideParameters } from "./parameters.ts";
import { tangentLengthM } from "./road.ts";
import type { Track } from "./track.ts";

/** A bay of the yard, in the outward frame: the vehicle stands at (xM, 0) and faces -y. */
export interface YardBay {
  readonly nodeId: string;
  readonly kind: BayKind;
  readonly xM: number;
}

/** Room between the return link, two groups of bays, and a vehicle that waits on a spine between them. */
const LINK_TO_THROUGH_M = 44;
const GROUP_GAP_M = 40;
const WAIT_BEFORE_GROUP_M = 29.5;
const GATE_TO_LINK_M = 10;

/**
 * The yard, a ladder: vehicles come along the inbound spine (heading away from the line), turn left into a rung,
 * stand in its middle, and leave by the outbound spine. At the line end a return link leads from the outbound to
 * the inbound spine, and a rung without a bay back again, so that whoever comes from anywhere reaches any place
 * past all bays.
 * `spineEndM` is the distance from the line where both spines begin; `inEnd` and `outStart` are the nodes there.
 */
export function addYard(
  track: Track,
  side: string,
  parameters: SideParameters,
  crossing: CrossingFigures,
  spines: { readonly spineEndM: number; readonly inEnd: string; readonly outStart: string },
): YardBay[] {
  const halfM = crossing.yardHalfWidthM.value;
  const radiusM = tangentLengthM(crossing.bendRadiusM.value, Math.PI / 2);
  const speedMps = crossing.yardSpeedMps.value;
  const linkM = -spines.spineEndM - GATE_TO_LINK_M;

  const onIn = (id: string, xM: number) => track.addNode(id, { xM, yM: halfM, headingRad: Math.PI });
  const onOut = (id: string, xM: number) => track.addNode(id, { xM, yM: -halfM, headingRad: 0 });

  const linkFrom = onOut(`${side}.yard.return.from`, linkM - radiusM);
  const linkUp = track.addNode(`${side}.yard.return.up`, {
    xM: linkM,
    yM: radiusM - halfM,
    headingRad: Math.PI / 2,
  });
  const linkDown = track.addNode(`${side}.yard.return.end`, {
    xM: linkM,
    yM: halfM - radiusM,
    headingRad: Math.PI / 2,
  });
  const linkTo = onIn(`${side}.yard.return.to`, linkM - radiusM);
  track.connect(linkFrom, linkUp, speedMps);
  track.connect(linkUp, linkDown, speedMps);
  track.connect(linkDown, linkTo, speedMps);

  // Key nodes of the spines, from the line end to the far end; the outbound spine is driven the other way.
  const inSpine: string[] = [spines.inEnd, linkTo];
  const outSpine: string[] = [spines.outStart, linkFrom];
  const bays: YardBay[] = [];
  const counts: Record<BayKind, number> = { crane: 0, parking: 0, charger: 0 };
  const pitches: Record<BayKind, number> = {
    crane: crossing.cranePitchM.value,
    parking: crossing.parkingPitchM.value,
    charger: crossing.chargerPitchM.value,
  };
  let xM = linkM - LINK_TO_THROUGH_M;
  const rung = (name: string): void => {
    const from = onIn(`${name}.in`, xM + radiusM);
    const enter = track.addNode(`${name}.enter`, { xM, yM: halfM - radiusM, headingRad: -Math.PI / 2 });
    const middle = track.addNode(name, { xM, yM: 0, headingRad: -Math.PI / 2 });
    const leave = track.addNode(`${name}.leave`, { xM, yM: radiusM - halfM, headingRad: -Math.PI / 2 });
    const to = onOut(`${name}.out`, xM + radiusM);
    const way = [from, enter, middle, leave, to];
    way.slice(1).forEach((next, i) => {
      track.connect(way[i] ?? from, next, speedMps);
    });
    inSpine.push(from);
    outSpine.push(to);
  };
  rung(`${side}.yard.through`);
  parameters.yardGroups.forEach((group, groupIndex) => {
    let before: BayKind | undefined;
    for (const kind of group) {
      xM -= before === undefined ? GROUP_GAP_M : (pitches[before] + pitches[kind]) / 2;
      if (before === undefined) {
        inSpine.push(onIn(`${side}.yard.wait-in-${groupIndex + 1}`, xM + WAIT_BEFORE_GROUP_M));
        outSpine.push(onOut(`${side}.yard.wait-out-${groupIndex + 1}`, xM + WAIT_BEFORE_GROUP_M));
      }
      before = kind;
      counts[kind] += 1;
      const nodeId = `${side}.yard.${kind}-${counts[kind]}`;
      rung(nodeId);
      bays.push({ nodeId, kind, xM });
    }
  });
  const roadMps = crossing.roadSpeedMps.value;
  const spacingM = crossing.blockLengthM.value;
  joinSpine(track, `${side}.yard.in`, inSpine, roadMps, spacingM);
  joinSpine(track, `${side}.yard.out`, outSpine.reverse(), roadMps, spacingM);
  return bays;
}

/** Leads from each key node to the next, with nodes between where they are far apart. */
function joinSpine(
  track: Track,
  prefix: string,
  keys: readonly string[],
  speedMps: number,
  spacingM: number,
): void {
  let added = 0;
  keys.forEach((to, i) => {
    const from = keys[i - 1];
    if (from === undefined) return;
    const a = track.poseOf(from);
    const b = track.poseOf(to);
    const pieces = Math.max(1, Math.ceil(Math.abs(b.xM - a.xM) / spacingM - 1e-9));
    let before = from;
    for (let piece = 1; piece < pieces; piece += 1) {
      added += 1;
      const id = track.addNode(`${prefix}-${added}`, { ...a, xM: a.xM + ((b.xM - a.xM) * piece) / pieces });
      track.connect(before, id, speedMps);
      before = id;
    }
    track.connect(before, to, speedMps);
  });
}
