import type { Timers } from "@baton/fleet-adapter";
import { type Borders, checkBorders, type Network, type Partition, partition, type Side } from "@baton/maps";
import type { Redis } from "ioredis";
import { ConfigError } from "./config.ts";
import { ledgerKeys } from "./reservation/ledger/redis-ledger.ts";
import type { ReservationLog, SideReservation } from "./reservation/service-port.ts";
import { createRedisCrossingStore } from "./reservation/zones/redis-crossing-store.ts";
import type { ZoneLink } from "./reservation/zones/zone-link.ts";
import { createZonedReservation } from "./reservation/zones/zoned-reservation.ts";

export interface DividedInputs {
  readonly side: Side;
  /** Of the whole side. */
  readonly network: Network;
  readonly borders: Borders;
  /** Under whose name the side keeps what is of no single zone: missions, hand-offs, crossings. */
  readonly sideId: string;
  readonly redis: Redis;
  readonly timers: Timers;
  readonly log: ReservationLog;
  /** Begins the tick loop of one zone, wherever that runs. */
  readonly linkTo: (zoneId: ZoneLink["zoneId"]) => ZoneLink;
}

/**
 * The real-time core of a side that its site file divides into zones, a tick loop each.
 * @throws {ConfigError} when the borders do not divide the roads, or bar them.
 */
export function openDivided(inputs: DividedInputs): {
  readonly reservation: SideReservation;
  readonly network: Network;
} {
  const { redis, timers, log, sideId } = inputs;
  const parts = partitionOf(inputs);
  const store = createRedisCrossingStore(redis, `baton:{${sideId}}:crossings`, [
    ledgerKeys(sideId as ZoneLink["zoneId"]).epoch,
    `baton:{${sideId}}:mission:epoch`,
  ]);
  const zones = parts.zoneIds.map((zoneId) => inputs.linkTo(zoneId));
  return {
    reservation: createZonedReservation({ partition: parts, zones, store, timers, log }),
    network: parts.network,
  };
}

function partitionOf({ side, network, borders }: DividedInputs): Partition {
  try {
    const parts = partition(network, borders);
    const { ok, obstructing, cutOff } = checkBorders(parts);
    if (ok) return parts;
    const wrong = [
      ...obstructing.map(({ placeNodeId, edgeId }) => `who waits at ${placeNodeId} bars ${edgeId}`),
      ...cutOff.map(({ from, to }) => `from ${from} to ${to} every way crosses a place to stay`),
    ];
    throw new ConfigError(`BATON_SITE_DIR: the borders of ${side}: ${wrong.join("; ")}`);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `BATON_SITE_DIR: the borders of ${side}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
