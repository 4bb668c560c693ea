import { angleBetweenRad } from "../geometry/angle.ts";
import { overlaps } from "../geometry/convex.ts";
import { standingGround } from "../geometry/footprint.ts";
import type { Pose } from "../geometry/pose.ts";
import { SIDES } from "../ids.ts";
import { type ClassRoads, firstMoveItem, type Grounds } from "./ground.ts";

/** Stretches of road that are driven both ways, over the moves of all classes. */
export interface SingleTracks {
  readonly ids: readonly string[];
  /** By stretch: whether vehicles of one direction may follow each other on it, as the site file says. */
  readonly following: readonly boolean[];
  /** By item: the stretch that a move lies in, -1 for every other item. */
  readonly ofItem: Int32Array;
  /** By item: 1 and -1 are the two directions of the stretch, 0 for every other item. */
  readonly direction: Int8Array;
}

/** What the site file says about a stretch. */
export interface DeclaredTrack {
  readonly sectionId: string;
  readonly edgeIds: readonly string[];
  readonly following: boolean;
}

/**
 * Finds the single-track stretches: moves that bodies drive the opposite way over the same ground belong
 * together, and with whatever either of them meets in the same way. A stretch that the site file names has its name,
 * others are named after their first edge.
 */
export function singleTracksOf(grounds: Grounds, declared: readonly DeclaredTrack[]): SingleTracks {
  const groups = new TwoSidedGroups(grounds.items.length);
  grounds.items.forEach((item, a) => {
    if (item.kind !== "move") return;
    for (const side of SIDES) {
      for (const b of grounds.overlapping[side][a] ?? []) {
        if (b > a && grounds.items[b]?.kind === "move" && opposeEachOther(grounds, a, b)) groups.oppose(a, b);
      }
    }
  });
  const named = new Map(declared.flatMap((track) => track.edgeIds.map((edgeId) => [edgeId, track] as const)));
  const ids: string[] = [];
  const following: boolean[] = [];
  const ofItem = new Int32Array(grounds.items.length).fill(-1);
  const direction = new Int8Array(grounds.items.length);
  const ofRoot = new Map<number, number>();
  for (let item = 0; item < grounds.items.length; item += 1) {
    if (!groups.isOpposed(item)) continue;
    const { root, sign } = groups.find(item);
    let section = ofRoot.get(root);
    const track = named.get(edgeIdOf(grounds, item));
    if (section === undefined) {
      section = ids.length;
      ofRoot.set(root, section);
      ids.push(edgeIdOf(grounds, item));
      following.push(false);
    }
    if (track !== undefined) {
      ids[section] = track.sectionId;
      following[section] = track.following;
    }
    ofItem[item] = section;
    direction[item] = sign;
  }
  return { ids, following, ofItem, direction };
}

/** More than this between two headings is the opposite way. */
const OPPOSITE_RAD = (3 * Math.PI) / 4;
const SAMPLE_M = 2;

/** Whether bodies on two moves whose ground overlaps can meet head on. */
function opposeEachOther(grounds: Grounds, a: number, b: number): boolean {
  const one = posesAlong(grounds, a);
  const two = posesAlong(grounds, b);
  return one.poses.some((pose) =>
    two.poses.some(
      (other) =>
        angleBetweenRad(pose.headingRad, other.headingRad) > OPPOSITE_RAD &&
        overlaps(standingGround(one.of.footprint, pose), standingGround(two.of.footprint, other)),
    ),
  );
}

function posesAlong(grounds: Grounds, index: number): { readonly of: ClassRoads; readonly poses: Pose[] } {
  const item = grounds.items[index];
  const of = item === undefined ? undefined : grounds.classes[item.ofClass];
  const curve = item?.kind === "move" ? of?.roads.moves[item.move]?.curve : undefined;
  if (of === undefined || curve === undefined) throw new Error(`item ${index} is no move`);
  const pieces = Math.max(1, Math.ceil(curve.lengthM / SAMPLE_M));
  const poses = Array.from({ length: pieces + 1 }, (_, i) => curve.poseAt((curve.lengthM * i) / pieces));
  return { of, poses };
}

function edgeIdOf(grounds: Grounds, index: number): string {
  const item = grounds.items[index];
  const edgeId =
    item?.kind === "move" ? grounds.classes[item.ofClass]?.roads.moves[item.move]?.edgeId : undefined;
  if (edgeId === undefined) throw new Error(`item ${index} is no move`);
  return edgeId;
}

/** Of the moves of one class: stretch and direction, as a network has them. */
export function tracksOfClass(
  grounds: Grounds,
  ofClass: number,
  tracks: SingleTracks,
): { readonly ofMove: Int32Array; readonly direction: Int8Array } {
  const first = firstMoveItem(grounds, ofClass);
  const end = grounds.begins[ofClass + 1];
  return { ofMove: tracks.ofItem.slice(first, end), direction: tracks.direction.slice(first, end) };
}

/** Groups whose members are on one of two sides: union-find that remembers the side (Tarjan 1975, with parity). */
class TwoSidedGroups {
  readonly #parent: Int32Array;
  readonly #sign: Int8Array;
  readonly #opposed: Uint8Array;

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, i) => i);
    this.#sign = new Int8Array(count).fill(1);
    this.#opposed = new Uint8Array(count);
  }

  isOpposed(item: number): boolean {
    return this.#opposed[item] === 1;
  }

  /** The group's root, and on which side of it the item is. */
  find(item: number): { readonly root: number; readonly sign: number } {
    let root = item;
    let sign = 1;
    for (let parent = this.#parent[root] ?? root; parent !== root; parent = this.#parent[root] ?? root) {
      sign *= this.#sign[root] ?? 1;
      root = parent;
    }
    this.#parent[item] = root;
    this.#sign[item] = root === item ? 1 : sign;
    return { root, sign };
  }

  oppose(a: number, b: number): void {
    this.#opposed[a] = 1;
    this.#opposed[b] = 1;
    const one = this.find(a);
    const two = this.find(b);
    if (one.root === two.root) return;
    const [low, high] = one.root < two.root ? [one.root, two.root] : [two.root, one.root];
    this.#parent[high] = low;
    this.#sign[high] = -one.sign * two.sign;
  }
}
