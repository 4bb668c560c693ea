import type { FleetAdapter, VehicleErrorKind, VehicleId, VehicleState } from "@baton/fleet-adapter";
import type { Alarms } from "../alarms/port.ts";
import type { AlarmFacts } from "../contract/index.ts";
import type { HandoffEvent, Handoffs } from "../handoff/port.ts";
import type { OutOfUse, Reservation, ReservationEvent } from "../reservation/port.ts";

const FLEET_PRIORITIES: Readonly<Record<string, "low" | "critical">> = {
  "invalid-message": "low",
  "beyond-base": "critical",
};

/** Whoever notices first that Redis is away raises this one; it stands once. */
export const LEDGER_ALARM = "ledger.unreachable";
/** A vehicle or a container that hangs between both sides, until the witness has spoken. */
const STUCK_AT_LINE: readonly string[] = [
  "vehicle-not-switching",
  "transfer-device-failed",
  "resolution-awaited",
  "resolution-disagrees",
];

/** A vehicle too many is refused, and told of, with each of its messages, every 10 s at most: one that is silent so long is gone. */
const CROWD_GONE_MS = 60_000;
const CROWD_ALARM = "fleet.too-many-vehicles:unknown";

const errorAlarmId = (vehicleId: VehicleId, kind: VehicleErrorKind): string =>
  `fleet.error.${kind}:${vehicleId}`;

/** What is told only of a vehicle that has a way again, or wants none any more. */
const NOT_TRAPPED: ReadonlySet<ReservationEvent["kind"]> = new Set([
  "granted",
  "legCompleted",
  "legAbandoned",
  "clearOfGround",
]);

/** Of a trouble of a hand-off: how the partner's clock is off, or which container it is about and what was said of it. */
function factsOf(
  { partnerBehindMs, cause, said, detail }: Extract<HandoffEvent, { kind: "trouble" }>,
  containerNo: string | undefined,
): AlarmFacts {
  if (partnerBehindMs !== undefined)
    return { cause: partnerBehindMs >= 0 ? "behind" : "ahead", seconds: Math.abs(partnerBehindMs) / 1000 };
  return {
    said: said ?? detail,
    ...(cause === undefined ? {} : { cause }),
    ...(containerNo === undefined ? {} : { containerNo }),
  };
}

/**
 * The alarm of each vehicle that is marked as failed, for as long as it is. It is made from what the zone holds, not
 * from who asked for it: so it stands again after a restart.
 */
export function failureAlarms(alarms: Alarms): { look(failed: OutOfUse["failed"]): void } {
  let standing: ReadonlySet<VehicleId> = new Set();
  const alarmIdOf = (vehicleId: VehicleId): string => `vehicle.failed:${vehicleId}`;
  return {
    look(failed) {
      const now = new Set(failed.map(({ vehicleId }) => vehicleId));
      for (const vehicleId of standing) if (!now.has(vehicleId)) alarms.clear(alarmIdOf(vehicleId));
      for (const { vehicleId, reason } of failed) {
        if (standing.has(vehicleId)) continue;
        alarms.raise({
          alarmId: alarmIdOf(vehicleId),
          code: "vehicle.failed",
          detail: reason,
          facts: { said: reason },
          priority: "high",
          vehicleId,
        });
      }
      standing = now;
    },
  };
}

/**
 * Which of the rooms' troubles need a person, and when they are over. Missions raise their own alarms; here are
 * those of the rooms that do not know what an alarm is.
 */
