import type { Lif, Pose } from "@baton/maps";

/** A node of a drawing; `station` makes it an endpoint or a stop in the lane. */
interface SketchNode {
  readonly id: string;
  readonly pose: Pose;
  station: "bay" | "stop" | undefined;
}

interface SketchEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly speedMps: number;
}

/** Where a drawing is put: turned about the origin, then shifted. */
export interface Placement {
  readonly turnRad: number;
  readonly dxM: number;
  readonly dyM: number;
}

/**
 * A road layout in the making: nodes with headings, and edges that are straight where both headings agree with the
 * way from one to the other, and one cubic Bezier curve where they do not. Vehicles drive forward only.
 */
export class Sketch {
  readonly nodes = new Map<string, SketchNode>();
  readonly edges: SketchEdge[] = [];

  node(id: string, xM: number, yM: number, headingRad: number, station?: "bay" | "stop"): string {
    if (this.nodes.has(id)) throw new Error(`two nodes are named ${id}`);
    this.nodes.set(id, { id, pose: { xM, yM, headingRad }, station });
    return id;
  }

  /** Edges from each node to the next. */
  road(speedMps: number, ...ids: readonly string[]): void {
    for (let i = 0; i + 1 < ids.length; i++) {
      const from = ids[i] ?? "";
      const to = ids[i + 1] ?? "";
      this.edges.push({ id: `${from}_${to}`, from, to, speedMps });
    }
  }

  poseOf(id: string): Pose {
    const found = this.nodes.get(id);
    if (found === undefined) throw new Error(`there is no node ${id}`);
    return found.pose;
  }

  stations(kind: "bay" | "stop"): string[] {
    return [...this.nodes.values()].filter((node) => node.station === kind).map((node) => node.id);
  }

  /** The drawing as a side's layout file, for one vehicle class. */
  toLif(layoutId: string, vehicleTypeId: string, placement: Placement): Lif {
    const placed = (pose: Pose): Pose => place(placement, pose);
    return {
      metaInformation: {
        projectIdentification: layoutId,
        creator: "Baton trial layouts",
        exportTimestamp: "2026-06-01T00:00:00.00Z",
        lifVersion: "1.0.0",
      },
      layouts: [
        {
          layoutId,
          layoutVersion: "1",
          nodes: [...this.nodes.values()].map(({ id, pose }) => {
            const { xM, yM, headingRad } = placed(pose);
            return {
              nodeId: id,
              nodePosition: { x: xM, y: yM },
              vehicleTypeNodeProperties: [{ vehicleTypeId, theta: headingRad }],
            };
          }),
          edges: this.edges.map((edge) => {
            const trajectory = trajectoryBetween(
              placed(this.poseOf(edge.from)),
              placed(this.poseOf(edge.to)),
            );
            return {
              edgeId: edge.id,
              startNodeId: edge.from,
              endNodeId: edge.to,
              vehicleTypeEdgeProperties: [
                {
                  vehicleTypeId,
                  rotationAllowed: false,
                  maxSpeed: edge.speedMps,
                  ...(trajectory === undefined ? {} : { trajectory }),
                },
              ],
            };
          }),
          stations: [],
        },
      ],
    };
  }
}

function place({ turnRad, dxM, dyM }: Placement, pose: Pose): Pose {
  const cos = Math.cos(turnRad);
  const sin = Math.sin(turnRad);
  return {
    xM: cos * pose.xM - sin * pose.yM + dxM,
    yM: sin * pose.xM + cos * pose.yM + dyM,
    headingRad: wrapped(pose.headingRad + turnRad),
  };
}

export function wrapped(rad: number): number {
  return Math.atan2(Math.sin(rad), Math.cos(rad));
}

type Trajectory = NonNullable<
  Lif["layouts"][number]["edges"][number]["vehicleTypeEdgeProperties"][number]["trajectory"]
>;

/** `undefined` for a straight way; else a cubic whose arms fit a circle's arc, or an S where both ends head the same way. */
function trajectoryBetween(from: Pose, to: Pose): Trajectory | undefined {
  const chordM = Math.hypot(to.xM - from.xM, to.yM - from.yM);
  const chordRad = Math.atan2(to.yM - from.yM, to.xM - from.xM);
  const off = (headingRad: number): number => Math.abs(wrapped(headingRad - chordRad));
  if (off(from.headingRad) < 1e-6 && off(to.headingRad) < 1e-6) return undefined;
  const turnRad = Math.abs(wrapped(to.headingRad - from.headingRad));
  const armM =
    turnRad < 0.2 ? 0.5 * chordM : ((4 / 3) * Math.tan(turnRad / 4) * chordM) / (2 * Math.sin(turnRad / 2));
  const along = (pose: Pose, m: number) => ({
    x: pose.xM + m * Math.cos(pose.headingRad),
    y: pose.yM + m * Math.sin(pose.headingRad),
  });
  return {
    degree: 3,
    knotVector: [0, 0, 0, 0, 1, 1, 1, 1],
    controlPoints: [along(from, 0), along(from, armM), along(to, -armM), along(to, 0)],
  };
}
