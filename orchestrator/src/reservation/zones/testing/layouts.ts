import { type Border, type NodeId, type Partition, partition, type ZoneId, type ZoneName } from "@baton/maps";
import { type Layout, ring } from "../../testing/layouts.ts";
import { type SmallMove, type SmallPose, smallNetwork } from "../../testing/small-network.ts";

export interface ZonedLayout extends Layout {
  readonly partition: Partition;
}

export function zone(zoneId: string, nodeId: string): ZoneName {
  return { zoneId: zoneId as ZoneId, nodeId: nodeId as NodeId };
}

export function border(placeNodeId: string): Border {
  return { placeNodeId: placeNodeId as NodeId };
}

/** A layout with its network as the partition has it. */
export function zoned(layout: Layout, zones: readonly ZoneName[], borders: readonly Border[]): ZonedLayout {
  const parts = partition(layout.network, { zones, borders });
  return { ...layout, network: parts.network, partition: parts };
}

/** A one-way ring in as many zones: a place on each border, no way back but around. */
export function zonedRing(size: number, zones: number): ZonedLayout {
  const first = (k: number): number => Math.round((k * size) / zones);
  const names = Array.from({ length: zones }, (_, k) => zone(`z${k}`, `bay${first(k)}`));
  const borders = Array.from({ length: zones }, (_, k) => border(`r${first(k)}`));
  return zoned(ring(size), names, borders);
}

/**
 * Yards in a row: each a one-way loop with bays, joined to the next by a lane each way, with a place to wait for the
 * border at the end of each lane.
 */
export function yards(count: number, bays: number): ZonedLayout {
  const poses: SmallPose[] = [];
  const moves: SmallMove[] = [];
  const pose = (id: string, xM: number, yM: number, kind: SmallPose["kind"]): void =>
    void poses.push({ id, xM, yM, kind, blocks: [id] });
  const names: string[] = [];
  for (let k = 0; k < count; k++) {
    const leftM = 400 * k;
    const lower = Array.from({ length: bays + 2 }, (_, i) => `y${k}.b${i}`);
    for (const [i, id] of lower.entries()) pose(id, leftM + 25 * i, 0, "way");
    pose(`y${k}.a0`, leftM, 60, "way");
    pose(`y${k}.a1`, leftM + 25 * (bays + 1), 60, "way");
    for (let i = 0; i <= bays; i++) moves.push({ from: `y${k}.b${i}`, to: `y${k}.b${i + 1}` });
    moves.push({ from: `y${k}.b${bays + 1}`, to: `y${k}.a1` }, { from: `y${k}.a1`, to: `y${k}.a0` });
    moves.push({ from: `y${k}.a0`, to: `y${k}.b0` });
    for (let i = 1; i <= bays; i++) {
      pose(`y${k}.bay${i}`, leftM + 25 * i + 12, -30, "endpoint");
      moves.push(
        { from: `y${k}.b${i}`, to: `y${k}.bay${i}` },
        { from: `y${k}.bay${i}`, to: `y${k}.b${i + 1}` },
      );
      names.push(`y${k}.bay${i}`);
    }
    if (k > 0) {
      // East: off the loop of the yard before, to the place, and over the border into this one. West: the other way.
      const rightM = 400 * (k - 1) + 25 * (bays + 1);
      pose(`east${k}`, rightM + 60, 0, "way");
      pose(`west${k}`, leftM - 60, 60, "way");
      moves.push({ from: `y${k - 1}.b${bays + 1}`, to: `east${k}` }, { from: `east${k}`, to: `y${k}.b0` });
      moves.push({ from: `y${k}.a0`, to: `west${k}` }, { from: `west${k}`, to: `y${k - 1}.a1` });
    }
  }
  const layout: Layout = {
    name: `${count} yards of ${bays}`,
    network: smallNetwork(poses, moves),
    bays: names,
    viasBetween: () => [],
  };
  const zones = Array.from({ length: count }, (_, k) => zone(`z${k}`, `y${k}.b0`));
  const borders = Array.from({ length: count - 1 }, (_, k) => [
    border(`east${k + 1}`),
    border(`west${k + 1}`),
  ]);
  return zoned(layout, zones, borders.flat());
}

/**
 * A one-way ring on which a body covers two blocks, so that beyond a place it stands astride the border for a while. No
 * bay where its way out would sweep the place; nor where its way in would, unless that is asked for.
 */
export function ringOfLongBodies(size: number, zones: number, bayBeforePlace = false): ZonedLayout {
  const poses: SmallPose[] = [];
  const moves: SmallMove[] = [];
  const radiusM = (20 * size) / (2 * Math.PI);
  const first = (k: number): number => Math.round((k * size) / zones);
  const places = Array.from({ length: zones }, (_, k) => first(k));
  const bays: string[] = [];
  for (let i = 0; i < size; i++) {
    const angle = (2 * Math.PI * i) / size;
    const next = `r${(i + 1) % size}`;
    const blocks = [`c${i}`, `c${(i + size - 1) % size}`];
    poses.push({
      id: `r${i}`,
      xM: radiusM * Math.cos(angle),
      yM: radiusM * Math.sin(angle),
      kind: "way",
      blocks,
    });
    moves.push({ from: `r${i}`, to: next });
    if (places.includes(i) || (!bayBeforePlace && places.includes((i + 1) % size))) continue;
    const half = angle + Math.PI / size;
    const bay = `bay${i}`;
    const [xM, yM] = [(radiusM + 25) * Math.cos(half), (radiusM + 25) * Math.sin(half)];
    poses.push({ id: bay, xM, yM, kind: "endpoint", blocks: [bay] });
    moves.push({ from: `r${i}`, to: bay }, { from: bay, to: next });
    bays.push(bay);
  }
  const layout = {
    name: `ring ${size} of long bodies`,
    network: smallNetwork(poses, moves),
    bays,
    viasBetween: () => [],
  };
  const names = places.map((place, k) => zone(`z${k}`, `r${place + 2}`));
  return zoned(
    layout,
    names,
    places.map((place) => border(`r${place}`)),
  );
}
