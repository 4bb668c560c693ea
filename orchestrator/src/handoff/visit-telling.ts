import type { Clock, VehicleId } from "@baton/fleet-adapter";
import { otherSide, type Side } from "@baton/maps";
import { groundReport } from "./core/visit/page.ts";
import { visitReport } from "./core/visit/visitor.ts";
import type { VisitRecord } from "./handoff-store.ts";
import type { AskPartner } from "./partner-ask.ts";
import type { HandoffId } from "./port.ts";
import type { HandoffSettings } from "./settings.ts";
import { sealVisitEnvelope, type VisitMessage } from "./wire.ts";

export interface VisitTellingOptions {
  readonly side: Side;
  readonly ask: AskPartner;
  readonly clock: Clock;
  readonly settings: Pick<HandoffSettings, "retryFirstMs" | "retryMaxMs">;
  readonly recordOf: (vehicleId: VehicleId) => VisitRecord | undefined;
}

/** How far the partner has been told what is kept here. */
interface Told {
  taken: number;
  isBusy: boolean;
  nextAtMs: number;
  pauseMs: number;
}

/** Says what is kept of each visit, until the partner has taken its number. What is newer takes the place of what was to be said. */
export class VisitTelling {
  readonly #options: VisitTellingOptions;
  readonly #told = new Map<VehicleId, Told>();

  constructor(options: VisitTellingOptions) {
    this.#options = options;
  }

  /** Nothing is known any more of what the partner has taken: all is said again. */
  forget(): void {
    this.#told.clear();
  }

  isTaken(vehicleId: VehicleId, number: number): boolean {
    return (this.#told.get(vehicleId)?.taken ?? -1) >= number;
  }

  /** The partner does not know what is kept, though it has taken it once. */
  again(vehicleId: VehicleId): void {
    const told = this.#told.get(vehicleId);
    if (told !== undefined) told.taken = -1;
    this.tell(vehicleId);
  }

  tell(vehicleId: VehicleId): void {
    const { side, clock, ask, recordOf } = this.#options;
    const record = recordOf(vehicleId);
    if (record === undefined) return;
    const { number, handoffId } = record.role === "home" ? record.visitor : record.page;
    const told = this.#told.get(vehicleId) ?? { taken: -1, isBusy: false, nextAtMs: 0, pauseMs: 0 };
    this.#told.set(vehicleId, told);
    const nowMs = clock.nowMs();
    // Before anything was wanted there is nothing to say, and the host has no page yet.
    if (number === 0) return;
    if (handoffId === undefined || told.taken >= number || told.isBusy || nowMs < told.nextAtMs) return;
    const message: VisitMessage =
      record.role === "home"
        ? { type: "visit", body: visitReport(record.visitor) }
        : { type: "ground", body: groundReport(record.page) };
    const step = `${message.type}.${number}`;
    const envelope = sealVisitEnvelope(handoffId, side, otherSide(side), step, message, nowMs);
    told.isBusy = true;
    ask(pathOf(handoffId), envelope).then(
      (failure) => this.#answered(vehicleId, told, number, failure === undefined),
      () => this.#answered(vehicleId, told, number, false),
    );
  }

  #answered(vehicleId: VehicleId, told: Told, number: number, isTaken: boolean): void {
    const { clock, settings } = this.#options;
    told.isBusy = false;
    told.pauseMs = isTaken
      ? 0
      : Math.min(settings.retryMaxMs, Math.max(settings.retryFirstMs, told.pauseMs * 2));
    told.nextAtMs = clock.nowMs() + told.pauseMs;
    if (!isTaken) return;
    told.taken = Math.max(told.taken, number);
    this.tell(vehicleId);
  }
}

/** Where what is said of a visit goes to. */
export const pathOf = (handoffId: HandoffId): string => `handoffs/${encodeURIComponent(handoffId)}/messages`;
