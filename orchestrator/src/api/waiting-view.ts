import type { VehicleId } from "@baton/fleet-adapter";
import type { VehicleView } from "../contract/index.ts";
import type { Reservation } from "../reservation/port.ts";
import { explanationView } from "./ground-desk.ts";

/** Chains move with every tick; a person reads them, so that they are looked at anew this often. */
const LOOK_EVERY_MS = 1_000;
const SECOND_MS = 1_000;

type Shown = NonNullable<VehicleView["explanation"]>;

/**
 * Why each vehicle waits, as the feed and the list of vehicles show it: kept for a second, and with times to the
 * second, so that a queue of waiting vehicles is not told anew with every tick.
 */
export function createWaitingView(options: {
  readonly reservation: Pick<Reservation, "explain" | "outOfUse">;
  readonly nowMs: () => number;
}): {
  /** Undefined for a vehicle that waits for nothing and nobody. */
  explanationOf(vehicleId: VehicleId): Shown | undefined;
  failureOf(vehicleId: VehicleId): string | undefined;
} {
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let failures: ReadonlyMap<VehicleId, string> = new Map();
  const kept = new Map<VehicleId, Shown | undefined>();

  const refresh = (): void => {
    const nowMs = options.nowMs();
    if (nowMs - lookedAtMs < LOOK_EVERY_MS) return;
    lookedAtMs = nowMs;
    kept.clear();
    failures = new Map(
      options.reservation.outOfUse().failed.map(({ vehicleId, reason }) => [vehicleId, reason]),
    );
  };

  const look = (vehicleId: VehicleId): Shown | undefined => {
    const explanation = options.reservation.explain(vehicleId);
    if (explanation === undefined) return undefined;
    const { chain, head } = explanationView(explanation);
    if (chain.length === 0 && (head.because === "drives" || head.because === "at-rest")) return undefined;
    return {
      chain: chain.map((link) =>
        link.projectedFreeAtMs === undefined
          ? link
          : { ...link, projectedFreeAtMs: Math.ceil(link.projectedFreeAtMs / SECOND_MS) * SECOND_MS },
      ),
      head,
    };
  };

  return {
    explanationOf(vehicleId) {
      refresh();
      if (!kept.has(vehicleId)) kept.set(vehicleId, look(vehicleId));
      return kept.get(vehicleId);
    },
    failureOf(vehicleId) {
      refresh();
      return failures.get(vehicleId);
    },
  };
}
