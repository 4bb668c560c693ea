import type { Side } from "@baton/maps";
import type { ControlFrame, PoseFrame } from "@baton/orchestrator/contract";

/** How one side's feed is doing. `lost` until data flows again: what is drawn meanwhile is old. */
export type LinkState = "connecting" | "live" | "lost" | "refused";

/** What a feed source tells the page. Small and cloneable: it crosses the worker's border. */
export type FeedMessage =
  | { readonly kind: "poses"; readonly side: Side; readonly frame: PoseFrame }
  | { readonly kind: "control"; readonly side: Side; readonly frame: ControlFrame }
  | { readonly kind: "link"; readonly side: Side; readonly state: LinkState }
  /** The shown time stands, or goes on: while it stands nothing moves, and nothing gets older. */
  | { readonly kind: "hold"; readonly isHeld: boolean };

/** One feed that a viewer may connect to; the URL is absolute and carries the access token, if any. */
export interface FeedAddress {
  readonly side: Side;
  readonly url: string;
}

/** Where live data come from: the feed worker, or a recording. Port of the twin. */
export interface FeedSource {
  /** Begins to deliver, until `stop`. Called once. */
  start(onMessage: (message: FeedMessage) => void): void;
  stop(): void;
}

/** The WebSocket address of a feed as the site names it (relative or absolute), seen from the page. */
export function feedAddress(
  feed: { readonly side: Side; readonly url: string },
  pageUrl: string,
  token: string | undefined,
): FeedAddress {
  const url = new URL(feed.url, pageUrl);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  if (token !== undefined) url.searchParams.set("token", token);
  return { side: feed.side, url: url.href };
}
