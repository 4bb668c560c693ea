import { Compile } from "typebox/compile";
import { angleBetweenRad } from "../geometry/angle.ts";
import { type Curve, curveOf } from "../geometry/curve.ts";
import { Lif, type LifEdge } from "./lif.ts";
import type { MapProblem, ProblemCode } from "./problems.ts";
import { schemaProblems } from "./schema-problems.ts";
import { type EdgeProperties, lifIndex, trajectoryIn } from "./site.ts";

const lifValidator = Compile(Lif);

/** How far a curve's ends may be from its nodes, and a node's heading from the road's. */
const END_TOLERANCE_M = 0.02;
const HEADING_TOLERANCE_RAD = 0.02;

export type LifResult =
  | { readonly ok: true; readonly lif: Lif }
  | { readonly ok: false; readonly problems: readonly MapProblem[] };

/** Checks one side's layout by itself: its shape, its references, its curves and headings. */
export function checkLif(input: unknown, file: string): LifResult {
  if (!lifValidator.Check(input)) {
    const hint = "Export the layout as VDMA LIF 1.0; the field is described in the standard.";
    return { ok: false, problems: schemaProblems("lif.invalid", file, lifValidator.Errors(input), hint) };
  }
  const problems: MapProblem[] = [];
  const add = (code: ProblemCode, path: string, message: string, hint: string): void => {
    problems.push({ code, file, path, message, hint });
  };
  if (!/^1\.\d+(\.\d+)?$/.test(input.metaInformation.lifVersion)) {
    add(
      "lif.version",
      "/metaInformation/lifVersion",
      `is ${JSON.stringify(input.metaInformation.lifVersion)}, but only version 1.x is known`,
      "Export the layout in LIF version 1.0.",
    );
  }
  if (input.layouts.length !== 1) {
    add(
      "lif.layouts",
      "/layouts",
      `has ${input.layouts.length} layouts, but a side has one`,
      "Merge the layouts of one level into one, and leave the others out.",
    );
    return { ok: false, problems };
  }
  checkIds(input, add);
  checkEdges(input, add);
  return problems.length === 0 ? { ok: true, lif: input } : { ok: false, problems };
}

type Add = (code: ProblemCode, path: string, message: string, hint: string) => void;

function checkIds(lif: Lif, add: Add): void {
  const layout = lifIndex(lif).layout;
  const duplicates = (what: string, ids: readonly string[], leaf: string): void => {
    const seen = new Map<string, number>();
    ids.forEach((id, i) => {
      const first = seen.get(id);
      if (first === undefined) seen.set(id, i);
      else {
        add(
          "lif.duplicate-id",
          `/layouts/0/${what}/${i}/${leaf}`,
          `${JSON.stringify(id)} is the name of entry ${first} already`,
          "Give each its own name.",
        );
      }
    });
  };
  duplicates(
    "nodes",
    layout.nodes.map((node) => node.nodeId),
    "nodeId",
  );
  duplicates(
    "edges",
    layout.edges.map((edge) => edge.edgeId),
    "edgeId",
  );
  duplicates(
    "stations",
    layout.stations.map((station) => station.stationId),
    "stationId",
  );
  layout.stations.forEach((station, i) => {
    station.interactionNodeIds.forEach((nodeId, j) => {
      if (lifIndex(lif).nodes.has(nodeId)) return;
      const path = `/layouts/0/stations/${i}/interactionNodeIds/${j}`;
      add("lif.unknown-node", path, `there is no node ${JSON.stringify(nodeId)}`, KNOWN_NODE_HINT);
    });
  });
}

const KNOWN_NODE_HINT = "Name a node of the same layout, or add the node.";

function checkEdges(lif: Lif, add: Add): void {
  const { layout, nodes } = lifIndex(lif);
  layout.edges.forEach((edge, i) => {
    const path = `/layouts/0/edges/${i}`;
    const ends = (["startNodeId", "endNodeId"] as const).map((end) => {
      const node = nodes.get(edge[end]);
      if (node === undefined) {
        const message = `edge ${edge.edgeId}: there is no node ${JSON.stringify(edge[end])}`;
        add("lif.unknown-node", `${path}/${end}`, message, KNOWN_NODE_HINT);
      }
      return node;
    });
    const [start, end] = ends;
    if (start === undefined || end === undefined) return;
    edge.vehicleTypeEdgeProperties.forEach((properties, j) => {
      const at = `${path}/vehicleTypeEdgeProperties/${j}`;
      const curve = checkCurve(edge, properties, start.nodePosition, end.nodePosition, at, add);
      if (curve === undefined) return;
      for (const [node, which, sM] of [
        [start, "leaves", 0],
        [end, "reaches", curve.lengthM],
      ] as const) {
        const theta = node.vehicleTypeNodeProperties.find(
          (candidate) => candidate.vehicleTypeId === properties.vehicleTypeId,
        )?.theta;
        if (theta === undefined) continue;
        const off = angleBetweenRad(theta, curve.poseAt(sM).headingRad);
        if (off <= HEADING_TOLERANCE_RAD) continue;
        add(
          "lif.heading",
          at,
          `edge ${edge.edgeId} ${which} node ${node.nodeId} ${((off * 180) / Math.PI).toFixed(1)} degrees off the node's theta`,
          "Vehicles drive forward only: give the node the road's heading, or bend the edge until it fits.",
        );
      }
    });
  });
}

function checkCurve(
  edge: LifEdge,
  properties: EdgeProperties,
  start: { readonly x: number; readonly y: number },
  end: { readonly x: number; readonly y: number },
  path: string,
  add: Add,
): Curve | undefined {
  const from = { xM: start.x, yM: start.y };
  const to = { xM: end.x, yM: end.y };
  const trajectory = trajectoryIn(properties);
  const refuse = (message: string, hint: string): undefined => {
    add("lif.trajectory", `${path}/trajectory`, `edge ${edge.edgeId}: ${message}`, hint);
    return undefined;
  };
  if (trajectory === undefined) {
    const curve = curveOf({ kind: "straight", from, to });
    if (curve.lengthM > 0.1) return curve;
    return refuse("its two nodes are less than 10 cm apart", "Merge the two nodes.");
  }
  const { degree, knotVector, controlPoints } = trajectory;
  const knots = controlPoints.length + degree + 1;
  if (controlPoints.length <= degree || knotVector.length !== knots) {
    return refuse(
      `${controlPoints.length} control points of degree ${degree} need ${knots} knots and more points than the degree; there are ${knotVector.length} knots`,
      "Correct the knot vector: it has as many entries as control points + degree + 1.",
    );
  }
  if (
    knotVector.some((knot, i) => i > 0 && knot < (knotVector[i - 1] ?? 0)) ||
    knotVector[degree] === knotVector.at(-1 - degree)
  ) {
    return refuse("its knots do not ascend", "Sort the knot vector.");
  }
  const curve = curveOf({ kind: "trajectory", trajectory });
  for (const [which, place, sM] of [
    ["start", from, 0],
    ["end", to, curve.lengthM],
  ] as const) {
    const at = curve.poseAt(sM);
    const offM = Math.hypot(at.xM - place.xM, at.yM - place.yM);
    if (offM > END_TOLERANCE_M) {
      return refuse(
        `its curve is ${offM.toFixed(3)} m away from its ${which} node`,
        "Let the first and last control point be the nodes' positions, and clamp the knot vector.",
      );
    }
  }
  return curve;
}
