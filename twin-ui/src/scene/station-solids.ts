import { Vector3 } from "three";
import type { SolidBuilder } from "./geometry/solid-builder.ts";
import type { StationView } from "./site-plan.ts";

export const STEEL = "#8f979c";
export const PALE = "#c3c8c8";
export const ROOF = "#a8b0b4";
const DARK = "#3b4147";
export const CONCRETE = "#9d9d96";
export const GLASS = "#56707c";
const CRANE = "#b9b3a2";
const CRANE_DARK = "#7d7a70";

/** How high the beam of a yard crane is. */
export const CRANE_BEAM_M = 13.5;
/** Half the clear width of a crane: what its station says, with room for the legs. */
const craneHalfSpanM = (station: StationView): number => Math.max(4.4, station.widthM / 2);

/** Builds what stands at a station, in the station's own frame: x along the vehicle that stands there. */
export function buildStation(solids: SolidBuilder, station: StationView): void {
  solids.at(station);
  switch (station.kind) {
    case "portal":
      portal(solids, station);
      break;
    case "exit-gate":
    case "entry-gate":
      canopy(solids, Math.max(9, station.widthM + 2), 11);
      booth(solids, 6.5, -Math.max(4.4, station.widthM / 2 + 0.6));
      break;
    case "truck-gate":
      canopy(solids, Math.max(18, station.widthM + 4), 14);
      break;
    case "weighbridge":
      weighbridge(solids, station);
      break;
    case "scanner":
      scanner(solids, station);
      break;
    case "crane":
    case "exchange-pad":
      crane(solids, craneHalfSpanM(station));
      break;
    case "transfer-pad":
      lineCraneRails(solids, station);
      break;
    case "charger":
      charger(solids);
      break;
    case "inspection-dock":
      dock(solids, station);
      break;
  }
}

/** A roof on four columns over the lane, a light band under its edge. The stop line is under its front half. */
function canopy(solids: SolidBuilder, widthM: number, lengthM: number): void {
  const half = widthM / 2;
  const middle = 5;
  for (const x of [middle - lengthM * 0.36, middle + lengthM * 0.36]) {
    for (const y of [-half + 0.5, half - 0.5])
      solids.box({ lengthM: 0.5, widthM: 0.5, heightM: 6.1 }, { xM: x, yM: y }, PALE);
  }
  solids.box({ lengthM, widthM: widthM + 1.6, heightM: 0.55 }, { xM: middle, yM: 0, zM: 6.35 }, ROOF);
  solids.box(
    { lengthM: lengthM + 0.5, widthM: widthM + 2.1, heightM: 0.3 },
    { xM: middle, yM: 0, zM: 6.1 },
    PALE,
  );
  solids.box(
    { lengthM: lengthM * 0.72, widthM: widthM * 0.62, heightM: 0.5 },
    { xM: middle, yM: 0, zM: 6.9 },
    STEEL,
  );
}

function booth(solids: SolidBuilder, xM: number, yM: number): void {
  solids
    .box({ lengthM: 3.2, widthM: 1.7, heightM: 0.25 }, { xM, yM }, CONCRETE)
    .box({ lengthM: 2.8, widthM: 1.4, heightM: 0.9 }, { xM, yM, zM: 0.25 }, PALE)
    .box({ lengthM: 2.7, widthM: 1.3, heightM: 1.1 }, { xM, yM, zM: 1.15 }, GLASS)
    .box({ lengthM: 3.1, widthM: 1.7, heightM: 0.25 }, { xM, yM, zM: 2.25 }, ROOF);
}

/** The identification portal: a square arch with camera boxes, through which the container is read. */
function portal(solids: SolidBuilder, station: StationView): void {
  const half = Math.max(3.2, station.widthM / 2);
  for (const x of [1.5, 6]) {
    for (const y of [-half, half])
      solids.box({ lengthM: 0.55, widthM: 0.55, heightM: 6.4 }, { xM: x, yM: y }, STEEL);
    solids.box({ lengthM: 0.55, widthM: half * 2 + 0.55, heightM: 0.6 }, { xM: x, yM: 0, zM: 6 }, STEEL);
    for (const y of [-half + 0.5, half - 0.5]) {
      for (const z of [1.6, 3.2, 4.8])
        solids.box({ lengthM: 0.5, widthM: 0.35, heightM: 0.35 }, { xM: x, yM: y, zM: z }, DARK);
    }
    for (const y of [-1.6, 0, 1.6])
      solids.box({ lengthM: 0.5, widthM: 0.4, heightM: 0.35 }, { xM: x, yM: y, zM: 5.6 }, DARK);
  }
  for (const y of [-half, half])
    solids.box({ lengthM: 4.5, widthM: 0.3, heightM: 0.3 }, { xM: 3.75, yM: y, zM: 6.1 }, STEEL);
  booth(solids, 4, -half - 1.8);
}

