import {
  type Clock,
  countedIds,
  createRos2Adapter,
  createVda5050Adapter,
  type FleetAdapter,
  type Ids,
  type MemoryBroker,
  type MemoryGraph,
  mixedFleet,
  type Timers,
  type Vda5050Adapter,
  type ZoneSet,
} from "@baton/fleet-adapter";
import type { Side, Site, ZoneId } from "@baton/maps";
import {
  type AlarmView,
  closeZonesWithGround,
  createLinkedDevices,
  createLinkedTransferDevices,
  createRedisLedger,
  type Fetch,
  groundOf,
  joseJws,
  type MissionView,
  openRooms,
  type Procedure,
  type Rooms,
  transferDevicesOf,
} from "@baton/orchestrator/rooms";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { simulatedKeys } from "./identities.ts";
import { mortalClock } from "./mortal-clock.ts";
import { hashTape, type TapeHash } from "./tape-hash.ts";
import { redisThrough, type Turnstile } from "./turnstile.ts";

export interface FastSideOptions {
  readonly side: Side;
  readonly site: Site;
  readonly seed: string;
  /** How many processes of this side there were before this one. */
  readonly incarnation: number;
  readonly procedures: readonly Procedure[];
  readonly tickMs: number;
  readonly clock: Clock & Timers;
  readonly turnstile: Turnstile;
  readonly redisUrl: string;
  readonly broker: MemoryBroker;
  /** Of this side, when some vehicles speak ROS 2. */
  readonly graph: MemoryGraph | undefined;
  /** Zones of this side's map. */
  readonly zoneSets: readonly ZoneSet[];
  readonly partnerFetch: Fetch;
  readonly log: Logger;
  onMission(mission: MissionView): void;
  onAlarm(alarm: AlarmView): void;
}

export interface FastSide {
  readonly rooms: Rooms;
  readonly tape: TapeHash;
  /** Ends as a process does that is killed; its sessions with the broker are the broker's business. */
  die(): void;
  /** Ends its sessions with Redis. */
  close(): void;
}

/** Where the partner's door would be; nothing listens there, since the link is in memory. */
export const doorUrlOf = (side: Side): string => `http://${side}.simulated`;

/** The machine may be busy; the simulated world has all the time there is. */
const ANSWER_WITHIN_MS = 600_000;

/** Of what is planned beyond its grants a vehicle drives nothing: it is enough that it knows that its order goes on. */
const HORIZON_NODES = 2;

/** One side's orchestrator as it ships, standing on the virtual world instead of the machine's. */
export async function openFastSide(options: FastSideOptions): Promise<FastSide> {
  const { side, site, seed, incarnation, turnstile, redisUrl, broker } = options;
  const { clock, die } = mortalClock(options.clock);
  const { zoneId } = groundOf(site, side);
  const connect = redisThrough(turnstile);
  const redis = connect(redisUrl, { maxRetriesPerRequest: 0 });
  await ready(redis);
  const ledgerClients: Redis[] = [];
  const ledger = createRedisLedger({
    url: redisUrl,
    zoneId: zoneId as ZoneId,
    answerWithinMs: ANSWER_WITHIN_MS,
    connect: (url, { commandTimeout: _none, ...settings }) => {
      const client = connect(url, settings);
      ledgerClients.push(client);
      return client;
    },
  });
  for (const client of ledgerClients) await ready(client);
  const tape = hashTape(ledger);
  let isDead = false;
  // They serve as nonces too, which have 8 characters at least.
  const ids = countedIds(`${side}-seed-${seed}${incarnation === 0 ? "" : `-again-${incarnation}`}`);
  const deviceAt = transferDevicesOf(site);
  const { vda, fleet } = fleetOf({ ...options, clock }, ids);
  const common = { clock, timers: clock, side, openLink: broker.openLink };
  const rooms = openRooms({
    side,
    site,
    procedures: options.procedures,
    keys: simulatedKeys(seed, side, {
      sign: (...asked) => turnstile.pass(() => joseJws.sign(...asked)),
      verify: (...asked) => turnstile.pass(() => joseJws.verify(...asked)),
    }),
    tickMs: options.tickMs,
    horizonNodes: HORIZON_NODES,
    footing: {
      clock,
      ids,
      redis,
      ledger: tape.ledger,
      fleet,
      devices: createLinkedDevices({ ...common, siteId: site.siteId, clientId: `baton-${side}-gate` }),
      ...(deviceAt.size === 0
        ? {}
        : {
            transfers: createLinkedTransferDevices({
              ...common,
              siteId: site.siteId,
              clientId: `baton-${side}-line`,
              deviceAt,
            }),
          }),
      partner: { url: doorUrlOf(side === "vn" ? "cn" : "vn"), fetch: options.partnerFetch },
    },
    log: options.log.child({ side }),
    onMission: (mission) => {
      if (!isDead) options.onMission(mission);
    },
    onAlarm: (alarm) => {
      if (!isDead) options.onAlarm(alarm);
    },
  });
  const endZones = closeZonesWithGround({
    zoneSets: options.zoneSets,
    zones: vda,
    reservation: rooms.reservation,
    timers: clock,
  });
  const close = (): void => {
    endZones();
    ledger.close();
    redis.disconnect();
  };
  return {
    rooms,
    tape,
    die: () => {
      isDead = true;
      die();
      close();
    },
    close,
  };
}

/** The side's vehicles, whatever they speak. */
function fleetOf(
  options: FastSideOptions,
  ids: Ids,
): { readonly vda: Vda5050Adapter; readonly fleet: FleetAdapter } {
  const { side, site, clock, broker, graph, tickMs, zoneSets } = options;
  const common = { side, site, clock, timers: clock, tickMs, log: options.log.child({ room: "fleet" }) };
  const vda = createVda5050Adapter({ ...common, ids, openLink: broker.openLink, zoneSets });
  if (graph === undefined) return { vda, fleet: vda };
  const ros = createRos2Adapter({ ...common, openRos: graph.openRos });
  return { vda, fleet: mixedFleet({ ...common, fleets: [vda, ros] }) };
}

function ready(redis: Redis): Promise<void> {
  return redis.status === "ready"
    ? Promise.resolve()
    : new Promise((resolve, reject) => {
        redis.once("ready", () => resolve());
        redis.once("error", reject);
      });
}
