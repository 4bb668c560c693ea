import {
  assumed,
  repeated,
  type SideFigures,
  type SideParameters,
  type SiteParameters,
  TARGET_SOURCE,
} from "../parameters.ts";
import { COMMON_FIGURES } from "./common-figures.ts";

/** The dedicated freight road at border markers 1119-1120; chainages are illustrative, not surveyed. */
const VN: SideFigures = {
  yardM: assumed(1000, "m"),
  truckGateM: assumed(1900, "m"),
  outPortalM: assumed(980, "m"),
  outWeighbridgeM: assumed(960, "m"),
  outScannerFromM: assumed(940, "m"),
  outScannerToM: assumed(880, "m"),
  outBuffersM: assumed(840, "m"),
  outBufferBays: assumed(10, "bays"),
  outDocksM: assumed(630, "m"),
  outDocks: assumed(11, "bays"),
  outExitGateM: assumed(300, "m"),
  inEntryGateM: assumed(300, "m"),
  inScannerFromM: assumed(600, "m"),
  inScannerToM: assumed(660, "m"),
  inBuffersM: assumed(700, "m"),
  inBufferBays: assumed(10, "bays"),
};

const CN: SideFigures = {
  ...VN,
  yardM: assumed(2000, "m"),
  truckGateM: assumed(2900, "m"),
  inScannerFromM: assumed(700, "m"),
  inScannerToM: assumed(760, "m"),
  inBuffersM: assumed(800, "m"),
};

/** 6 cranes, 38 parking bays, 8 chargers: more than the 46 vehicles that the 2030 volume asks for. */
export const LARGE_YARD: SideParameters["yardGroups"] = [
  repeated("crane", 3),
  repeated("crane", 3),
  [...repeated("charger", 8), ...repeated("parking", 2)],
  repeated("parking", 9),
  repeated("parking", 9),
  repeated("parking", 9),
  repeated("parking", 9),
];

export const MARKERS_1119_1120: SiteParameters = {
  siteId: "1119-1120",
  name: {
    vi: "Hữu Nghị - Hữu Nghị Quan, mốc 1119-1120",
    zh: "友谊 - 友谊关，1119-1120号界碑",
    en: "Huu Nghi - Youyiguan, markers 1119-1120",
  },
  crossing: { ...COMMON_FIGURES, turnBackM: assumed(262.5, "m") },
  vn: {
    figures: VN,
    yardGroups: LARGE_YARD,
    timeZone: "Asia/Ho_Chi_Minh",
    utcOffsetMinutes: 420,
    mapToSite: { dxM: -2104.5, dyM: -618.25, rotationRad: 0.31 },
  },
  cn: {
    figures: CN,
    yardGroups: LARGE_YARD,
    timeZone: "Asia/Shanghai",
    utcOffsetMinutes: 480,
    mapToSite: { dxM: 3011.75, dyM: 402.5, rotationRad: 2.74 },
  },
  targets: [
    {
      year: 2027,
      vehiclesADay: { from: 2000, to: 2500 },
      unmannedAnHourADirection: { from: 29, to: 37 },
      source: TARGET_SOURCE,
    },
    {
      year: 2030,
      vehiclesADay: { from: 3000, to: 3500 },
      unmannedAnHourADirection: { from: 44, to: 51 },
      source: TARGET_SOURCE,
    },
  ],
  surveyVersion: "1",
  surveyedOn: "2026-05-18",
  exportTimestamp: "2026-06-01T00:00:00.00Z",
};
