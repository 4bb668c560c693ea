import { laneFrame } from "./lane-frame.ts";
import type { BayKind, CrossingFigures, SideParameters } from "./parameters.ts";
import { DIAGONAL_RAD, leadAcross, tangentLengthM } from "./road.ts";
import { clearOfBendM, placesAlong } from "./spacing.ts";
import type { Track } from "./track.ts";

/** A bay of the yard, in the outward frame: the vehicle stands at (xM, 0) and faces -y. */
export interface YardBay {
  readonly nodeId: string;
  readonly kind: BayKind;
  readonly xM: number;
}

/** What was laid out: the bays, and the edges of the two spines. */
export interface Yard {
  readonly bays: readonly YardBay[];
  readonly inSpineEdges: readonly string[];
  readonly outSpineEdges: readonly string[];
}

/** From the spines' line end to the return link, to the rung without a bay, and from one group of bays to the next. */
const GATE_TO_LINK_M = 8;
const LINK_TO_THROUGH_M = 44;
const GROUP_GAP_M = 44;
/** From the first rung's beginning to the diagonals of its group. */
const GROUP_TO_DIAGONAL_M = 2;

/**
 * The yard, a ladder of two spines. Vehicles come along the inbound spine (heading away from the line), turn off to
 * the service lane of a group of bays, turn left from it into a rung, stand in its middle, and leave by the group's
 * other service lane to the outbound spine. Whoever turns into a rung, or waits to, stands beside the spine and
 * bars nobody there: the spines meet one road a group, so that vehicles follow each other closely on them.
 * At the line end a return link leads from the outbound to the inbound spine, and a rung without a bay back again,
 * so that whoever comes from anywhere reaches any place past all bays.
 * `spineEndM` is the distance from the line where both spines begin; `inEnd` and `outStart` are the nodes there.
 */
export function addYard(
  track: Track,
  side: string,
  parameters: SideParameters,
  crossing: CrossingFigures,
  spines: { readonly spineEndM: number; readonly inEnd: string; readonly outStart: string },
): Yard {
  const yard = new YardBuilder(track, side, crossing);
  const linkM = -spines.spineEndM - GATE_TO_LINK_M;
  yard.addReturnLink(linkM);
  let xM = linkM - LINK_TO_THROUGH_M;
  yard.addThroughRung(xM);
  const pitches: Record<BayKind, number> = {
    crane: crossing.cranePitchM.value,
    parking: crossing.parkingPitchM.value,
    charger: crossing.chargerPitchM.value,
  };
  const counts: Record<BayKind, number> = { crane: 0, parking: 0, charger: 0 };
  const bays: YardBay[] = [];
  for (const group of parameters.yardGroups) {
    let before: BayKind | undefined;
    const added = group.map((kind) => {
      xM -= before === undefined ? GROUP_GAP_M : (pitches[before] + pitches[kind]) / 2;
      before = kind;
      counts[kind] += 1;
      return { nodeId: `${side}.yard.${kind}-${counts[kind]}`, kind, xM };
    });
    yard.addGroup(added);
    bays.push(...added);
  }
  return { bays, ...yard.joinSpines(spines.inEnd, spines.outStart) };
}

/** A node of a spine, and what meets the spine there, seen the way the spine is driven. */
interface SpineKey {
  readonly node: string;
  readonly meets: "turn-off" | "joining";
}

class YardBuilder {
  readonly track: Track;
  readonly side: string;
  readonly crossing: CrossingFigures;
  readonly radiusM: number;
  readonly halfM: number;
  readonly speedMps: number;
  readonly roadMps: number;
  /** From the line end to the far end; the outbound spine is driven the other way. */
  readonly inSpine: SpineKey[] = [];
  readonly outSpine: SpineKey[] = [];
  groups = 0;

  constructor(track: Track, side: string, crossing: CrossingFigures) {
    this.track = track;
    this.side = side;
    this.crossing = crossing;
    this.radiusM = tangentLengthM(crossing.bendRadiusM.value, Math.PI / 2);
    this.halfM = crossing.yardHalfWidthM.value;
    this.speedMps = crossing.yardSpeedMps.value;
    this.roadMps = crossing.roadSpeedMps.value;
  }

  onIn(id: string, xM: number, halfM: number): string {
    return this.track.addNode(id, { xM, yM: halfM, headingRad: Math.PI });
  }

  onOut(id: string, xM: number, halfM: number): string {
    return this.track.addNode(id, { xM, yM: -halfM, headingRad: 0 });
  }

  addReturnLink(linkM: number): void {
    const { track, halfM, radiusM } = this;
    const name = `${this.side}.yard.return`;
    const from = this.onOut(`${name}.from`, linkM - radiusM, halfM);
    const up = track.addNode(`${name}.up`, { xM: linkM, yM: radiusM - halfM, headingRad: Math.PI / 2 });
    const end = track.addNode(`${name}.end`, { xM: linkM, yM: halfM - radiusM, headingRad: Math.PI / 2 });
    const to = this.onIn(`${name}.to`, linkM - radiusM, halfM);
    this.lead([from, up, ...this.between(up, end), end, to]);
    this.inSpine.push({ node: to, meets: "joining" });
    this.outSpine.push({ node: from, meets: "turn-off" });
  }