/** A steel plate in the ground between kerbs, with a display post. */
function weighbridge(solids: SolidBuilder, station: StationView): void {
  const { lengthM, widthM } = station;
  solids.box({ lengthM, widthM: widthM - 0.4, heightM: 0.06 }, { xM: 0, yM: 0 }, "#70787d");
  for (let x = -lengthM / 2 + 2; x < lengthM / 2; x += 4) {
    solids.box({ lengthM: 0.12, widthM: widthM - 0.4, heightM: 0.08 }, { xM: x, yM: 0 }, "#4d5459");
  }
  for (const y of [-1, 1]) {
    solids.box({ lengthM, widthM: 0.28, heightM: 0.34 }, { xM: 0, yM: y * (widthM / 2) }, "#c9c3a4");
    for (const x of [-lengthM / 2, lengthM / 2])
      solids.cylinder(0.16, { xM: x, yM: y * (widthM / 2 + 0.5) }, 0, 1.1, PALE);
  }
  solids.box({ lengthM: 0.2, widthM: 0.2, heightM: 3 }, { xM: lengthM / 2 - 1, yM: widthM / 2 + 0.9 }, STEEL);
  solids.box(
    { lengthM: 0.25, widthM: 1.5, heightM: 0.9 },
    { xM: lengthM / 2 - 1, yM: widthM / 2 + 0.9, zM: 2.6 },
    DARK,
  );
}

/** The scanner hall: thick walls along the lane, an open roof over the tunnel so that one sees who is inside, a control room. */
function scanner(solids: SolidBuilder, station: StationView): void {
  const { lengthM } = station;
  const half = Math.max(3.6, station.widthM / 2);
  const heightM = Math.max(6.4, station.heightM);
  for (const y of [-1, 1]) {
    solids.box({ lengthM, widthM: 0.9, heightM }, { xM: 0, yM: y * half }, "#b4b9b6");
    solids.box(
      { lengthM: lengthM * 0.3, widthM: 1.5, heightM: heightM + 0.6 },
      { xM: 0, yM: y * (half + 0.35) },
      "#8a9190",
    );
    solids.box(
      { lengthM: lengthM + 0.4, widthM: 1.2, heightM: 0.3 },
      { xM: 0, yM: y * half, zM: heightM },
      ROOF,
    );
  }
  for (const x of [-lengthM / 2 + 0.5, lengthM / 2 - 0.5]) {
    solids.box(
      { lengthM: 1, widthM: half * 2 + 1, heightM: 1.2 },
      { xM: x, yM: 0, zM: heightM - 1.2 },
      "#8a9190",
    );
  }
  // The beam's arch in the middle, and roof ribs with open bays between them.
  solids.box(
    { lengthM: 2.4, widthM: half * 2, heightM: 0.9 },
    { xM: 0, yM: 0, zM: heightM - 0.9 },
    "#6f7876",
  );
  const bays = Math.max(2, Math.round(lengthM / 9));
  for (let i = 1; i < bays; i++) {
    const x = -lengthM / 2 + (lengthM * i) / bays;
    if (Math.abs(x) > 2)
      solids.box(
        { lengthM: 1.1, widthM: half * 2, heightM: 0.35 },
        { xM: x, yM: 0, zM: heightM - 0.35 },
        ROOF,
      );
  }
  solids
    .box({ lengthM: Math.min(12, lengthM * 0.6), widthM: 3.2, heightM: 3.4 }, { xM: 0, yM: half + 2.6 }, PALE)
    .box(
      { lengthM: Math.min(10, lengthM * 0.5), widthM: 3.3, heightM: 0.9 },
      { xM: 0, yM: half + 2.62, zM: 1.5 },
      GLASS,
    )
    .box(
      { lengthM: Math.min(12.6, lengthM * 0.63), widthM: 3.8, heightM: 0.3 },
      { xM: 0, yM: half + 2.6, zM: 3.4 },
      ROOF,
    );
}

