import { assumed, type CrossingFigures, figure } from "../parameters.ts";

/** The approved pilot scheme of the smart border gate, as the press reports its lanes. */
const PILOT_SCHEME = "Decision 865/QD-TTg, 17 August 2024, and press on it";
const RUNNING_CROSSING = "press on the running AGV crossing at Ganqimaodu";

const kmh = (value: number): number => Math.round((value / 3.6) * 1000) / 1000;

/** Figures that all sites share, until one differs. */
export const COMMON_FIGURES: CrossingFigures = {
  lanes: figure(8, "lanes", PILOT_SCHEME),
  unmannedLanesADirection: figure(1, "lanes", PILOT_SCHEME),
  laneWidthM: assumed(3.75, "m"),
  laneOffsetM: assumed(13, "m"),
  holdLineM: assumed(50, "m"),
  firstStopM: assumed(50, "m"),
  stripEndM: assumed(70, "m"),
  turnBackM: assumed(82.5, "m"),
  lineZoneM: assumed(90, "m"),
  queuePlaces: assumed(8, "places"),
  queueGapM: assumed(2, "m"),
  yardQueuePlaces: assumed(8, "places"),
  blockLengthM: assumed(21, "m"),
  spinePerHour: assumed(250, "vehicles an hour"),
  approachM: assumed(40, "m"),
  approachBlockLengthM: assumed(10, "m"),
  safetyMarginM: assumed(0.5, "m"),
  surveyToleranceM: assumed(0.05, "m"),
  bendRadiusM: assumed(12, "m"),
  bufferPitchM: assumed(5, "m"),
  bufferFirstOffsetM: assumed(8, "m"),
  bufferLengthM: assumed(45, "m"),
  dockLengthM: assumed(45, "m"),
  yardHalfWidthM: assumed(38, "m"),
  serviceLaneOffsetM: assumed(8, "m"),
  cranePitchM: assumed(12, "m"),
  parkingPitchM: assumed(6, "m"),
  chargerPitchM: assumed(6, "m"),
  roadSpeedMps: assumed(kmh(20), "m/s"),
  lineZoneSpeedMps: assumed(kmh(10), "m/s"),
  scannerSpeedMps: assumed(kmh(5), "m/s"),
  yardSpeedMps: assumed(kmh(8), "m/s"),
  vehicleLengthM: assumed(15, "m"),
  vehicleWidthM: assumed(3, "m"),
  vehicleHeightM: assumed(1.7, "m"),
  vehicleMassKg: assumed(28_000, "kg"),
  vehicleMaxLoadKg: assumed(70_000, "kg"),
  vehicleMaxSpeedMps: figure(kmh(25), "m/s", RUNNING_CROSSING),
  vehicleAccelerationMps2: assumed(0.3, "m/s2"),
  vehicleBrakingMps2: assumed(0.5, "m/s2"),
  vehicleTurningRadiusM: assumed(12, "m"),
  vehicleBatteryHours: assumed(8, "h"),
  vehicleChargeHours: assumed(1.5, "h"),
};
