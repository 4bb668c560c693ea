import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Timers, VehicleId } from "@baton/fleet-adapter";
import { Compile } from "typebox/compile";
import type { Command } from "../../core/zone.ts";
import type { Observation, OutOfUse } from "../../port.ts";
import type { ReservationLog, ReservationMetrics } from "../../service-port.ts";
import type { ZoneLink, ZoneSaid } from "../zone-link.ts";
import { FromZone, type Immutable, type ToZone, type VehicleView, type ZoneConfig } from "./messages.ts";

export interface ProcessLinkOptions {
  readonly config: ZoneConfig;
  /** The machine's timers: how soon a process is started again has nothing to do with the world's clock. */
  readonly timers: Timers;
  readonly log: ReservationLog;
}

export interface ProcessLink extends ZoneLink {
  /** Of the process at work; `undefined` while there is none. */
  pid(): number | undefined;
}

const check = Compile(FromZone);
const PROGRAM = fileURLToPath(new URL("./zone-process.ts", import.meta.url));
/** A process that ends is started again after this long, longer each time that it ends before it led. */
const FIRST_AGAIN_MS = 200;
const LAST_AGAIN_MS = 5000;
const STOP_WITHIN_MS = 2000;

/**
 * A zone whose loop runs in a process of its own, started and started again from here. Its channel is Node's: messages
 * keep their order, and either end learns at once that the other is gone. Whatever was under way in it is asked again
 * when the next one is up.
 */
export function createProcessLink({ config, timers, log }: ProcessLinkOptions): ProcessLink {
  return new Link(config, timers, log);
}

class Link implements ProcessLink {
  readonly zoneId: ZoneLink["zoneId"];
  readonly #config: ZoneConfig;
  readonly #timers: Timers;
  readonly #log: ReservationLog;
  readonly #listeners = new Set<(said: ZoneSaid) => void>();
  readonly #views = new Map<VehicleId, Immutable<VehicleView>>();
  readonly #observed = new Map<VehicleId, Observation>();
  #outOfUse: OutOfUse = { closures: [], failed: [] };
  #metrics: ReservationMetrics | undefined;
  #child: ChildProcess | undefined;
  #isUp = false;
  #isStopped = false;
  #againMs = FIRST_AGAIN_MS;
  #cancelAgain: (() => void) | undefined;

  constructor(config: ZoneConfig, timers: Timers, log: ReservationLog) {
    this.zoneId = config.zoneId;
    this.#config = config;
    this.#timers = timers;
    this.#log = log;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelAgain?.();
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
    this.#post({ kind: "stop" });
    const cancel = this.#timers.after(STOP_WITHIN_MS, () => child.kill("SIGKILL"));
    await ended;
    cancel();
  }

  pid(): number | undefined {
    return this.#child?.pid;
  }

  send(command: Command): void {
    if (this.#isUp) this.#post({ kind: "ask", command });
  }

  /** The newest of each vehicle goes, all of one turn in one message. */
  observe(observation: Observation): void {
    if (!this.#isUp) return;
    if (this.#observed.size === 0) {
      queueMicrotask(() => {
        const observations = [...this.#observed.values()];
        this.#observed.clear();
        this.#post({ kind: "observe", observations });
      });
    }
    this.#observed.set(observation.vehicleId, observation);
  }

  subscribe(listener: (said: ZoneSaid) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  knows(vehicleId: VehicleId): boolean {
    const view = this.#views.get(vehicleId);
    return view === undefined || view.holding !== undefined;
  }

  holding(vehicleId: VehicleId) {
    return this.#views.get(vehicleId)?.holding;
  }

  explain(vehicleId: VehicleId) {
    return this.#views.get(vehicleId)?.explanation;
  }

  outOfUse(): OutOfUse {
    return this.#outOfUse;
  }

  metrics(): ReservationMetrics | undefined {
    return this.#metrics;
  }

  #begin(): void {
    const child = fork(PROGRAM, [this.zoneId], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      serialization: "advanced",
    });
    this.#child = child;
    child.on("message", (raw) => {
      if (this.#child === child) this.#hear(raw);
    });
    child.on("error", (err) =>
      this.#log.error({ err, zoneId: this.zoneId }, "a zone's process cannot be spoken to"),
    );
    child.on("exit", (code, signal) => this.#ended(child, `ended with ${signal ?? code}`));
    this.#post({ kind: "begin", config: this.#config });
  }

  #ended(child: ChildProcess, detail: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#metrics = undefined;
    if (this.#isUp) this.#say({ kind: "down", detail });
    this.#isUp = false;
    if (this.#isStopped) return;
    this.#log.warn(
      { zoneId: this.zoneId, detail, againMs: this.#againMs },
      "a zone's process is started again",
    );
    this.#cancelAgain = this.#timers.after(this.#againMs, () => this.#begin());
    this.#againMs = Math.min(2 * this.#againMs, LAST_AGAIN_MS);
  }

  #post(message: Immutable<ToZone>): void {
    // A channel that closes in this moment is noticed by its end.
    if (this.#child?.connected === true) this.#child.send(message, () => {});
  }

  #hear(raw: unknown): void {
    if (!check.Check(raw)) {
      this.#log.error(
        { zoneId: this.zoneId, errors: [...check.Errors(raw)].slice(0, 3) },
        "bug: a zone's message makes no sense",
      );
      return;
    }
    switch (raw.kind) {
      case "up":
        this.#isUp = true;
        this.#againMs = FIRST_AGAIN_MS;
        // What the last process said of vehicles it knew; this one says it of itself.
        this.#views.clear();
        this.#say({ kind: "up" });
        return;
      case "down":
        this.#say(raw);
        return;
      case "event":
        this.#say(raw);
        return;
      case "metrics":
        this.#metrics = raw.metrics;
        return;
      case "tick": {
        for (const view of raw.vehicles) this.#views.set(view.vehicleId, view);
        if (raw.outOfUse !== undefined) this.#outOfUse = raw.outOfUse;
        const legs = [...this.#views.values()].flatMap(({ leg }) => leg ?? []);
        this.#say({ kind: "committed", legs });
        for (const event of raw.events) this.#say({ kind: "event", event });
      }
    }
  }

  #say(said: ZoneSaid): void {
    for (const listener of this.#listeners) listener(said);
  }
}
