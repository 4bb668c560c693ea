import type { Timers, VehicleId } from "@baton/fleet-adapter";
import type { Partition } from "@baton/maps";
import type { CommittedLeg } from "../core/committed-leg.ts";
import type { Command } from "../core/zone.ts";
import { LedgerUnreachable } from "../ledger/ledger.ts";
import { eventsOfLostLegs } from "../lost-legs.ts";
import type { ReservationEvent } from "../port.ts";
import type { ReservationLog, SideReservation } from "../service-port.ts";
import { hear, zoneCommitted, zoneIsUp } from "./core/answers.ts";
import { lookAgain } from "./core/crossing.ts";
import { createDesk, type Desk, type Effect, takeEffects, tell } from "./core/desk.ts";
import type { VehicleRecord } from "./core/record.ts";
import { obey } from "./core/requests.ts";
import { whatZonesSee } from "./core/sight.ts";
import { wholeExplanation, wholeHolding, wholeLegs, wholeOutOfUse, wholeStanding } from "./core/whole.ts";
import type { CrossingStore } from "./crossing-store.ts";
import { Routes } from "./routes.ts";
import { wholeMetrics } from "./whole-metrics.ts";
import type { ZoneLink, ZoneSaid } from "./zone-link.ts";

const ONLY_WHO_IS_GONE = "on a side of several zones only who was removed is vouched for";

export interface ZonedReservationOptions {
  readonly partition: Partition;
  /** One for each zone of the partition. */
  readonly zones: readonly ZoneLink[];
  readonly store: CrossingStore;
  readonly timers: Timers;
  readonly log: ReservationLog;
  /** A store that does not answer is asked again after so long, by the clock of `timers`. */
  readonly storeAgainMs?: number;
}

/** The reservation of a whole side over its zones: whoever uses it sees one. */
export interface ZonedReservation extends SideReservation {
  /**
   * Raises the side's epoch, reads what is kept and begins with all zones; a zone that cannot begin yet does not hold up
   * the others. Throws `LedgerUnreachable` while the store does not answer (try again).
   */
  start(): Promise<void>;
  /** Called whenever a zone's tick is true in its ledger, with all legs as wholes; before events are told. */
  onCommitted(listener: (legs: readonly CommittedLeg[]) => void): () => void;
  /** Resolves when all that was said and asked so far has been dealt with. */
  settled(): Promise<void>;
}

