import type { Timers, VehicleId } from "@baton/fleet-adapter";
import type { Logger } from "pino";
import type { Alarms } from "../alarms/port.ts";
import type { MissionContext } from "./context.ts";
import { MissionIndex } from "./mission-index.ts";
import type { CreateOutcome, IdleMove, MissionStore, StationClosure } from "./store.ts";

/** Missions that are over are kept at least this long, and at least this many of them. */
const KEEP_MS = 24 * 3_600_000;
const KEEP_COUNT = 200;
const RETRY_MS = 500;

export interface StoreKeeperPorts {
  readonly alarms: Alarms;
  readonly timers: Timers;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** Missions or idle moves say something else of a vehicle than they did. */
  readonly onVehicle: (vehicleId: VehicleId) => void;
}

/**
 * The missions in memory, and the store that they are in. A write is repeated until the store has answered: until
 * then nothing goes on. When another process writes (a higher epoch, a newer version), this one does nothing more.
 */
export class StoreKeeper {
  readonly #store: MissionStore;
  readonly #alarms: Alarms;
  readonly #timers: Timers;
  readonly #log: StoreKeeperPorts["log"];
  readonly #onVehicle: (vehicleId: VehicleId) => void;
  /** Everything in memory, for whoever reads. */
  readonly missions = new MissionIndex();
  readonly #versions = new Map<string, number>();
  readonly #moves = new Map<string, IdleMove>();
  #closures: readonly StationClosure[] = [];
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(store: MissionStore, ports: StoreKeeperPorts) {
    this.#store = store;
    this.#alarms = ports.alarms;
    this.#timers = ports.timers;
    this.#log = ports.log;
    this.#onVehicle = ports.onVehicle;
  }

  /** Reads everything; missions whose procedure is not known here are left alone and told to a person. */
  async load(isKnown: (context: MissionContext) => boolean): Promise<void> {
    const world = await this.#insist(() => this.#store.load());
    if (world === undefined) return;
    const unreadable = [...world.unreadable];
    const known = world.missions.filter(({ context }) => isKnown(context));
    // In the order in which they ended, so that the oldest are the first to be forgotten.
    for (const { version, context } of known.sort(
      (a, b) => orderedAtMs(a.context) - orderedAtMs(b.context),
    )) {
      this.#versions.set(context.missionId, version);
      this.missions.put(context);
    }
    for (const { context } of world.missions) {
      if (!isKnown(context))
        unreadable.push({
          key: context.missionId,
          detail: `procedure ${context.procedureId} version ${context.procedureVersion} is not installed`,
        });
    }
    for (const move of world.idleMoves) this.#moves.set(move.vehicleId, move);
    this.#closures = world.closedStations;
    for (const { key, detail } of unreadable) {
      this.#log.error({ key, detail }, "a stored record cannot be read");
      this.#alarms.raise({
        alarmId: `mission.unreadable:${key}`,
        code: "mission.unreadable",
        detail: `${key}: ${detail}`,
        facts: { place: key, said: detail },
        priority: "high",
      });
    }
  }

  moves(): readonly IdleMove[] {
    return [...this.#moves.values()];
  }

  moveOf(vehicleId: string): IdleMove | undefined {
    return this.#moves.get(vehicleId);
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
    if (outcome?.kind === "created") this.#put(context, 1);
    return outcome ?? { kind: "fenced" };
  }

  /** Whether the store said yes. */
  async save(context: MissionContext): Promise<boolean> {
    const version = (this.#versions.get(context.missionId) ?? 0) + 1;
    const outcome = await this.#insist(() => this.#store.save({ version, context }));
    if (outcome === "saved") {
      this.#put(context, version);
      return true;
    }
    if (outcome !== undefined) this.#overtaken(outcome);
    return false;
  }

  async saveMove(move: IdleMove): Promise<boolean> {
    if (!this.#mayGoOn(await this.#insist(() => this.#store.saveIdleMove(move)))) return false;
    this.#moves.set(move.vehicleId, move);
    this.#onVehicle(move.vehicleId);
    return true;
  }

  /** Stations out of use, in the order in which they were closed; the same array until one is closed or opened. */
  get closures(): readonly StationClosure[] {
    return this.#closures;
  }

  async close(closure: StationClosure): Promise<boolean> {
    if (!this.#mayGoOn(await this.#insist(() => this.#store.saveClosure(closure)))) return false;
    this.#closures = [...this.#closures, closure];
    return true;
  }

  async open(stationId: StationClosure["stationId"]): Promise<boolean> {
    if (!this.#mayGoOn(await this.#insist(() => this.#store.removeClosure(stationId)))) return false;
    this.#closures = this.#closures.filter((each) => each.stationId !== stationId);
    return true;
  }

  #mayGoOn(outcome: "saved" | "fenced" | undefined): boolean {
    if (outcome === "fenced") this.#overtaken(outcome);
    return outcome === "saved";
  }

  async forgetOld(nowMs: number): Promise<void> {
    const old = this.missions.old(nowMs, KEEP_MS, KEEP_COUNT);
    if (old.length === 0) return;
    if ((await this.#insist(() => this.#store.remove(old))) !== "saved") return;
    this.missions.forget(old);
    for (const missionId of old) this.#versions.delete(missionId);
  }

  #put(context: MissionContext, version: number): void {
    const { vehicle: before } = this.missions.get(context.missionId) ?? {};
    this.#versions.set(context.missionId, version);
    this.missions.put(context);
    for (const vehicle of [before, context.vehicle])
      if (vehicle !== undefined) this.#onVehicle(vehicle.vehicleId);
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
          facts: { said: detail },
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

const orderedAtMs = (context: MissionContext): number => context.endedAtMs ?? context.createdAtMs;
