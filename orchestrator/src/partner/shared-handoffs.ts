import type { Handoffs } from "../handoff/port.ts";
import { type SharingPolicy, sharedManifest } from "./sharing-policy.ts";

/** The hand-off room as missions use it: every manifest on its way out passes the policy before anything is kept of it. */
export function withSharingPolicy(handoffs: Handoffs, policy: SharingPolicy): Handoffs {
  return {
    start: () => handoffs.start(),
    stop: () => handoffs.stop(),
    offer: (offer) => handoffs.offer({ ...offer, manifest: sharedManifest(offer.manifest, policy) }),
    ready: (handoffId, manifest, ...rest) =>
      handoffs.ready(handoffId, sharedManifest(manifest, policy), ...rest),
    kept: () => handoffs.kept(),
    withdraw: (...request) => handoffs.withdraw(...request),
    accept: (...request) => handoffs.accept(...request),
    decline: (...request) => handoffs.decline(...request),
    go: (...request) => handoffs.go(...request),
    revoke: (...request) => handoffs.revoke(...request),
    receive: (...request) => handoffs.receive(...request),
    observeRegister: (...request) => handoffs.observeRegister(...request),
    subscribe: (listener) => handoffs.subscribe(listener),
    forecast: (vehiclesWanted) => handoffs.forecast(vehiclesWanted),
    partnerForecast: () => handoffs.partnerForecast(),
    open: () => handoffs.open(),
  };
}
