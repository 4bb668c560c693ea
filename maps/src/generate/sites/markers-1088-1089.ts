import { assumed, type SideFigures, type SiteParameters, TARGET_SOURCE } from "../parameters.ts";
import { COMMON_FIGURES } from "./common-figures.ts";
import { LARGE_YARD } from "./markers-1119-1120.ts";

/** The dedicated freight road at border markers 1088/2-1089: the same, compressed on the Vietnamese side. */
const VN: SideFigures = {
  yardM: assumed(700, "m"),
  truckGateM: assumed(1450, "m"),
  outPortalM: assumed(680, "m"),
  outWeighbridgeM: assumed(660, "m"),
  outScannerFromM: assumed(650, "m"),
  outScannerToM: assumed(590, "m"),
  outBuffersM: assumed(570, "m"),
  outBufferBays: assumed(10, "bays"),
  outDocksM: assumed(395, "m"),
  outDocks: assumed(11, "bays"),
  outExitGateM: assumed(175, "m"),
  inEntryGateM: assumed(215, "m"),
  inScannerFromM: assumed(250, "m"),
  inScannerToM: assumed(310, "m"),
  inBuffersM: assumed(330, "m"),
  inBufferBays: assumed(10, "bays"),
};

const CN: SideFigures = {
  ...VN,
  yardM: assumed(2100, "m"),
  truckGateM: assumed(2900, "m"),
  inEntryGateM: assumed(300, "m"),
  inScannerFromM: assumed(700, "m"),
  inScannerToM: assumed(760, "m"),
  inBuffersM: assumed(800, "m"),
};

export const MARKERS_1088_1089: SiteParameters = {
  siteId: "1088-1089",
  name: {
    vi: "Hữu Nghị - Hữu Nghị Quan, mốc 1088/2-1089",
    zh: "友谊 - 友谊关，1088/2-1089号界碑",
    en: "Huu Nghi - Youyiguan, markers 1088/2-1089",
  },
  crossing: { ...COMMON_FIGURES, turnBackM: assumed(175, "m") },
  vn: {
    figures: VN,
    yardGroups: LARGE_YARD,
    timeZone: "Asia/Ho_Chi_Minh",
    utcOffsetMinutes: 420,
    mapToSite: { dxM: -1604.5, dyM: -518.25, rotationRad: 0.31 },
  },
  cn: {
    figures: CN,
    yardGroups: LARGE_YARD,
    timeZone: "Asia/Shanghai",
    utcOffsetMinutes: 480,
    mapToSite: { dxM: 3111.75, dyM: 452.5, rotationRad: 2.74 },
  },
  targets: [
    {
      year: 2027,
      vehiclesADay: { from: 800, to: 1200 },
      unmannedAnHourADirection: { from: 12, to: 17 },
      source: TARGET_SOURCE,
    },
    {
      year: 2030,
      vehiclesADay: { from: 2000, to: 2500 },
      unmannedAnHourADirection: { from: 29, to: 37 },
      source: TARGET_SOURCE,
    },
  ],
  surveyVersion: "1",
  surveyedOn: "2026-05-19",
  exportTimestamp: "2026-06-01T00:00:00.00Z",
};
