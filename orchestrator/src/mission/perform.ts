import type { ActionId, FleetAdapter } from "@baton/fleet-adapter";
import type { Alarms } from "../alarms/port.ts";
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
      sendOnLeg(world, effect.leg);
      return;
    case "abandonLeg":
      reservation.abandonLeg(effect.vehicleId, effect.legId);
      return;
    case "proceed":
      reservation.proceed(effect.vehicleId, effect.legId, effect.nodeId);
      return;
    case "askDevice":
      devices.ask(effect.job);
      return;
    case "offerHandoff":
      handoffs.offer(effect.offer);
      return;
    case "readyHandoff":
      handoffs.ready(effect.handoffId, effect.manifest);
      return;
    case "withdrawHandoff":
      handoffs.withdraw(effect.handoffId, effect.reason);
      return;
    case "revokeHandoff":
      handoffs.revoke(effect.handoffId, effect.reason);
      return;
    case "acceptHandoff":
      handoffs.accept(effect.handoffId, effect.returnLoad);
      return;
    case "goHandoff":
      handoffs.go(effect.handoffId);
      return;
    case "receiveHandoff":
      handoffs.receive(effect.handoffId, effect.result);
      return;
    case "admitVehicle":
      reservation.admit({
        vehicleId: effect.vehicleId,
        vehicleClassId: effect.vehicleClassId,
        nodeId: effect.nodeId,
        approaching: effect.approaching,
      });
      return;
    case "dismissVehicle":
      reservation.dismiss(effect.vehicleId);
      return;
    case "raiseAlarm": {
      const { alarmId, code, detail, facts, priority, vehicleId } = effect;
      alarms.raise({ alarmId, code, detail, facts, priority, missionId, vehicleId });
      return;
    }
    case "clearAlarm":
      alarms.clear(effect.alarmId);
      return;
  }
}

/** A vehicle at a charger is unplugged before it has to leave. */
export function sendOnLeg(
  { fleet, reservation }: Pick<World, "fleet" | "reservation">,
  leg: LegRequest,
): void {
  const charging = fleet.vehicles().get(leg.vehicleId)?.state?.charging === true;
  if (charging && leg.commandedBy === "us") {
    fleet.instruct(leg.vehicleId, {
      kind: "stopCharging",
      actionId: `${leg.legId}.stop-charging` as ActionId,
    });
  }
  reservation.requestLeg(leg);
}
