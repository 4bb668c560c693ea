import type { Zone } from "../core/zone.ts";

/**
 * The graph of the orders, built from scratch from nothing but the queues: event "v#k" is vehicle v entering its run
 * k; an arrow leads to what must come later. Returns the events of a circle, or `undefined` when there is none.
 * Shares no code with what keeps the orders.
 */
export function findCircle(zone: Zone): string[] | undefined {
  const later = new Map<string, string[]>();
  const arrow = (from: string, to: string): void => {
    const known = later.get(from);
    if (known === undefined) later.set(from, [to]);
    else known.push(to);
  };
  for (const { vehicleId, leg } of zone.vehicles.values()) {
    for (let k = 1; k < (leg?.runs.length ?? 0); k++) arrow(`${vehicleId}#${k - 1}`, `${vehicleId}#${k}`);
  }
  for (const queue of zone.claims.queues) {
    queue.forEach((visit, i) => {
      const next = queue[i + 1];
      if (next !== undefined) {
        arrow(`${visit.vehicle.vehicleId}#${visit.last}`, `${next.vehicle.vehicleId}#${next.first}`);
      }
    });
  }
  const done = new Set<string>();
  for (const start of later.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    const open: { event: string; next: number }[] = [{ event: start, next: 0 }];
    while (open.length > 0) {
      const here = open[open.length - 1];
      if (here === undefined) break;
      if (here.next === 0) {
        if (onPath.has(here.event)) return [...path.slice(path.indexOf(here.event)), here.event];
        if (done.has(here.event)) {
          open.pop();
          continue;
        }
        path.push(here.event);
        onPath.add(here.event);
      }
      const to = later.get(here.event)?.[here.next++];
      if (to !== undefined) {
        open.push({ event: to, next: 0 });
        continue;
      }
      done.add(here.event);
      onPath.delete(here.event);
      path.pop();
      open.pop();
    }
  }
  return undefined;
}
