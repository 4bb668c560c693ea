import type { LocalisedText, Target } from "../layout/site-file.ts";

/** A figure with its unit and where it comes from. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

export type BayKind = "crane" | "parking" | "charger";

/**
 * Where things stand on one side, in metres from the line on its own ground. A chainage is where the
 * vehicle's nose stands when it is at the place.
 */
export interface SideFigures {
  readonly yardM: Figure;
  readonly truckGateM: Figure;
  readonly outPortalM: Figure;
  readonly outWeighbridgeM: Figure;
  readonly outScannerFromM: Figure;
  readonly outScannerToM: Figure;
  readonly outBuffersM: Figure;
  readonly outBufferBays: Figure;
  readonly outDocksM: Figure;
  readonly outDocks: Figure;
  readonly outExitGateM: Figure;
  readonly inEntryGateM: Figure;
  readonly inScannerFromM: Figure;
  readonly inScannerToM: Figure;
  readonly inBuffersM: Figure;
  readonly inBufferBays: Figure;
}

export interface SideParameters {
  readonly figures: SideFigures;
  /** Bays of the yard from its line end to its far end; each group has its own service lanes off the spines. */
  readonly yardGroups: readonly (readonly BayKind[])[];
  readonly timeZone: string;
  readonly utcOffsetMinutes: number;
  /** The survey frame: from this side's map to the site frame. */
  readonly mapToSite: { readonly dxM: number; readonly dyM: number; readonly rotationRad: number };
}

/** What holds for the whole crossing. */
export interface CrossingFigures {
  readonly lanes: Figure;
  readonly unmannedLanesADirection: Figure;
  /** Pairs of unmanned lanes that are laid out: one when left out, or two. */
  readonly lanePairs?: Figure;
  readonly laneWidthM: Figure;
  readonly laneOffsetM: Figure;
  readonly holdLineM: Figure;
  readonly firstStopM: Figure;
  readonly stripEndM: Figure;
  readonly turnBackM: Figure;
  /** Nearer to the line than this a vehicle drives at `lineZoneSpeedMps`. */
  readonly lineZoneM: Figure;
  /** How many may wait at the hold line, one behind the other, where the road to it allows; and the gap between bodies. */
  readonly queuePlaces: Figure;
  readonly queueGapM: Figure;
  /** Pads a side where a crane at the line sets containers over: none when left out, or one. */
  readonly transferPads?: Figure;
  /** Places in China where vehicles of Viet Nam stand that their own side drives there and back: none when left out, or one. */
  readonly exchangePads?: Figure;
  /** How many loaded vehicles may wait for a crane before the yard, where there is room beside the road. */
  readonly yardQueuePlaces: Figure;
  /**
   * How far apart the places are where a vehicle may stand: on the road, and on the last metres before a gate; and what
   * the spines of the yard must pass with that. */
  readonly blockLengthM: Figure;
  readonly spinePerHour: Figure;
  readonly approachM: Figure;
  readonly approachBlockLengthM: Figure;
  readonly safetyMarginM: Figure;
  readonly surveyToleranceM: Figure;
  readonly bendRadiusM: Figure;
  readonly bufferPitchM: Figure;
  readonly bufferFirstOffsetM: Figure;
  readonly bufferLengthM: Figure;
  readonly dockLengthM: Figure;
  /** From the yard's middle to its spines, and from a spine to the service lane of a group of bays. */
  readonly yardHalfWidthM: Figure;
  readonly serviceLaneOffsetM: Figure;
  readonly cranePitchM: Figure;
  readonly parkingPitchM: Figure;
  readonly chargerPitchM: Figure;
  readonly roadSpeedMps: Figure;
  readonly lineZoneSpeedMps: Figure;
  readonly scannerSpeedMps: Figure;
  readonly yardSpeedMps: Figure;
  readonly vehicleLengthM: Figure;
  readonly vehicleWidthM: Figure;
  readonly vehicleHeightM: Figure;
  readonly vehicleMassKg: Figure;
  readonly vehicleMaxLoadKg: Figure;
  readonly vehicleMaxSpeedMps: Figure;
  readonly vehicleAccelerationMps2: Figure;
  readonly vehicleBrakingMps2: Figure;
  readonly vehicleTurningRadiusM: Figure;
  readonly vehicleBatteryHours: Figure;
  readonly vehicleChargeHours: Figure;
}

/** Everything that a site's files are made from. */
export interface SiteParameters {
  readonly siteId: string;
  readonly name: LocalisedText;
  readonly crossing: CrossingFigures;
  readonly vn: SideParameters;
  readonly cn: SideParameters;
  /** What it is to carry, by year; none for a site that nobody has set any for. */
  readonly targets?: readonly Target[];
  readonly surveyVersion: string;
  readonly surveyedOn: string;
  /** Written into the LIF files; fixed, so that the same parameters give the same bytes. */
  readonly exportTimestamp: string;
}

/** Where the targets of the crossings come from. */
export const TARGET_SOURCE =
  "Decision 865/QD-TTg, 17 August 2024, and press on it; the share of the unmanned pair over 22 hours a day is an assumption (65 %)";

export function figure(value: number, unit: string, source: string): Figure {
  return { value, unit, source };
}

/** A figure nobody has confirmed. */
export function assumed(value: number, unit: string): Figure {
  return figure(value, unit, "assumption");
}

export function repeated(kind: BayKind, count: number): readonly BayKind[] {
  return Array.from({ length: count }, () => kind);
}