/** A rail-mounted gantry over its bay: legs, sills, twin beams, machinery house. The trolley moves in another layer. */
function crane(solids: SolidBuilder, half: number): void {
  const legX = 4.2;
  const top = CRANE_BEAM_M;
  for (const y of [-half, half]) {
    solids.box(
      { lengthM: legX * 2 + 3.4, widthM: 0.6, heightM: 0.8 },
      { xM: 0, yM: y, zM: 0.45 },
      CRANE_DARK,
    );
    for (const x of [-legX - 1.1, legX + 1.1]) solids.cylinder(0.42, { xM: x, yM: y }, 0, 0.7, DARK, 6);
    for (const x of [-1, 1]) {
      solids.bar(new Vector3(x * legX, y, 0.8), new Vector3(x * legX * 0.72, y, top), 0.62, CRANE);
    }
    solids.bar(new Vector3(-legX * 0.9, y, 5.2), new Vector3(legX * 0.9, y, 5.2), 0.34, CRANE_DARK);
    solids.bar(new Vector3(-legX * 0.9, y, 5.2), new Vector3(legX * 0.74, y, top - 0.5), 0.24, CRANE_DARK);
    solids.bar(new Vector3(legX * 0.9, y, 5.2), new Vector3(-legX * 0.74, y, top - 0.5), 0.24, CRANE_DARK);
  }
  for (const x of [-legX * 0.72, legX * 0.72]) {
    solids.box({ lengthM: 0.8, widthM: half * 2 + 1.6, heightM: 1.1 }, { xM: x, yM: 0, zM: top }, CRANE);
  }
  for (const y of [-half, half]) {
    solids.box(
      { lengthM: legX * 1.44 + 0.8, widthM: 0.5, heightM: 0.7 },
      { xM: 0, yM: y, zM: top },
      CRANE_DARK,
    );
  }
  solids.box({ lengthM: 3, widthM: 1.6, heightM: 1.7 }, { xM: 0, yM: half - 0.2, zM: top + 0.9 }, PALE);
}

/** From the middle of the road to each rail of the crane at the line: between who stands below it and the lanes. */
const LINE_CRANE_RAIL_M = 9.5;

/**
 * The crane at the line runs along the road from one side's pad to the other's, across the vehicles below: each side has its
 * rails up to the line. The crane itself moves in a layer of its own.
 */
function lineCraneRails(solids: SolidBuilder, station: StationView): void {
  const along = { ...station, headingRad: station.headingRad - Math.PI / 2 };
  const towardsLine = along.xM * Math.cos(along.headingRad) > 0 ? -1 : 1;
  const reachM = Math.abs(along.xM);
  const behindM = 8;
  solids.at(along);
  for (const y of [-LINE_CRANE_RAIL_M, LINE_CRANE_RAIL_M]) {
    solids.box(
      { lengthM: reachM + behindM, widthM: 0.3, heightM: 0.06 },
      { xM: (towardsLine * (reachM - behindM)) / 2, yM: y },
      DARK,
    );
  }
}

/** The crane that runs on them, in its own frame: x along the rails. */
export function buildLineCrane(solids: SolidBuilder): void {
  crane(solids, LINE_CRANE_RAIL_M);
}

function charger(solids: SolidBuilder): void {
  solids
    .box({ lengthM: 0.9, widthM: 0.7, heightM: 2 }, { xM: 8.4, yM: 2.3 }, PALE)
    .box({ lengthM: 0.95, widthM: 0.5, heightM: 0.5 }, { xM: 8.4, yM: 2.3, zM: 1.2 }, DARK)
    .box({ lengthM: 1.4, widthM: 0.25, heightM: 0.22 }, { xM: 7.9, yM: 1.9, zM: 0.9 }, DARK);
}

/** An open shed over an inspection dock, with a raised platform beside it. */
function dock(solids: SolidBuilder, station: StationView): void {
  const half = station.widthM / 2;
  for (const x of [-7, 0, 7]) {
    for (const y of [-half, half])
      solids.box({ lengthM: 0.3, widthM: 0.3, heightM: 5.4 }, { xM: x, yM: y }, STEEL);
    solids.box(
      { lengthM: 0.35, widthM: station.widthM + 0.6, heightM: 0.35 },
      { xM: x, yM: 0, zM: 5.4 },
      STEEL,
    );
  }
  for (const y of [-1, 1]) {
    solids.box(
      { lengthM: 15, widthM: half * 0.8, heightM: 0.2 },
      { xM: 0, yM: y * half * 0.72, zM: 5.7 },
      ROOF,
    );
  }
}
