import { type Convex, clipAtLine, convexHull, overlaps } from "../geometry/convex.ts";
import { footprintOf, standingGround } from "../geometry/footprint.ts";
import type { Point } from "../geometry/pose.ts";
import { type EdgeId, edgeIdOf, nodeIdOf, otherSide, SIDES, type Side } from "../ids.ts";
import { type Site, vehicleClass } from "../layout/site.ts";
import { compileNetwork } from "./compile.ts";
import { rowOf, rowsMeet } from "./csr.ts";
import { type Network, PoseKind } from "./network.ts";

/** Roads of one side that pass below what a crane carries, and that nothing closes while it does. */
export interface OpenLoadWay {
  /** Of the hand-off point, in the site file. */
  readonly index: number;
  readonly handoffPointId: string;
  readonly deviceId: string;
  readonly edgeIds: readonly EdgeId[];
}

/** A forty-foot container hangs across the crane's way, as it stood on its vehicle (ISO 668). */
const LOAD_LENGTH_M = 12.192;
/** Nearer than this to a pad's middle somebody has to be below. */
const AT_PAD_M = 5;
/** So far apart a body is looked at on its way. */
const LOOK_M = 1;

/**
 * By hand-off point where a crane sets containers over: the edges on which a body of this network's class comes below the load's way
 * between the pads, and which share no ground with the point's `loadWay`. Roads to and from the pads themselves are left out.
 */
export function openLoadWays(site: Site, network: Network): readonly OpenLoadWay[] {
  const { side, vehicleClassId } = network;
  const vehicle = vehicleClass(site, vehicleClassId);
  if (vehicle === undefined) throw new Error(`site ${site.siteId} has no vehicle class ${vehicleClassId}`);
  const body = footprintOf(vehicle, 0);
  return site.file.handoffPoints.flatMap((point, index) => {
    if (point.mode !== "container-transfers") return [];
    const isGiver = (point.direction === "export") === (side === "vn");
    const mine = isGiver ? "giver" : "taker";
    const partners = isGiver ? "taker" : "giver";
    const pad = network.poseIndex(nodeIdOf(point.pads[`${mine}NodeId`]));
    const far = compileNetwork(site, otherSide(side), vehicleClassId);
    const farPad = far.poseIndex(nodeIdOf(point.pads[`${partners}NodeId`]));
    if (pad === undefined || farPad === undefined) return [];
    const load = loadGround(placeOf(network, pad), placeOf(far, farPad), side);
    if (load === undefined) return [];
    const closed = point.loadWay && network.moveIndex(edgeIdOf(point.loadWay[`${mine}EdgeId`]));
    const edgeIds = network.moves.edgeIds.filter((_, move) => {
      const { from, to, blocks } = network.moves;
      if (from[move] === pad || to[move] === pad || !canBeTaken(network, move)) return false;
      if (closed !== undefined && rowsMeet(rowOf(blocks, move), rowOf(blocks, closed))) return false;
      return comesBelow(network, move, load, (pose) => standingGround(body, pose));
    });
    if (edgeIds.length === 0) return [];
    return [{ index, handoffPointId: point.handoffPointId, deviceId: point.deviceId, edgeIds }];
  });
}

/** This side's part of the ground between the pads that a load passes above. */
function loadGround(a: Point, b: Point, side: Side): Convex | undefined {
  const lengthM = Math.hypot(b.xM - a.xM, b.yM - a.yM);
  const alongX = (b.xM - a.xM) / lengthM;
  const alongY = (b.yM - a.yM) / lengthM;
  const corners = [AT_PAD_M, lengthM - AT_PAD_M].flatMap((alongM) =>
    [-LOAD_LENGTH_M / 2, LOAD_LENGTH_M / 2].map((besideM) => ({
      xM: a.xM + alongM * alongX - besideM * alongY,
      yM: a.yM + alongM * alongY + besideM * alongX,
    })),
  );
  const whole = lengthM > 2 * AT_PAD_M ? convexHull(corners) : undefined;
  return whole && clipAtLine(whole, side === SIDES[0] ? "left" : "right");
}

/** Nobody is ever at a place to which no road leads, but where a vehicle may stay. */
function canBeTaken({ poses, moves }: Network, move: number): boolean {
  const from = moves.from[move] ?? -1;
  return rowOf(poses.incoming, from).length > 0 || poses.kind[from] === PoseKind.endpoint;
}

function comesBelow(
  network: Network,
  move: number,
  load: Convex,
  groundAt: (pose: ReturnType<Network["poseAlong"]>) => Convex,
): boolean {
  const lengthM = network.moves.lengthM[move] ?? 0;
  const looks = Math.max(1, Math.ceil(lengthM / LOOK_M));
  for (let look = 0; look <= looks; look += 1) {
    if (overlaps(groundAt(network.poseAlong(move, (look / looks) * lengthM)), load)) return true;
  }
  return false;
}

function placeOf({ poses }: Network, pose: number): Point {
  return { xM: poses.xM[pose] ?? 0, yM: poses.yM[pose] ?? 0 };
}
