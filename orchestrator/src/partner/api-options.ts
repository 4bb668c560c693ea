import type { Clock } from "@baton/fleet-adapter";
import type { Side, Site } from "@baton/maps";
import type { MissionView } from "../contract/index.ts";
import type { KeyRing } from "../handoff/keys.ts";
import type { HandoffService } from "../handoff/service-port.ts";
import type { Deprecation } from "./deprecation.ts";
import type { EventLog } from "./event-log.ts";
import type { PartnerFeed } from "./feed.ts";
import type { PartnerKeys } from "./partner-keys.ts";
import type { SharingPolicy } from "./sharing-policy.ts";
import type { WebhookDelivery } from "./webhook-delivery.ts";
import type { WebhookStore } from "./webhook-store.ts";

/** What the routes of the partner's API are made of. */
export interface PartnerApiOptions {
  readonly side: Side;
  readonly site: Site;
  readonly clock: Clock;
  readonly handoffs: Pick<HandoffService, "routes" | "gate" | "look" | "open">;
  readonly missions: () => readonly MissionView[];
  readonly ring: KeyRing;
  readonly keys: PartnerKeys;
  readonly log: EventLog;
  readonly feed: Pick<PartnerFeed, "onAppended">;
  readonly webhooks: WebhookStore;
  readonly delivery: Pick<WebhookDelivery, "wake" | "redeliver">;
  /** Hosts to which a webhook may lead. */
  readonly webhookHosts: readonly string[];
  readonly policy: SharingPolicy;
  readonly deprecations?: readonly Deprecation[];
  /** Open enrolment and the signature debugger: for partners who are trying it out, never in production. */
  readonly isSandbox: boolean;
  readonly logger: { error(context: object, message: string): void };
}
