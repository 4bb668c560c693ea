import type { VehicleId } from "@baton/fleet-adapter";
import { type BlockId, type NodeId, type ZoneId, zoneView } from "@baton/maps";
import type { LeaderId } from "../../ledger/ledger.ts";
import { createOrderWriter } from "../../orders.ts";
import type { LegId, LegRequest, ReservationEvent } from "../../port.ts";
import { createReservation } from "../../service.ts";
import type { ReservationService } from "../../service-port.ts";
import { ModelVehicle } from "../../testing/model-vehicle.ts";
import { CARRIER, modelLedger, NO_TIMERS, TICK_MS } from "../../testing/traffic.ts";
import { createMemoryCrossingStore } from "../crossing-store.ts";
import { createLocalLink } from "../local-link.ts";
import { createZonedReservation } from "../zoned-reservation.ts";
import type { ZonedLayout } from "./layouts.ts";

const QUIET = { info: () => {}, warn: () => {}, error: () => {} };

/** A side over zones with a clock in hand: vehicles that drive as they are told, and everything that was said. */
export async function sideOn(layout: ZonedLayout) {
  const { partition } = layout;
  let nowMs = 1_000_000;
  const ledgers = new Map(partition.zoneIds.map((zoneId) => [zoneId, modelLedger()]));
  const services = new Map<ZoneId, ReservationService>();
  const links = partition.zoneIds.map((zoneId) => {
    const ledger = ledgers.get(zoneId)?.ledger;
    if (ledger === undefined) throw new Error("no ledger");
    const service = createReservation({
      network: zoneView(partition, zoneId),
      kinematics: CARRIER,
      ledger,
      leaderId: "me" as LeaderId,
      clock: { nowMs: () => nowMs },
      timers: NO_TIMERS,
      log: QUIET,
    });
    services.set(zoneId, service);
    return createLocalLink(zoneId, service);
  });
  const reservation = createZonedReservation({
    partition,
    zones: links,
    store: createMemoryCrossingStore(),
    timers: NO_TIMERS,
    log: QUIET,
  });
  const events: ReservationEvent[] = [];
  const vehicles = new Map<VehicleId, ModelVehicle>();
  const stopped = new Set<VehicleId>();
  const standing = new Set<ZoneId>();
  const writer = createOrderWriter({
    network: layout.network,
    mayCommand: () => true,
    fleet: { drive: (vehicleId, order) => vehicles.get(vehicleId)?.take(order) },
  });
  reservation.onCommitted((legs) => writer.write(legs));
  reservation.subscribe((event) => void events.push(event));
  await reservation.start();

  return {
    reservation,
    events,
    vehicles,
    stopped,
    /** Zones whose loop does not tick. */
    standing,
    async tick(count = 1) {
      for (let i = 0; i < count; i++) {
        nowMs += TICK_MS;
        for (const [vehicleId, vehicle] of vehicles) {
          vehicle.drive(TICK_MS / 1000, stopped.has(vehicleId) ? 0 : 1);
          reservation.observe(vehicle.report(nowMs));
        }
        await reservation.settled();
        for (const [zoneId, service] of services) {
          if (standing.has(zoneId)) continue;
          await service.tick();
          await reservation.settled();
        }
      }
    },
    async until(holds: () => boolean, most = 2000) {
      for (let i = 0; i < most && !holds(); i++) await this.tick();
      if (!holds()) throw new Error(`not within ${most} ticks: ${JSON.stringify(events.slice(-5))}`);
    },
    async admit(name: string, nodeId: string) {
      const vehicleId = name as VehicleId;
      const pose = layout.network.poseIndex(nodeId as NodeId) ?? -1;
      vehicles.set(vehicleId, new ModelVehicle(layout.network, vehicleId, pose));
      const { vehicleClassId } = layout.network;
      reservation.admit({ vehicleId, vehicleClassId, nodeId: nodeId as NodeId });
      await this.tick(2);
    },
    send(legId: string, name: string, toNodeId: string, more: Partial<LegRequest> = {}) {
      reservation.requestLeg({
        legId: legId as LegId,
        vehicleId: name as VehicleId,
        via: [],
        toNodeId: toNodeId as NodeId,
        actionsAtEnd: [],
        priority: 0,
        commandedBy: "us",
        ...more,
      });
    },
    said(kind: ReservationEvent["kind"], legId?: string): ReservationEvent[] {
      return events.filter(
        (event) =>
          event.kind === kind && (legId === undefined || ("legId" in event && event.legId === legId)),
      );
    },
    /** Nodes reached on a leg, in the order said. */
    reached(legId: string): string[] {
      return events.flatMap((event) =>
        event.kind === "reached" && event.legId === legId ? [event.nodeId] : [],
      );
    },
    /** Blocks that a vehicle holds, by zone. */
    async held(name: string): Promise<Record<string, BlockId[]>> {
      const all: Record<string, BlockId[]> = {};
      for (const [zoneId, ledger] of ledgers) {
        const blocks = [...(await ledger.holders())].flatMap(([block, holder]) =>
          holder === name ? [block] : [],
        );
        if (blocks.length > 0) all[zoneId] = blocks;
      }
      return all;
    },
  };
}
