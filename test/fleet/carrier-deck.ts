import type { Clock } from "@baton/fleet-adapter";
import { type ActionContext, ActionStatus } from "vda-5050-lib";
import type { WorldVehicle } from "../../sim/src/world/channel.ts";

const TWIST_LOCK_MS = 2_000;

/** What is done standing; it goes on with the crane, or when the locks have moved. */
interface Work {
  readonly context: ActionContext;
  readonly locksMovedAtMs?: number;
}

/** The deck of a carrier with its twist locks: a container comes and goes with the crane, and is held once the locks are closed. */
export class CarrierDeck {
  readonly #clock: Clock;
  #containerNo: string | undefined;
  #locks: WorldVehicle["locks"] = "open";
  #work: Work | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get locks(): WorldVehicle["locks"] {
    return this.#locks;
  }

  get loadIds(): string[] {
    return this.#containerNo === undefined ? [] : [this.#containerNo];
  }

  /** Takes up a `pick` or a `drop`; the text says why not. */
  begin(context: ActionContext): string | undefined {
    const isPick = context.action.actionType === "pick";
    if (isPick === (this.#containerNo !== undefined)) return isPick ? "it is loaded" : "it is empty";
    context.updateActionStatus({ actionStatus: ActionStatus.Running });
    this.#work = { context };
    if (!isPick) this.#moveLocks();
    return undefined;
  }

  giveUp(): void {
    this.#work = undefined;
  }

  carryOn(nowMs: number): void {
    const { context, locksMovedAtMs } = this.#work ?? {};
    if (context === undefined || locksMovedAtMs === undefined || nowMs < locksMovedAtMs) return;
    this.#work = { context };
    if (context.action.actionType === "drop") {
      // The crane lifts it when it sees the locks open.
      this.#locks = "open";
      return;
    }
    this.#locks = "closed";
    this.#end(context);
  }

  feel(crane: { readonly containerNo: string; readonly phase: "lowered" | "lifted" }): void {
    const { context, locksMovedAtMs } = this.#work ?? {};
    if (crane.phase === "lowered" && this.#containerNo === undefined) {
      this.#containerNo = crane.containerNo;
      if (locksMovedAtMs === undefined) this.#moveLocks();
    } else if (
      crane.phase === "lifted" &&
      this.#containerNo === crane.containerNo &&
      this.#locks === "open"
    ) {
      this.#containerNo = undefined;
      if (context !== undefined) this.#end(context);
    }
  }

  #moveLocks(): void {
    if (this.#work === undefined) return;
    this.#locks = "moving";
    this.#work = { ...this.#work, locksMovedAtMs: this.#clock.nowMs() + TWIST_LOCK_MS };
  }

  #end(context: ActionContext): void {
    this.#work = undefined;
    const loads = this.loadIds.map((loadId) => ({ loadId, loadType: "container" }));
    context.updateActionStatus({ actionStatus: ActionStatus.Finished, linkedState: { loads } });
  }
}
