import type { FastifyBaseLogger, FastifyPluginAsync } from "fastify";
import type { Registry } from "prom-client";
import type { Accounts } from "../accounts/accounts.ts";
import type { IdentityProvider } from "../accounts/oidc.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import type { ControlFrame } from "../contract/index.ts";
import type { PartnerDeliveries } from "../partner/deliveries.ts";
import type { PartnerKeys } from "../partner/partner-keys.ts";
import type { Tape } from "../tape/tape.ts";
import type { ProviderView } from "./account-routes.ts";
import type { Desk } from "./desk.ts";
import type { createFeedHub } from "./feed-hub.ts";

/** What the HTTP server is made of. */
export interface ServerOptions {
  readonly desk: Desk;
  readonly accounts: Accounts;
  readonly audit: AuditLog;
  readonly nowMs: () => number;
  readonly nextId: () => string;
  /** Of 256 bits, not to be guessed. */
  readonly newToken: () => string;
  /** An authority's identity provider: whose token is whose, and where a browser goes to get one. */
  readonly provider: { readonly identities: IdentityProvider; readonly shown: ProviderView } | undefined;
  readonly hub: ReturnType<typeof createFeedHub>;
  /** What viewers were shown, where it is kept. */
  readonly tape: Tape | undefined;
  /** What a viewer gets first: `hello` and a snapshot. */
  readonly greeting: () => readonly ControlFrame[];
  readonly metrics: Registry;
  readonly partnerKeys: Pick<PartnerKeys, "enrol" | "theirs">;
  readonly partnerDeliveries: PartnerDeliveries;
  /** The partner's API, signed by the partner and not by an account. */
  readonly partnerRoutes: FastifyPluginAsync;
  /** The built twin; without it the API runs alone. */
  readonly twinFolder: string | undefined;
  /** Other origins whose pages may read this API (the other side's twin in a demo). */
  readonly allowedOrigins: readonly string[];
  readonly log: FastifyBaseLogger;
}
