import type { FeedAddress, FeedMessage, FeedSource } from "./source.ts";
import type { WorkerCommand } from "./worker-messages.ts";

/** The feeds of a site, through the feed worker. */
export function workerSource(feeds: readonly FeedAddress[]): FeedSource {
  let worker: Worker | undefined;
  return {
    start(onMessage) {
      worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "baton-feed" });
      worker.addEventListener("message", (event: MessageEvent<FeedMessage>) => onMessage(event.data));
      const command: WorkerCommand = { kind: "connect", feeds };
      worker.postMessage(command);
    },
    stop() {
      worker?.terminate();
      worker = undefined;
    },
  };
}
