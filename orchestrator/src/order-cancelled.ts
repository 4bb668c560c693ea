import type { FleetAdapter, Timers, VehicleId } from "@baton/fleet-adapter";

/** A vehicle that says nothing for so long after a cancellation is not waited for. */
const CANCELLED_WITHIN_MS = 10_000;

/** Has a vehicle give up its order. Resolves when it has confirmed, or has not in time: what it says then decides. */
export function orderCancelled(
  { fleet, timers }: { readonly fleet: Pick<FleetAdapter, "cancel" | "subscribe">; readonly timers: Timers },
  vehicleId: VehicleId,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      end();
      cancelTimer();
      resolve();
    };
    const end = fleet.subscribe((event) => {
      if (event.kind === "orderEnded" && event.vehicleId === vehicleId) done();
    });
    const cancelTimer = timers.after(CANCELLED_WITHIN_MS, done);
    fleet.cancel(vehicleId);
  });
}
