import type { FeedAddress } from "./source.ts";

/** What the page tells the feed worker. */
export interface WorkerCommand {
  readonly kind: "connect";
  readonly feeds: readonly FeedAddress[];
}
