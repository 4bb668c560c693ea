import type { ActionId, FleetAdapter, Timers, VehicleId, VehicleState } from "@baton/fleet-adapter";

/** A vehicle that says nothing for so long after it was asked is not waited for. */
const ANSWER_WITHIN_MS = 8_000;
/** What a vehicle says so long after it was asked counts, although it does not show that it was: it is asked again then. */
const SETTLE_MS = 1_500;

interface Means {
  readonly fleet: Pick<FleetAdapter, "instruct" | "subscribe" | "vehicles">;
  readonly timers: Timers;
  readonly nextId: () => string;
}

/**
 * Asks a vehicle for its state (`stateRequest`), and resolves with one that is newer than the question: it shows the
 * request, or came `SETTLE_MS` later from a vehicle that does not show requests. `undefined` when none came in time.
 */
export function stateAsked(
  { fleet, timers, nextId }: Means,
  vehicleId: VehicleId,
): Promise<VehicleState | undefined> {
  const probes = new Set<string>();
  const ask = (): void => {
    const probe = nextId();
    probes.add(probe);
    fleet.instruct(vehicleId, { kind: "stateRequest", actionId: probe as ActionId });
  };
  return new Promise((resolve) => {
    let isLate = false;
    const done = (state: VehicleState | undefined): void => {
      end();
      cancelLate();
      cancelEnd();
      resolve(state);
    };
    const end = fleet.subscribe((event) => {
      if (event.kind === "state" && event.vehicleId === vehicleId && isLate) done(event.state);
      // The state that shows it was told right before.
      if (event.kind === "actionChanged" && probes.has(event.actionId) && event.status === "finished")
        done(fleet.vehicles().get(vehicleId)?.state);
    });
    const cancelLate = timers.after(SETTLE_MS, () => {
      isLate = true;
      ask();
    });
    const cancelEnd = timers.after(ANSWER_WITHIN_MS, () => done(undefined));
    ask();
  });
}
