import type { ReservationMetrics } from "../service-port.ts";

/**
 * The figures of a side over its zones: counts in sum, times of the slowest. It leads as long as any of its zones is
 * led; those that are not are alarms of their own.
 */
export function wholeMetrics(
  epoch: number,
  zones: readonly ReservationMetrics[],
  zoneCount: number,
): ReservationMetrics {
  const sum = (of: (zone: ReservationMetrics) => number): number =>
    zones.reduce((n, zone) => n + of(zone), 0);
  const most = (of: (zone: ReservationMetrics) => number): number => Math.max(0, ...zones.map(of));
  return {
    ticks: sum((zone) => zone.ticks),
    overruns: sum((zone) => zone.overruns),
    vehicles: sum((zone) => zone.vehicles),
    pendingLegs: sum((zone) => zone.pendingLegs),
    epoch,
    leading: zones.some((zone) => zone.leading),
    ledgerReachable: zones.length < zoneCount ? zones.some(isReachable) : zones.every(isReachable),
    coreMsMean: most((zone) => zone.coreMsMean),
    coreMsP99: most((zone) => zone.coreMsP99),
    coreMsMax: most((zone) => zone.coreMsMax),
    commitMsMean: most((zone) => zone.commitMsMean),
    commitMsP99: most((zone) => zone.commitMsP99),
    commitMsMax: most((zone) => zone.commitMsMax),
    tickMsP99: most((zone) => zone.tickMsP99),
    planned: sum((zone) => zone.planned),
    jumps: sum((zone) => zone.jumps),
    replans: sum((zone) => zone.replans),
  };
}

function isReachable(zone: ReservationMetrics): boolean {
  return zone.ledgerReachable;
}
