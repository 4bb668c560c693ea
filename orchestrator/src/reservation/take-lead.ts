import { createZone } from "./core/create-zone.ts";
import type { CoreSettings } from "./core/kinematics.ts";
import { restore } from "./core/restore.ts";
import type { Command, Zone } from "./core/zone.ts";
import { rebuildLedger } from "./ledger/rebuild-ledger.ts";
import type { ReservationOptions } from "./service-port.ts";

/** A zone that is led from here on. */
export interface Lead {
  readonly zone: Zone;
  readonly epoch: number;
  readonly lastTick: number;
  /** The ledger was rebuilt, and is to be settled once these commands are true in it. */
  readonly wasRebuilt: boolean;
  readonly commands: readonly Command[];
}

/**
 * Takes leadership and reads where the last leader was. A ledger that may have lost ticks, by its own account or by the
 * caller's (`hasForgotten`), is rebuilt first from what vehicles say. Throws as `ReservationService.start` does.
 */
export async function takeLead(
  options: ReservationOptions,
  settings: CoreSettings,
  nowTick: number,
  hasForgotten: boolean,
): Promise<Lead> {
  const { ledger, leaderId, clock, network } = options;
  const { epoch, whole } = await ledger.takeLeadership(leaderId, clock.nowMs());
  const found = await ledger.read();
  // A ledger that forgot everything looks like a new one; who led it knows better.
  const wasRebuilt = !whole || hasForgotten;
  const { content, commands } = wasRebuilt
    ? await rebuildLedger(options, settings, epoch, found, nowTick)
    : { content: found, commands: [] };
  const zone = createZone(network, settings);
  restore(zone, content);
  return { zone, epoch, lastTick: content.lastTick, wasRebuilt, commands };
}
