import type { ActionId, FleetAdapter } from "@baton/fleet-adapter";
import type { Alarms } from "../alarms/alarm-book.ts";
import type { GateDevices } from "../gate/port.ts";
import type { Handoffs } from "../handoff/port.ts";
import type { LegRequest, Reservation } from "../reservation/port.ts";
import type { MissionEffect } from "./effects.ts";

/** The rooms and systems in which missions have their effects. */
export interface World {
  readonly reservation: Reservation;
  readonly devices: GateDevices;
  readonly handoffs: Handoffs;
  readonly fleet: FleetAdapter;
  readonly alarms: Alarms;
}

/** Carries out one effect. Every id in it is stable, so doing it again changes nothing. */
export function perform(world: World, effect: MissionEffect, missionId: string): void {
  const { reservation, devices, handoffs, alarms } = world;
  switch (effect.kind) {
    case "requestLeg":
      return sendOnLeg(world, effect.leg);
    case "abandonLeg":
      return reservation.abandonLeg(effect.vehicleId, effect.legId);
    case "proceed":
      return reservation.proceed(effect.vehicleId, effect.legId, effect.nodeId);
    case "askDevice":
      return devices.ask(effect.job);
    case "offerHandoff":
      return handoffs.offer(effect.offer);
    case "readyHandoff":
      return handoffs.ready(effect.handoffId, effect.manifest);
    case "withdrawHandoff":
      return handoffs.withdraw(effect.handoffId, effect.reason);
    case "acceptHandoff":
      return handoffs.accept(effect.handoffId);
    case "declineHandoff":
      return handoffs.decline(effect.handoffId, effect.code);
    case "goHandoff":
      return handoffs.go(effect.handoffId);
    case "receiveHandoff":
      return handoffs.receive(effect.handoffId, effect.result);
    case "admitVehicle":
      return reservation.admit({ vehicleId: effect.vehicleId, vehicleClassId: effect.vehicleClassId, nodeId: effect.nodeId });
    case "dismissVehicle":
      return reservation.dismiss(effect.vehicleId);
    case "raiseAlarm": {
      const { alarmId, code, detail, priority, vehicleId } = effect;
      return alarms.raise({ alarmId, code, detail, priority, missionId, vehicleId });
    }
    case "clearAlarm":
      return alarms.clear(effect.alarmId);
  }
}

/** A vehicle at a charger is unplugged before it has to leave. */
export function sendOnLeg({ fleet, reservation }: Pick<World, "fleet" | "reservation">, leg: LegRequest): void {
  const charging = fleet.vehicles().get(leg.vehicleId)?.state?.charging === true;
  if (charging && leg.commandedBy === "us") {
    fleet.instruct(leg.vehicleId, { kind: "stopCharging", actionId: `${leg.legId}.stop-charging` as ActionId });
  }
  reservation.requestLeg(leg);
}
