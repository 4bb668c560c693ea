import type { Pose } from "../geometry/pose.ts";
import type { Station } from "../layout/site-file.ts";
import { pairIn, pairSuffix } from "./lane-pairs.ts";
import { rounded } from "./manned-lanes.ts";
import type { SideParameters } from "./parameters.ts";
import type { LanePair, SideLayout } from "./side-layout.ts";

type Size = Station["sizeM"];

const size = (lengthM: number, widthM: number, heightM: number): Size => ({ lengthM, widthM, heightM });

/** How big things are drawn; the length is along the vehicle that stands there. */
const SIZES: Record<Station["kind"], Size> = {
  crane: size(20, 11, 16),
  portal: size(3, 7, 6),
  weighbridge: size(16, 4, 0.2),
  scanner: size(20, 8, 7),
  buffer: size(18, 4, 0.1),
  "inspection-dock": size(18, 4.4, 5),
  "exit-gate": size(3, 8, 6),
  "entry-gate": size(3, 8, 6),
  "hold-line": size(17, 4, 0.1),
  "first-stop": size(17, 4, 0.1),
  parking: size(17, 4, 0.1),
  charger: size(17, 4, 2.5),
  "transfer-pad": size(17, 4, 0.1),
  "exchange-pad": size(20, 11, 16),
  "truck-gate": size(4, 12, 6),
};

/** The stations of a side, `at` in the site frame. `toSite` leads from the side's outward frame to the site's. */
export function stationsFor(
  layout: SideLayout,
  parameters: SideParameters,
  toSite: (pose: Pose) => Pose,
): Station[] {
  const { side, track } = layout;
  const place = (pose: Pose): Station["at"] => {
    const at = toSite(pose);
    return { xM: rounded(at.xM, 3), yM: rounded(at.yM, 3), headingRad: rounded(at.headingRad, 6) };
  };
  const standing = (
    stationId: string,
    kind: Station["kind"],
    bound: Station["bound"],
    nodeId: string,
    deviceIds: readonly string[],
  ): Station => ({
    stationId,
    kind,
    bound,
    nodeId,
    deviceIds: [...deviceIds],
    at: place(track.poseOf(nodeId)),
    sizeM: SIZES[kind],
  });
  const through = (
    stationId: string,
    kind: "weighbridge" | "scanner",
    bound: Station["bound"],
    edges: readonly string[],
    deviceId: string,
  ): Station => {
    const first = track.edges.get(edges[0] ?? "");
    const last = track.edges.get(edges.at(-1) ?? "");
    if (first === undefined || last === undefined)
      throw new Error(`${stationId} has no edge to pass through`);
    const from = track.poseOf(first.from);
    const to = track.poseOf(last.to);
    const hallM = Math.hypot(to.xM - from.xM, to.yM - from.yM);
    const middle = { xM: (from.xM + to.xM) / 2, yM: (from.yM + to.yM) / 2, headingRad: from.headingRad };
    const lengthM = kind === "scanner" ? rounded(hallM, 3) : SIZES[kind].lengthM;
    return {
      stationId,
      kind,
      bound,
      nodeId: last.to,
      throughEdgeIds: [...edges],
      deviceIds: [deviceId],
      at: place(middle),
      sizeM: { ...SIZES[kind], lengthM },
    };
  };

  const outbound = ({ pair, out }: LanePair): Station[] => [
    standing(`${side}.portal-${pair}`, "portal", "outbound", out.portal, [`${side}.portal-${pair}`]),
    through(
      `${side}.weighbridge-${pair}`,
      "weighbridge",
      "outbound",
      out.weighEdges,
      `${side}.weighbridge-${pair}`,
    ),
    through(
      `${side}.scanner-out${pairSuffix(pair)}`,
      "scanner",
      "outbound",
      out.scanEdges,
      `${side}.scanner-out${pairSuffix(pair)}`,
    ),
    ...out.buffers.map((node, i) =>
      standing(`${side}.buffer-out${pairSuffix(pair)}-${i + 1}`, "buffer", "outbound", node, []),
    ),
    ...out.docks.map((node, i) => {
      const stationId = `${side}.dock${pairSuffix(pair)}-${i + 1}`;
      return standing(stationId, "inspection-dock", "outbound", node, [stationId]);
    }),
    standing(`${side}.exit-gate-${pair}`, "exit-gate", "outbound", out.exitGate, [
      `${side}.exit-gate-${pair}`,
    ]),
    standing(`${side}.hold-line-${pair}`, "hold-line", "outbound", out.strip[0] ?? "", []),
  ];
  const inbound = ({ pair, in: lane }: LanePair): Station[] => [
    standing(`${side}.first-stop-${pair}`, "first-stop", "inbound", lane.firstStop, []),
    standing(`${side}.entry-gate-${pair}`, "entry-gate", "inbound", lane.entryGate, [
      `${side}.entry-gate-${pair}`,
    ]),
    through(
      `${side}.scanner-in${pairSuffix(pair)}`,
      "scanner",
      "inbound",
      lane.scanEdges,
      `${side}.scanner-in${pairSuffix(pair)}`,
    ),
    ...lane.buffers.map((node, i) =>
      standing(`${side}.buffer-in${pairSuffix(pair)}-${i + 1}`, "buffer", "inbound", node, []),
    ),
  ];
  const truckGates: Station[] = [
    {
      stationId: `${side}.truck-gate-1`,
      kind: "truck-gate",
      bound: "yard",
      deviceIds: [`${side}.truck-gate-1`],
      at: place({ xM: -parameters.figures.truckGateM.value, yM: 0, headingRad: 0 }),
      sizeM: SIZES["truck-gate"],
    },
  ];
  return [
    ...truckGates,
    ...layout.yard.bays.map((bay) => {
      const stationId = bay.nodeId.replace(".yard.", ".");
      const index = bay.nodeId.slice(bay.nodeId.lastIndexOf("-") + 1);
      const devices = bay.kind === "crane" ? [`${side}.crane-${index}`, `${side}.seal-${index}`] : [];
      return standing(stationId, bay.kind, "yard", bay.nodeId, devices);
    }),
    ...layout.pairs.flatMap((pair) =>
      outbound(pair).map((station) => ({ ...station, ...pairIn(pair.pair) })),
    ),
    ...(layout.pad === undefined
      ? []
      : [standing(`${side}.transfer-pad-1`, "transfer-pad", "outbound", layout.pad, [])]),
    ...(layout.exchange.own === undefined
      ? []
      : [
          standing(`${side}.exchange-pad-1`, "exchange-pad", "inbound", layout.exchange.own.pad, [
            `${side}.exchange-crane-1`,
            `${side}.exchange-reader-1`,
          ]),
        ]),
    ...layout.pairs.flatMap((pair) => inbound(pair).map((station) => ({ ...station, ...pairIn(pair.pair) }))),
  ];
}
