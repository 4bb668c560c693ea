import type { SiteView } from "@baton/orchestrator/contract";
import type { Deck } from "./replay.ts";
import { feedAddress } from "./source.ts";
import { tokenFor } from "./token.ts";

/** The tapes of a site's sides, each asked of the orchestrator whose feed it is. A side that refuses has no tape. */
export function decksOf(site: SiteView, token: string | undefined, pageUrl: string): readonly Deck[] {
  return site.feeds.map(({ side, url }) => ({
    side,
    async read(fromMs, toMs) {
      // The token is in the address, as it is for the feed: a header would make the browser ask for leave first.
      const address = new URL(feedAddress({ side, url }, pageUrl, tokenFor(side, token)).url);
      address.protocol = address.protocol.replace("ws", "http");
      address.pathname = address.pathname.replace(/feed$/, "replay");
      address.searchParams.set("fromMs", String(Math.round(fromMs)));
      address.searchParams.set("toMs", String(Math.round(toMs)));
      try {
        const answer = await fetch(address);
        return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
      } catch {
        return undefined;
      }
    },
  }));
}