  addThroughRung(xM: number): void {
    const name = `${this.side}.yard.through`;
    const from = this.onIn(`${name}.in`, xM + this.radiusM, this.halfM);
    const to = this.onOut(`${name}.out`, xM + this.radiusM, this.halfM);
    this.rung(name, xM, this.halfM, from, to);
    this.inSpine.push({ node: from, meets: "turn-off" });
    this.outSpine.push({ node: to, meets: "joining" });
  }

  /** A group of bays with its two service lanes: diagonals lead to the one and back from the other. */
  addGroup(bays: readonly YardBay[]): void {
    const { track, side, crossing, radiusM } = this;
    const [first] = bays;
    if (first === undefined) throw new Error("a group has a bay");
    this.groups += 1;
    const offsetM = crossing.serviceLaneOffsetM.value;
    const halfM = this.halfM - offsetM;
    const reachM = tangentLengthM(crossing.bendRadiusM.value, DIAGONAL_RAD);
    const spineRightM = this.halfM - crossing.laneOffsetM.value;
    const laneRightM = spineRightM - offsetM;
    const nearEndM = first.xM + radiusM + GROUP_TO_DIAGONAL_M;
    const enter = leadAcross(
      { track, frame: laneFrame("inbound", crossing.laneOffsetM.value), speedMps: this.speedMps },
      `${side}.yard.enter-${this.groups}`,
      {
        cornerM: -nearEndM - reachM - offsetM,
        fromRightM: spineRightM,
        toRightM: laneRightM,
        radiusM: crossing.bendRadiusM.value,
      },
    );
    const leave = leadAcross(
      { track, frame: laneFrame("outbound", crossing.laneOffsetM.value), speedMps: this.speedMps },
      `${side}.yard.leave-${this.groups}`,
      {
        cornerM: nearEndM + reachM,
        fromRightM: laneRightM,
        toRightM: spineRightM,
        radiusM: crossing.bendRadiusM.value,
      },
    );
    let from = enter.last;
    let to = leave.first;
    for (const { nodeId, xM } of bays) {
      const before = { from, to };
      from = this.onIn(`${nodeId}.in`, xM + radiusM, halfM);
      to = this.onOut(`${nodeId}.out`, xM + radiusM, halfM);
      track.connect(before.from, from, this.roadMps);
      track.connect(to, before.to, this.roadMps);
      this.rung(nodeId, xM, halfM, from, to);
    }
    this.inSpine.push({ node: enter.first, meets: "turn-off" });
    this.outSpine.push({ node: leave.last, meets: "joining" });
  }

  rung(name: string, xM: number, halfM: number, from: string, to: string): void {
    const down = (id: string, yM: number) => this.track.addNode(id, { xM, yM, headingRad: -Math.PI / 2 });
    const straightM = halfM - this.radiusM;
    this.lead([from, down(`${name}.enter`, straightM), down(name, 0), down(`${name}.leave`, -straightM), to]);
  }

  lead(way: readonly string[]): void {
    way.forEach((node, i) => {
      const before = way[i - 1];
      if (before !== undefined) this.track.connect(before, node, this.speedMps);
    });
  }

  /** Nodes between two that face the same way across the yard, no further apart than blocks are to be. */
  between(from: string, to: string): string[] {
    const a = this.track.poseOf(from);
    const acrossM = this.track.poseOf(to).yM - a.yM;
    const spacingM = this.crossing.blockLengthM.value;
    return placesAlong(Math.abs(acrossM), { spacingM, clearStartM: 0, clearEndM: 0 }).map((placeM, i) =>
      this.track.addNode(`${from}-${i + 1}`, { ...a, yM: a.yM + Math.sign(acrossM) * placeM }),
    );
  }

  joinSpines(inEnd: string, outStart: string): Omit<Yard, "bays"> {
    const inSpineEdges = this.joinSpine("in", [{ node: inEnd, meets: "joining" }, ...this.inSpine]);
    const outSpineEdges = this.joinSpine("out", [
      ...this.outSpine.reverse(),
      { node: outStart, meets: "turn-off" },
    ]);
    return { inSpineEdges, outSpineEdges };
  }

  /** Leads from each key node to the next, with nodes between where a body stands clear of both. */
  joinSpine(name: "in" | "out", keys: readonly SpineKey[]): string[] {
    const { track, crossing } = this;
    const edges: string[] = [];
    const clearM = clearOfBendM(crossing, crossing.bendRadiusM.value);
    let added = 0;
    keys.forEach((to, i) => {
      const from = keys[i - 1];
      if (from === undefined) return;
      const a = track.poseOf(from.node);
      const lengthM = Math.abs(track.poseOf(to.node).xM - a.xM);
      const places = placesAlong(lengthM, {
        spacingM: crossing.blockLengthM.value,
        clearStartM: from.meets === "turn-off" ? clearM : 0,
        clearEndM: to.meets === "joining" ? clearM : 0,
      });
      let before = from.node;
      for (const placeM of places) {
        added += 1;
        const xM = a.xM + (name === "in" ? -placeM : placeM);
        const id = track.addNode(`${this.side}.yard.${name}-${added}`, { ...a, xM });
        edges.push(track.connect(before, id, this.roadMps));
        before = id;
      }
      edges.push(track.connect(before, to.node, this.roadMps));
    });
    return edges;
  }
}
