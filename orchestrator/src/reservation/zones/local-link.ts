import type { ZoneId } from "@baton/maps";
import type { Command } from "../core/zone.ts";
import type { Reservation } from "../port.ts";
import type { ReservationService } from "../service-port.ts";
import type { ZoneLink, ZoneSaid } from "./zone-link.ts";

/** A zone whose loop runs in this process: for sides where one process has time enough, and for fast time. */
export function createLocalLink(zoneId: ZoneId, service: ReservationService): ZoneLink {
  const listeners = new Set<(said: ZoneSaid) => void>();
  const say = (said: ZoneSaid): void => {
    for (const listener of listeners) listener(said);
  };
  service.onCommitted((legs) => say({ kind: "committed", legs }));
  service.subscribe((event) => {
    say({ kind: "event", event });
    if (event.kind === "trouble" && (event.code === "leadership-lost" || event.code === "halted"))
      say({ kind: "down", detail: event.detail });
  });
  return {
    zoneId,
    async start() {
      await service.start();
      say({ kind: "up" });
    },
    stop: () => service.stop(),
    send: (command) => ask(service, command),
    observe: (observation) => service.observe(observation),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    knows: (vehicleId) => service.holding(vehicleId) !== undefined,
    holding: (vehicleId) => service.holding(vehicleId),
    explain: (vehicleId) => service.explain(vehicleId),
    outOfUse: () => service.outOfUse(),
    metrics: () => service.metrics(),
  };
}

/** A command as the call that it is. */
export function ask(reservation: Reservation, command: Command): void {
  switch (command.kind) {
    case "admit":
      reservation.admit(command.admission);
      return;
    case "requestLeg":
      reservation.requestLeg(command.request);
      return;
    case "proceed":
      reservation.proceed(command.vehicleId, command.legId, command.nodeId);
      return;
    case "abandonLeg":
      reservation.abandonLeg(command.vehicleId, command.legId);
      return;
    case "dismiss":
      reservation.dismiss(command.vehicleId);
      return;
    case "close":
      reservation.close(command.closure);
      return;
    case "open":
      reservation.open(command.closureId);
      return;
    case "fail":
      reservation.fail(command.vehicleId, command.reason);
      return;
    case "recover":
      reservation.recover(command.vehicleId);
      return;
    case "prioritise":
      reservation.prioritise(command.vehicleId, command.legId, command.priority);
      return;
  }
}
