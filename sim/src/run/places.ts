import {
  nodePoseInSite,
  SIDES,
  type Side,
  type Site,
  type Station,
  type StationKind,
  stationsOf,
} from "@baton/maps";

/** A station as the collector sees it: a box on the ground in which the middle of a vehicle is at work there. */
export interface StationBox {
  readonly stationId: string;
  readonly side: Side;
  readonly kind: StationKind;
  readonly bound: Station["bound"];
}

/** Which station, if any, a vehicle is in, by where its middle is. */
export interface Places {
  readonly stations: readonly StationBox[];
  /** Index into `stations`, -1 on open road. Site frame, metres. */
  at(xM: number, yM: number): number;
}

const CELL_M = 16;
/** How far from a stopping place the middle of a vehicle may be and still stand there. */
const STANDS_WITHIN_M = 2.5;

interface Box {
  readonly xM: number;
  readonly yM: number;
  readonly cos: number;
  readonly sin: number;
  readonly halfLengthM: number;
  readonly halfWidthM: number;
}

/**
 * Looks places up on a grid, since this is asked for each vehicle and each second of a simulated day. Stations where vehicles
 * stand are the surroundings of their node; stations that are driven through are the whole passage, which a body of
 * `vehicleLengthM` occupies from its nose to its tail.
 */
export function placesOf(site: Site, vehicleLengthM: number): Places {
  const stations: StationBox[] = [];
  const boxes: Box[] = [];
  for (const side of SIDES) {
    for (const { stationId, kind, bound, nodeId, throughEdgeIds, at, sizeM } of stationsOf(site, side)) {
      if (nodeId === undefined) continue;
      const isPassage = throughEdgeIds !== undefined;
      const pose = isPassage ? at : nodePoseInSite(site, side, nodeId);
      if (pose === undefined) continue;
      stations.push({ stationId, side, kind, bound });
      boxes.push({
        xM: pose.xM,
        yM: pose.yM,
        cos: Math.cos(pose.headingRad),
        sin: Math.sin(pose.headingRad),
        halfLengthM: isPassage ? (sizeM.lengthM + vehicleLengthM) / 2 : STANDS_WITHIN_M,
        halfWidthM: isPassage ? sizeM.widthM / 2 : STANDS_WITHIN_M,
      });
    }
  }

  const grid = new Map<number, number[]>();
  boxes.forEach((box, index) => {
    const reachM = Math.hypot(box.halfLengthM, box.halfWidthM);
    for (let column = cellOf(box.xM - reachM); column <= cellOf(box.xM + reachM); column++) {
      for (let row = cellOf(box.yM - reachM); row <= cellOf(box.yM + reachM); row++) {
        const key = keyOf(column, row);
        const listed = grid.get(key);
        if (listed === undefined) grid.set(key, [index]);
        else listed.push(index);
      }
    }
  });

  return {
    stations,
    at: (xM, yM) => {
      const near = grid.get(keyOf(cellOf(xM), cellOf(yM)));
      if (near === undefined) return -1;
      for (const index of near) {
        const box = boxes[index];
        if (box === undefined) continue;
        const dx = xM - box.xM;
        const dy = yM - box.yM;
        if (
          Math.abs(dx * box.cos + dy * box.sin) <= box.halfLengthM &&
          Math.abs(dy * box.cos - dx * box.sin) <= box.halfWidthM
        )
          return index;
      }
      return -1;
    },
  };
}

const cellOf = (valueM: number): number => Math.floor(valueM / CELL_M);
const keyOf = (column: number, row: number): number => column * 65_536 + row;
