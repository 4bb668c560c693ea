import { FeedConnection } from "./connection.ts";
import type { FeedMessage } from "./source.ts";
import type { WorkerCommand } from "./worker-messages.ts";

/**
 * The feed worker: owns the WebSockets, decodes, reconnects; the page only sees `FeedMessage`s.
 * Arrays of pose frames are transferred, not copied.
 */

const connections: FeedConnection[] = [];

function post(message: FeedMessage): void {
  if (message.kind !== "poses") {
    self.postMessage(message);
    return;
  }
  const { slot, flags, batteryPct, xM, yM, headingRad, speedMps } = message.frame;
  const transfer = [slot, flags, batteryPct, xM, yM, headingRad, speedMps].map((array) => array.buffer);
  self.postMessage(message, { transfer });
}

self.addEventListener("message", (event: MessageEvent<WorkerCommand>) => {
  for (const old of connections.splice(0)) old.stop();
  for (const address of event.data.feeds) {
    const connection = new FeedConnection(
      address,
      {
        open: (url, events) => {
          const socket = new WebSocket(url);
          socket.binaryType = "arraybuffer";
          socket.addEventListener("open", () => events.onOpen());
          socket.addEventListener("message", (message: MessageEvent<unknown>) => {
            if (message.data instanceof ArrayBuffer) events.onMessage(new Uint8Array(message.data));
          });
          socket.addEventListener("close", (close) => events.onClose(close.code));
          return socket;
        },
        after: (delayMs, act) => {
          const timer = setTimeout(act, delayMs);
          return () => clearTimeout(timer);
        },
        random: () => Math.random(),
      },
      post,
    );
    connections.push(connection);
    connection.start();
  }
});