export function createZonedReservation(options: ZonedReservationOptions): ZonedReservation {
  const { partition, zones, store, timers, log } = options;
  const links = new Map(zones.map((link) => [link.zoneId, link]));
  for (const zoneId of partition.zoneIds) {
    if (!links.has(zoneId)) throw new Error(`bug: zone ${zoneId} has nobody to run it`);
  }
  const routes = new Routes(partition);
  const listeners = new Set<(event: ReservationEvent) => void>();
  const committedListeners = new Set<(legs: readonly CommittedLeg[]) => void>();
  let desk: Desk | undefined;
  /** What was asked before the records were read. */
  const early: Command[] = [];
  /** Zones that led, and stand. */
  const downs = new Set<ZoneLink["zoneId"]>();
  let epoch = 0;
  let isStopped = false;
  let work: Promise<void> = Promise.resolve();
  let tellBegun = (): void => {};
  /** Resolves when what was asked before the records were read is with the zones. */
  const begun = new Promise<void>((resolve) => {
    tellBegun = resolve;
  });

  const guarded = <T>(all: ReadonlySet<(value: T) => void>, value: T): void => {
    for (const listener of all) {
      try {
        listener(value);
      } catch (err) {
        log.error({ err }, "a listener failed");
      }
    }
  };

  const saved = async (changes: ReadonlyMap<VehicleId, VehicleRecord | undefined>): Promise<void> => {
    for (;;) {
      try {
        return await store.save(changes);
      } catch (err) {
        log.warn(
          { err },
          "how far vehicles have come across zones cannot be kept; nobody goes over a border until it can",
        );
        if (isStopped) throw err;
        await new Promise<void>((resolve) => void timers.after(options.storeAgainMs ?? 500, resolve));
      }
    }
  };

  const carryOut = (effects: readonly Effect[], legs: readonly CommittedLeg[] | undefined): void => {
    if (legs !== undefined) guarded(committedListeners, legs);
    for (const effect of effects) {
      if (effect.kind === "ask") links.get(effect.zoneId)?.send(effect.command);
      else if (effect.kind === "tell") guarded(listeners, effect.event);
    }
  };

  /** Changes the desk at once; what comes of it happens in order, and not before what is to be kept is kept. */
  const change = (how: (desk: Desk) => void, isCommit = false): void => {
    if (desk === undefined) return;
    how(desk);
    lookAgain(desk);
    const effects = takeEffects(desk);
    const legs = isCommit ? wholeLegs(desk) : undefined;
    if (effects.length === 0 && legs === undefined) return;
    const changes = new Map(
      effects.flatMap((effect) => (effect.kind === "keep" ? [[effect.vehicleId, effect.record]] : [])),
    );
    work = work
      .then(() => (changes.size > 0 ? saved(changes) : undefined))
      .then(() => carryOut(effects, legs))
      .catch((err) => log.error({ err }, "work across zones failed"));
  };

  const sayOfZone = (link: ZoneLink, code: "zone-down" | "zone-up", detail: string): void =>
    guarded(listeners, { kind: "trouble", code, vehicleId: undefined, zoneId: link.zoneId, detail });

  const hearZone = (link: ZoneLink, said: ZoneSaid): void => {
    switch (said.kind) {
      case "up":
        change((at) => zoneIsUp(at, link.zoneId));
        if (downs.delete(link.zoneId)) sayOfZone(link, "zone-up", `zone ${link.zoneId} is led again`);
        return;
      case "down":
        log.warn(
          { zoneId: link.zoneId, detail: said.detail },
          "a zone stands; its vehicles keep what they hold",
        );
        if (!isStopped && !downs.has(link.zoneId)) {
          downs.add(link.zoneId);
          sayOfZone(
            link,
            "zone-down",
            `zone ${link.zoneId} stands, its vehicles keep what they hold: ${said.detail}`,
          );
        }
        return;
      case "committed":
        change((at) => zoneCommitted(at, link.zoneId, said.legs, (id) => link.knows(id)), true);
        return;
      case "event":
        change((at) => hear(at, link.zoneId, said.event));
        return;
    }
  };

  const take = (command: Command): void => {
    if (desk === undefined) early.push(command);
    else change((at) => obey(at, command));
  };

  const views = {
    holding: (zoneId: ZoneLink["zoneId"], vehicleId: VehicleId) => links.get(zoneId)?.holding(vehicleId),
    explain: (zoneId: ZoneLink["zoneId"], vehicleId: VehicleId) => links.get(zoneId)?.explain(vehicleId),
  };

  const settled = async (): Promise<void> => {
    for (let seen: Promise<void> | undefined; seen !== work; ) {
      seen = work;
      await seen;
    }
  };

  return {
    async start() {
      const records = await fromStore(async () => {
        epoch = await store.raiseEpoch();
        return store.load();
      });
      desk = createDesk(routes, records);
      for (const link of zones) link.subscribe((said) => hearZone(link, said));
      await Promise.all(zones.map((link) => link.start()));
      for (const command of early.splice(0)) take(command);
      tellBegun();
    },
    async stop() {
      isStopped = true;
      await Promise.all(zones.map((link) => link.stop()));
      await work;
    },
    settled,
    // What is kept of a vehicle says what its zones still have to be asked.
    decided: () => begun.then(settled),
    admit: (admission) => take({ kind: "admit", admission }),
    requestLeg: (request) => take({ kind: "requestLeg", request }),
    proceed: (vehicleId, legId, nodeId) => take({ kind: "proceed", vehicleId, legId, nodeId }),
    abandonLeg: (vehicleId, legId) => take({ kind: "abandonLeg", vehicleId, legId }),
    dismiss: (vehicleId) => take({ kind: "dismiss", vehicleId }),
    close: (closure) => take({ kind: "close", closure }),
    open: (closureId) => take({ kind: "open", closureId }),
    fail: (vehicleId, reason) => take({ kind: "fail", vehicleId, reason }),
    recover: (vehicleId) => take({ kind: "recover", vehicleId }),
    prioritise: (vehicleId, legId, priority) => take({ kind: "prioritise", vehicleId, legId, priority }),
    observe(observation) {
      const record = desk?.records.get(observation.vehicleId);
      if (desk === undefined || record === undefined || record.isGone) return;
      for (const seen of whatZonesSee(desk, record, observation))
        links.get(seen.zoneId)?.observe(seen.observation);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onCommitted(listener) {
      committedListeners.add(listener);
      return () => void committedListeners.delete(listener);
    },
    explain: (vehicleId) => (desk === undefined ? undefined : wholeExplanation(desk, views, vehicleId)),
    // A leg is several here, in ledgers that commit nothing together.
    turningNode: () => undefined,
    isAdmitted: (vehicleId) => desk !== undefined && wholeHolding(desk, views, vehicleId) !== undefined,
    holding: (vehicleId) => (desk === undefined ? undefined : wholeHolding(desk, views, vehicleId)),
    standing: () => (desk === undefined ? [] : wholeStanding(desk)),
    outOfUse: () => wholeOutOfUse(zones.map((link) => link.outOfUse())),
    async vouch(vehicleId, found) {
      const record = desk?.records.get(vehicleId);
      if (desk === undefined || record === undefined) return { kind: "refused", why: "it is not admitted" };
      // A zone whose ledger lost ticks is not led (see the README): so nobody is there who is not accounted for.
      if (found !== "removed") return { kind: "refused", why: ONLY_WHO_IS_GONE };
      const { journey } = record;
      const lost = eventsOfLostLegs(vehicleId, [
        desk.legsToCome.get(vehicleId),
        journey?.completed === false ? journey.request : undefined,
      ]);
      take({ kind: "dismiss", vehicleId });
      change((at) => {
        for (const event of lost) tell(at, event);
      });
      return { kind: "ok" };
    },
    whyNotIdleAt: () => ONLY_WHO_IS_GONE,
    epoch: () => epoch,
    metrics: () =>
      wholeMetrics(
        epoch,
        zones.flatMap((link) => link.metrics() ?? []),
        zones.length,
      ),
  };
}

async function fromStore<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new LedgerUnreachable("what is kept of vehicles across zones cannot be read: is Redis running?", {
      cause,
    });
  }
}
