import { assumed, figure, repeated, type SideParameters, type SiteParameters } from "../parameters.ts";
import { MARKERS_1119_1120 } from "./markers-1119-1120.ts";

/**
 * A yard for 2030: the lifts of both directions (102 an hour, 22 a crane) with two cranes to spare, and room for
 * a fleet of 200 on one side, far more than the 46 that the volume itself asks for.
 */
const YARD_2030: SideParameters["yardGroups"] = [
  repeated("crane", 4),
  repeated("crane", 4),
  ...Array.from({ length: 4 }, () => repeated("charger", 8)),
  ...Array.from({ length: 22 }, () => repeated("parking", 9)),
];

const PLAN = "provincial plan of 14 lanes";

/** The crossing at markers 1119-1120 as 2030 needs it. Made on the fly: a layout to measure on, not a site. */
export const GATE_2030: SiteParameters = {
  ...MARKERS_1119_1120,
  siteId: "gate-2030",
  name: {
    vi: "Hữu Nghị - Hữu Nghị Quan, mốc 1119-1120, năm 2030",
    zh: "友谊 - 友谊关，1119-1120号界碑，2030年",
    en: "Huu Nghi - Youyiguan, markers 1119-1120, in 2030",
  },
  crossing: { ...MARKERS_1119_1120.crossing, lanes: figure(14, "lanes", PLAN) },
  vn: sideIn2030(MARKERS_1119_1120.vn),
  cn: sideIn2030(MARKERS_1119_1120.cn),
};

function sideIn2030(side: SideParameters): SideParameters {
  const truckGateM = assumed(side.figures.yardM.value + 2_900, "m");
  return { ...side, figures: { ...side.figures, truckGateM }, yardGroups: YARD_2030 };
}
