import { uuidIds, type VehicleId, wallClock } from "@baton/fleet-adapter";
import { compileNetwork, partition, vehicleClass, zoneView } from "@baton/maps";
import { loadSite } from "@baton/maps/files";
import type { CommittedLeg } from "../../core/committed-leg.ts";
import { type LeaderId, LedgerUnreachable } from "../../ledger/ledger.ts";
import { createRedisLedger } from "../../ledger/redis-ledger.ts";
import type { ReservationEvent } from "../../port.ts";
import { createReservation } from "../../service.ts";
import type { ReservationLog, ReservationService } from "../../service-port.ts";
import { ask } from "../local-link.ts";
import type { FromZone, Immutable, ToZone, VehicleView, ZoneConfig } from "./messages.ts";

/** How long to wait for a ledger that is away, by the machine's clock. */
const LEDGER_RETRY_MS = 500;
const METRICS_EVERY_MS = 1_000;

export interface ZoneLoop {
  take(message: ToZone): void;
  stop(): Promise<void>;
}

/**
 * The tick loop of one zone in a process of its own: reads the site, takes its zone's part, leads it, and says each
 * tick what changed. Throws when the site, the borders or the ledger are not what they must be; waits as long as it
 * takes for a Redis that is away.
 */
export async function beginZoneLoop(
  config: ZoneConfig,
  say: (message: Immutable<FromZone>) => void,
  log: ReservationLog,
): Promise<ZoneLoop> {
  const loaded = await loadSite(config.siteDirectory);
  if (!loaded.ok) throw new Error(`site ${config.siteDirectory}: ${JSON.stringify(loaded.problems)}`);
  const kinematics = vehicleClass(loaded.site, config.vehicleClassId);
  if (kinematics === undefined) throw new Error(`the site has no vehicle class ${config.vehicleClassId}`);
  const whole = compileNetwork(loaded.site, config.side, config.vehicleClassId);
  const clock = wallClock(config.clock);
  const { waitReplicas, answerWithinMs, keepTicks } = config;
  const ledger = createRedisLedger({
    url: config.redisUrl,
    zoneId: config.zoneId,
    ...(waitReplicas === undefined ? {} : { waitReplicas }),
    ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
  });
  const service = createReservation({
    network: zoneView(partition(whole, config.borders), config.zoneId),
    kinematics,
    ledger,
    leaderId: uuidIds().next() as LeaderId,
    clock,
    timers: clock,
    log,
    tickMs: config.tickMs,
    ...(keepTicks === undefined ? {} : { keepTicks }),
  });
  const asked = new Set<VehicleId>();
  tellTicks(service, asked, say);
  let isStopped = false;
  await lead(service, () => isStopped);
  say({ kind: "up" });
  const sayMetrics = (): void => say({ kind: "metrics", metrics: service.metrics() });
  sayMetrics();
  const endMetrics = clock.every(METRICS_EVERY_MS, sayMetrics);
  return {
    take(message) {
      if (message.kind === "ask") {
        if ("vehicleId" in message.command) asked.add(message.command.vehicleId);
        ask(service, message.command);
      } else if (message.kind === "observe") for (const seen of message.observations) service.observe(seen);
    },
    async stop() {
      isStopped = true;
      endMetrics();
      await service.stop();
      ledger.close();
    },
  };
}

async function lead(service: ReservationService, isStopped: () => boolean): Promise<void> {
  while (!isStopped()) {
    try {
      await service.start();
      return;
    } catch (error) {
      if (!(error instanceof LedgerUnreachable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, LEDGER_RETRY_MS));
    }
  }
}

/** Sends one message a tick, with what is not as it was sent last, and of whom something was asked. */
function tellTicks(
  service: ReservationService,
  asked: Set<VehicleId>,
  say: (message: Immutable<FromZone>) => void,
): void {
  const sent = new Map<VehicleId, string>();
  let sentOutOfUse = "";
  let isFirst = true;
  let events: ReservationEvent[] | undefined;

  const flush = (legs: readonly CommittedLeg[]): void => {
    const vehicles = changedViews(service, legs, [...(events ?? []).flatMap(namedIn), ...asked], sent);
    asked.clear();
    const outOfUse = service.outOfUse();
    const text = JSON.stringify(outOfUse);
    const isNew = text !== sentOutOfUse;
    sentOutOfUse = text;
    const told = events ?? [];
    events = undefined;
    if (!isFirst && !isNew && vehicles.length === 0 && told.length === 0) return;
    isFirst = false;
    say({ kind: "tick", vehicles, events: told, ...(isNew ? { outOfUse } : {}) });
  };
  service.onCommitted((legs) => {
    events = [];
    // The service tells its events right after this, in the same turn.
    queueMicrotask(() => flush(legs));
  });
  service.subscribe((event) => {
    if (events !== undefined) {
      events.push(event);
      return;
    }
    say({ kind: "event", event });
    const ends =
      event.kind === "trouble" && ["leadership-lost", "ledger-refused", "halted"].includes(event.code);
    if (ends) say({ kind: "down", detail: event.detail });
  });
}

function namedIn(event: ReservationEvent): VehicleId[] {
  return event.vehicleId === undefined ? [] : [event.vehicleId];
}

/** Vehicles of which something is not as it was sent, and those that are gone. */
function changedViews(
  service: ReservationService,
  legs: readonly CommittedLeg[],
  named: readonly VehicleId[],
  sent: Map<VehicleId, string>,
): Immutable<VehicleView>[] {
  const legOf = new Map(legs.map((leg) => [leg.vehicleId, leg]));
  const changed: Immutable<VehicleView>[] = [];
  for (const vehicleId of new Set([...sent.keys(), ...legOf.keys(), ...named])) {
    const view = {
      vehicleId,
      holding: service.holding(vehicleId),
      explanation: service.explain(vehicleId),
      leg: legOf.get(vehicleId),
    };
    const text = JSON.stringify(view);
    if (sent.get(vehicleId) === text) continue;
    if (view.holding === undefined) sent.delete(vehicleId);
    else sent.set(vehicleId, text);
    changed.push(view);
  }
  return changed;
}
