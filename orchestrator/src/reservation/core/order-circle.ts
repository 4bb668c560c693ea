import type { VehicleRecord } from "./vehicle.ts";
import type { Zone } from "./zone.ts";

/**
 * Whether the orders of the queues, with each vehicle's own sequence, contradict each other: by taking away, again and
 * again, the runs that wait for nothing (A. B. Kahn 1962). What is left goes round in a circle.
 * Cost: O(runs + visits). Not for every tick: plans and jumps never make a circle, see there.
 */
export function hasCircle(zone: Zone): boolean {
  const offset = new Map<VehicleRecord, number>();
  let count = 0;
  for (const vehicle of zone.vehicles.values()) {
    offset.set(vehicle, count);
    count += vehicle.leg?.runs.length ?? 0;
  }
  const later: number[][] = Array.from({ length: count }, () => []);
  const waitsFor = new Int32Array(count);
  const arrow = (from: number, to: number): void => {
    later[from]?.push(to);
    waitsFor[to] = (waitsFor[to] ?? 0) + 1;
  };
  for (const [vehicle, first] of offset) {
    for (let k = 1; k < (vehicle.leg?.runs.length ?? 0); k++) arrow(first + k - 1, first + k);
  }
  for (const queue of zone.claims.queues) {
    for (let i = 1; i < queue.length; i++) {
      const before = queue[i - 1];
      const after = queue[i];
      if (before === undefined || after === undefined || after.first < 0) continue;
      const left = before.vehicle.leg?.runs.length ?? 0;
      // Who stays without end keeps others waiting, and closes no circle.
      if (before.last >= left || before.vehicle === after.vehicle) continue;
      arrow((offset.get(before.vehicle) ?? 0) + before.last, (offset.get(after.vehicle) ?? 0) + after.first);
    }
  }
  const free: number[] = [];
  for (let event = 0; event < count; event++) if (waitsFor[event] === 0) free.push(event);
  let taken = 0;
  for (let event = free.pop(); event !== undefined; event = free.pop()) {
    taken++;
    for (const next of later[event] ?? []) {
      const left = (waitsFor[next] ?? 0) - 1;
      waitsFor[next] = left;
      if (left === 0) free.push(next);
    }
  }
  return taken < count;
}
