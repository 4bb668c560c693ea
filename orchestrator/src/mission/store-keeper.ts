import type { Timers } from "@baton/fleet-adapter";
import type { Logger } from "pino";
import type { Alarms } from "../alarms/alarm-book.ts";
import { isOver, type MissionContext } from "./context.ts";
import type { CreateOutcome, IdleMove, MissionStore } from "./store.ts";

/** Missions that are over are kept at least this long, and at least this many of them. */
const KEEP_MS = 24 * 3_600_000;
const KEEP_COUNT = 200;
const RETRY_MS = 500;

/**
 * The missions in memory, and the store that they are in. A write is repeated until the store has answered: until
 * then nothing goes on. When another process writes (a higher epoch, a newer version), this one does nothing more.
 */
export class StoreKeeper {
  readonly #store: MissionStore;
  readonly #alarms: Alarms;
  readonly #timers: Timers;
  readonly #log: Pick<Logger, "info" | "warn" | "error">;
  readonly #missions = new Map<string, { version: number; context: MissionContext }>();
  readonly #moves = new Map<string, IdleMove>();
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(
    store: MissionStore,
    ports: { alarms: Alarms; timers: Timers; log: Pick<Logger, "info" | "warn" | "error"> },
  ) {
    this.#store = store;
    this.#alarms = ports.alarms;
    this.#timers = ports.timers;
    this.#log = ports.log;
  }

  /** Reads everything; missions whose procedure is not known here are left alone and told to a person. */
  async load(isKnown: (context: MissionContext) => boolean): Promise<void> {
    const world = await this.#insist(() => this.#store.load());
    if (world === undefined) return;
    const unreadable = [...world.unreadable];
    for (const { version, context } of world.missions) {
      if (isKnown(context)) this.#missions.set(context.missionId, { version, context });
      else
        unreadable.push({
          key: context.missionId,
          detail: `procedure ${context.procedureId} version ${context.procedureVersion} is not installed`,
        });
    }
    for (const move of world.idleMoves) this.#moves.set(move.vehicleId, move);
    for (const { key, detail } of unreadable) {
      this.#log.error({ key, detail }, "a stored record cannot be read");
      this.#alarms.raise({
        alarmId: `mission.unreadable:${key}`,
        code: "mission.unreadable",
        detail: `${key}: ${detail}`,
        priority: "high",
      });
    }
  }

  missions(): readonly MissionContext[] {
    return [...this.#missions.values()].map((entry) => entry.context);
  }

  mission(missionId: string): MissionContext | undefined {
    return this.#missions.get(missionId)?.context;
  }

  moves(): readonly IdleMove[] {
    return [...this.#moves.values()];
  }

  /** Another process has taken over, or the owner is leaving: nothing is written any more. */
  giveUp(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  /** `fenced` as well when this process is stopping. */
  async create(context: MissionContext, orderId: string | undefined): Promise<CreateOutcome> {
    const outcome = await this.#insist(() => this.#store.create(context, orderId));
    if (outcome?.kind === "fenced") this.#overtaken("fenced");
    if (outcome?.kind === "created") this.#missions.set(context.missionId, { version: 1, context });
    return outcome ?? { kind: "fenced" };
  }

  /** Whether the store said yes. */
  async save(context: MissionContext): Promise<boolean> {
    const version = (this.#missions.get(context.missionId)?.version ?? 0) + 1;
    const outcome = await this.#insist(() => this.#store.save({ version, context }));
    if (outcome === "saved") {
      this.#missions.set(context.missionId, { version, context });
      return true;
    }
    if (outcome !== undefined) this.#overtaken(outcome);
    return false;
  }

  async saveMove(move: IdleMove): Promise<boolean> {
    const outcome = await this.#insist(() => this.#store.saveIdleMove(move));
    if (outcome === "fenced") this.#overtaken(outcome);
    if (outcome !== "saved") return false;
    this.#moves.set(move.vehicleId, move);
    return true;
  }

  async forgetOld(nowMs: number): Promise<void> {
    const over = this.missions()
      .filter((context) => isOver(context) && context.outbox.length === 0)
      .sort((a, b) => (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0));
    const old = over
      .slice(KEEP_COUNT)
      .filter((context) => (context.endedAtMs ?? 0) < nowMs - KEEP_MS)
      .map((context) => context.missionId);
    if (old.length === 0) return;
    if ((await this.#insist(() => this.#store.remove(old))) === "saved")
      for (const missionId of old) this.#missions.delete(missionId);
  }

  async #insist<T>(ask: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 0; !this.#stopped; tries++) {
      try {
        const outcome = await ask();
        if (tries > 0) this.#alarms.clear("mission.store-unreachable");
        return outcome;
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        if (tries === 0) this.#log.warn({ detail }, "the mission store does not answer; missions wait");
        this.#alarms.raise({
          alarmId: "mission.store-unreachable",
          code: "mission.store-unreachable",
          detail,
          priority: "critical",
        });
        await new Promise<void>((resolve) => {
          const cancel = this.#timers.after(RETRY_MS, resolve);
          this.#wake = () => {
            cancel();
            resolve();
          };
        });
        this.#wake = undefined;
      }
    }
    return undefined;
  }

  #overtaken(how: "stale" | "fenced"): void {
    if (this.#stopped) return;
    this.giveUp();
    this.#log.error({ how }, "another process writes this zone's missions; this one does nothing more");
    this.#alarms.raise({
      alarmId: "mission.overtaken",
      code: "mission.overtaken",
      detail: how,
      priority: "critical",
    });
  }
}
