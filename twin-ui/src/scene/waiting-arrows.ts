import type { CHAIN_HEADS, ExplanationView } from "@baton/orchestrator/contract";
import type { MergedVehicle } from "../feed/merge.ts";

/** What a head does or lacks for its ledger; or that it obeys a stop request, which vehicles say themselves. */
export type ChainHead = (typeof CHAIN_HEADS)[number] | "is-stopped";

/** Heads that do not go on by themselves: somebody has to do something. */
const STUCK: ReadonlySet<ChainHead> = new Set([
  "has-failed",
  "is-stopped",
  "is-not-located",
  "ground-closed",
]);

/** Why the head of a chain does not go on. A ledger takes one that obeys a stop request for one that drives. */
export function headOf(
  head: ExplanationView["head"],
  vehicles: readonly MergedVehicle[],
): { readonly vehicleId: string; readonly because: ChainHead } {
  if (head.because === "has-failed") return head;
  const stoppedBy = vehicles.find(({ vehicleId }) => vehicleId === head.vehicleId)?.view.stoppedBy ?? [];
  return stoppedBy.length === 0 ? head : { vehicleId: head.vehicleId, because: "is-stopped" };
}

/** Who waits for whom, as one arrow. */
export interface WaitingArrow {
  readonly from: string;
  readonly to: string;
  /** It belongs to the chain of the selected vehicle. */
  readonly isChosen: boolean;
  /** Nothing moves on at the end of its chain unless somebody does something. */
  readonly isStuck: boolean;
}

/** What a vehicle of the selected one's chain is there. */
export interface ChainPart {
  readonly vehicleId: string;
  /** Whom it waits for; undefined for the head. */
  readonly waitsFor: string | undefined;
  /** When that one is expected to have made room. */
  readonly freeAtMs: number | undefined;
  /** The head: what it does or lacks. */
  readonly because: ChainHead | undefined;
  readonly isStuck: boolean;
}

/** The whole chain of one vehicle, itself first, the head last; empty when it waits for nobody. */
export function chainOf(
  vehicle: MergedVehicle | undefined,
  vehicles: readonly MergedVehicle[],
): readonly ChainPart[] {
  const explanation = vehicle?.view.explanation;
  if (explanation === undefined) return [];
  const { chain } = explanation;
  const head = headOf(explanation.head, vehicles);
  const isStuck = STUCK.has(head.because);
  const links = chain
    .filter((link) => link.vehicleId !== head.vehicleId)
    .map(
      ({ vehicleId, heldBy, projectedFreeAtMs }): ChainPart => ({
        vehicleId,
        waitsFor: heldBy,
        freeAtMs: projectedFreeAtMs,
        because: undefined,
        isStuck,
      }),
    );
  return [
    ...links,
    { vehicleId: head.vehicleId, waitsFor: undefined, freeAtMs: undefined, because: head.because, isStuck },
  ];
}

/** Every vehicle's arrow to the one that it waits for, each pair once, those of the selected one's chain last: they are drawn on top. */
export function waitingArrows(
  vehicles: readonly MergedVehicle[],
  selectedVehicleId: string | undefined,
): readonly WaitingArrow[] {
  const arrows = new Map<string, WaitingArrow>();
  const put = (arrow: WaitingArrow): void => {
    const key = `${arrow.from} ${arrow.to}`;
    const known = arrows.get(key);
    arrows.delete(key);
    arrows.set(key, {
      ...arrow,
      isChosen: arrow.isChosen || known?.isChosen === true,
      isStuck: arrow.isStuck || known?.isStuck === true,
    });
  };
  for (const { vehicleId, view } of vehicles) {
    const first = view.explanation?.chain[0];
    if (first === undefined || view.explanation === undefined || first.heldBy === vehicleId) continue;
    const isStuck = STUCK.has(headOf(view.explanation.head, vehicles).because);
    put({ from: vehicleId, to: first.heldBy, isChosen: false, isStuck });
  }
  const selected = vehicles.find(({ vehicleId }) => vehicleId === selectedVehicleId);
  for (const { vehicleId, waitsFor, isStuck } of chainOf(selected, vehicles)) {
    if (waitsFor !== undefined) put({ from: vehicleId, to: waitsFor, isChosen: true, isStuck });
  }
  return [...arrows.values()];
}
