import {
  assumed,
  repeated,
  type SideFigures,
  type SideParameters,
  type SiteParameters,
} from "../parameters.ts";
import { COMMON_FIGURES } from "./common-figures.ts";

/** Everything of the real crossings, drawn together: for tests and first looks. */
const FIGURES: SideFigures = {
  yardM: assumed(280, "m"),
  truckGateM: assumed(580, "m"),
  outPortalM: assumed(263, "m"),
  outWeighbridgeM: assumed(243, "m"),
  outScannerFromM: assumed(243, "m"),
  outScannerToM: assumed(223, "m"),
  outBuffersM: assumed(227, "m"),
  outBufferBays: assumed(3, "bays"),
  outDocksM: assumed(147, "m"),
  outDocks: assumed(1, "bays"),
  outExitGateM: assumed(90, "m"),
  inEntryGateM: assumed(117.5, "m"),
  inScannerFromM: assumed(135, "m"),
  inScannerToM: assumed(155, "m"),
  inBuffersM: assumed(155, "m"),
  inBufferBays: assumed(3, "bays"),
};

const YARD: SideParameters["yardGroups"] = [
  [...repeated("crane", 3), ...repeated("charger", 2)],
  repeated("parking", 8),
];

export const MINI: SiteParameters = {
  siteId: "mini",
  name: { vi: "Cửa khẩu thu nhỏ", zh: "小型口岸", en: "Mini crossing" },
  crossing: {
    ...COMMON_FIGURES,
    turnBackM: assumed(90, "m"),
    bufferLengthM: assumed(30, "m"),
    dockLengthM: assumed(20, "m"),
  },
  vn: {
    figures: FIGURES,
    yardGroups: YARD,
    timeZone: "Asia/Ho_Chi_Minh",
    utcOffsetMinutes: 420,
    mapToSite: { dxM: -612.5, dyM: -241.25, rotationRad: 0.31 },
  },
  cn: {
    figures: FIGURES,
    yardGroups: YARD,
    timeZone: "Asia/Shanghai",
    utcOffsetMinutes: 480,
    mapToSite: { dxM: 655.75, dyM: 302.5, rotationRad: 2.74 },
  },
  surveyVersion: "1",
  surveyedOn: "2026-05-18",
  exportTimestamp: "2026-06-01T00:00:00.00Z",
};
