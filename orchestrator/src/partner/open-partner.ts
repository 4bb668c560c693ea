import type { Clock, Ids, Timers } from "@baton/fleet-adapter";
import type { Side, Site } from "@baton/maps";
import type { FastifyPluginAsync } from "fastify";
import type { Redis } from "ioredis";
import type { MissionView } from "../contract/index.ts";
import { httpFetch } from "../handoff/http-fetch.ts";
import type { KeyRing } from "../handoff/keys.ts";
import type { Fetch } from "../handoff/partner-ask.ts";
import type { HandoffService } from "../handoff/service-port.ts";
import { type PartnerDeliveries, partnerDeliveries } from "./deliveries.ts";
import { createEventLog } from "./event-log.ts";
import { createPartnerFeed } from "./feed.ts";
import { createPartnerKeys, type PartnerKeys } from "./partner-keys.ts";
import { partnerApi } from "./routes.ts";
import type { SharingPolicy } from "./sharing-policy.ts";
import { WebhookDelivery } from "./webhook-delivery.ts";
import { createWebhookStore } from "./webhook-store.ts";

export interface PartnerRoomOptions {
  readonly side: Side;
  readonly site: Site;
  readonly zoneId: string;
  readonly redis: Redis;
  readonly clock: Clock & Timers;
  readonly ids: Ids;
  readonly ring: KeyRing;
  readonly handoffs: HandoffService;
  readonly missions: () => readonly MissionView[];
  readonly policy: SharingPolicy;
  readonly webhookHosts: readonly string[];
  readonly isSandbox: boolean;
  readonly fetch?: Fetch;
  readonly logger: {
    warn(context: object, message: string): void;
    error(context: object, message: string): void;
  };
}

export interface PartnerRoom {
  readonly routes: FastifyPluginAsync;
  readonly keys: PartnerKeys;
  readonly deliveries: PartnerDeliveries;
  /** Tells the partner what a mission has come through. */
  missionChanged(mission: MissionView): void;
  /** Once Redis answers; throws `StoreUnreachable`. */
  start(): Promise<void>;
  stop(): void;
}

/** Everything that the partner sees and is told besides the hand-off's own conversation. */
export function openPartner(options: PartnerRoomOptions): PartnerRoom {
  const { side, redis, zoneId, clock, ids, ring, handoffs, policy, logger } = options;
  const warn = (context: object, message: string): void => logger.warn(context, message);
  const log = createEventLog({ redis, zoneId, side });
  const keys = createPartnerKeys({ ring, side, redis, zoneId });
  const webhooks = createWebhookStore({ redis, zoneId });
  const feed = createPartnerFeed({
    log,
    policy,
    timers: clock,
    warn,
    about: (handoffId) => {
      const machine = handoffs.look(handoffId)?.machine;
      const containerNo = machine?.offer.manifest.container?.containerNo;
      return {
        ...(machine === undefined ? {} : { role: machine.role }),
        ...(containerNo === undefined ? {} : { containerNo }),
      };
    },
  });
  const fetch = options.fetch ?? httpFetch;
  const delivery = new WebhookDelivery({
    log,
    store: webhooks,
    keys: ring,
    clock,
    timers: clock,
    ids,
    fetch,
    warn,
  });
  handoffs.subscribe((event) => feed.handoff(event, clock.nowMs()));
  feed.onAppended(() => delivery.wake());
  return {
    routes: partnerApi({ ...options, keys, log, feed, webhooks, delivery }),
    keys,
    deliveries: partnerDeliveries({ store: webhooks, log, delivery }),
    missionChanged: (mission) => feed.mission(mission),
    async start() {
      await keys.load();
      delivery.start();
      for (const mission of options.missions()) feed.mission(mission);
    },
    stop: () => delivery.stop(),
  };
}