export function troubleAlarms(rooms: {
  readonly fleet: Pick<FleetAdapter, "subscribe">;
  readonly reservation: Pick<Reservation, "subscribe">;
  readonly handoffs: Pick<Handoffs, "subscribe" | "open">;
  readonly alarms: Alarms;
}): { look(nowMs: number): void } {
  const { alarms } = rooms;
  let crowdedAtMs: number | undefined;
  /** Errors of the standard that vehicles report now, each with its alarm; a vehicle's own say when they are over. */
  const reported = new Map<VehicleId, Set<VehicleErrorKind>>();

  const settleErrors = ({ vehicleId, errors }: VehicleState): void => {
    const standing = reported.get(vehicleId);
    if (standing === undefined) return;
    for (const kind of standing) {
      if (errors.some((error) => error.kind === kind)) continue;
      standing.delete(kind);
      alarms.clear(errorAlarmId(vehicleId, kind));
    }
    if (standing.size === 0) reported.delete(vehicleId);
  };

  rooms.fleet.subscribe((event) => {
    if (event.kind === "state") return settleErrors(event.state);
    if (event.kind === "connection") {
      const alarmId = `vehicle.connection:${event.vehicleId}`;
      if (event.connection !== "broken") return alarms.clear(alarmId);
      return alarms.raise({
        alarmId,
        code: "vehicle.connection-lost",
        detail: "the vehicle's broker session broke; it still holds its ground",
        priority: "high",
        vehicleId: event.vehicleId,
      });
    }
    if (event.kind === "confirmed") return alarms.clear(`fleet.not-reflected:${event.vehicleId}`);
    if (event.kind !== "trouble") return;
    if (event.code === "too-many-vehicles") crowdedAtMs = event.atMs;
    const { vehicleId, errorKind } = event;
    if (vehicleId !== undefined && errorKind !== undefined) {
      const standing = reported.get(vehicleId) ?? new Set<VehicleErrorKind>();
      reported.set(vehicleId, standing.add(errorKind));
      return alarms.raise({
        alarmId: errorAlarmId(vehicleId, errorKind),
        code: `fleet.error.${errorKind}`,
        detail: event.detail,
        facts: { said: event.detail },
        translations: event.translations,
        priority: "high",
        vehicleId,
      });
    }
    // The sender of nonsense may be anyone; the alarm is about the message, and counts once a sender.
    alarms.raise({
      alarmId: `fleet.${event.code}:${event.vehicleId ?? "unknown"}`,
      code: `fleet.${event.code}`,
      detail: event.detail,
      facts: { said: event.detail },
      translations: event.translations,
      priority: FLEET_PRIORITIES[event.code] ?? "high",
      vehicleId: event.vehicleId,
    });
  });

  rooms.reservation.subscribe((event) => {
    // Nothing is granted to a vehicle off its way, or with no way at all: a new grant says that this is over.
    if (event.kind === "granted") alarms.clear(`reservation.off-path:${event.vehicleId}`);
    if (NOT_TRAPPED.has(event.kind)) alarms.clear(`reservation.trapped:${event.vehicleId}`);
    if (event.kind !== "trouble") return;
    if (event.code === "ledger-back") return alarms.clear(LEDGER_ALARM);
    if (event.code === "zone-up") return alarms.clear(`reservation.zone-down:${event.zoneId ?? "zone"}`);
    const isLedgerAway = event.code === "ledger-unreachable";
    const about = event.vehicleId ?? event.zoneId ?? "zone";
    alarms.raise({
      alarmId: isLedgerAway ? LEDGER_ALARM : `reservation.${event.code}:${about}`,
      code: isLedgerAway ? LEDGER_ALARM : `reservation.${event.code}`,
      detail: event.detail,
      facts: { said: event.detail, ...(event.zoneId === undefined ? {} : { place: event.zoneId }) },
      priority: event.code === "off-path" || event.code === "trapped" ? "high" : "critical",
      vehicleId: event.vehicleId,
    });
  });

  rooms.handoffs.subscribe((event) => {
    if (event.kind === "trouble") {
      if (event.code === "partner-back") return alarms.clear("handoff.partner-silent");
      if (event.code === "clocks-agree") return alarms.clear("handoff.clock-skew:link");
      const about = rooms.handoffs.open().find(({ handoffId }) => handoffId === event.handoffId);
      alarms.raise({
        vehicleId: about?.vehicleId,
        facts: factsOf(event, about?.containerNo),
        alarmId:
          event.code === "partner-silent"
            ? "handoff.partner-silent"
            : `handoff.${event.code}:${event.handoffId ?? "link"}`,
        code: `handoff.${event.code}`,
        detail: event.detail,
        priority: STUCK_AT_LINE.includes(event.code) ? "critical" : "high",
      });
    }
    if (event.kind === "switched" || event.kind === "ended" || event.kind === "concluded")
      for (const code of STUCK_AT_LINE) alarms.clear(`handoff.${code}:${event.handoffId}`);
  });

  return {
    look(nowMs) {
      if (crowdedAtMs === undefined || nowMs - crowdedAtMs < CROWD_GONE_MS) return;
      crowdedAtMs = undefined;
      alarms.clear(CROWD_ALARM);
    },
  };
}
