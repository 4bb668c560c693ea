import type { FeedSocket } from "./feed-hub.ts";

/** What is used of a WebSocket (`ws`). */
export interface PingableSocket {
  send(data: Uint8Array): void;
  ping(): void;
  close(code: number, reason: string): void;
  on(event: "pong", listener: () => void): unknown;
}

/**
 * A viewer's socket that knows what its viewer has not read yet. What has been handed to the operating system counts too:
 * its buffers take megabytes, which at a few kilobytes a tick is minutes of the past. A ping goes out behind the data
 * and is answered (RFC 6455, 5.5.3) when all before it has been read; one is under way at a time.
 */
export function viewerSocket(socket: PingableSocket): FeedSocket {
  let sentBytes = 0;
  let readBytes = 0;
  /** How much had been sent when the ping that is under way was. */
  let askedAtBytes: number | undefined;

  const ask = (): void => {
    if (askedAtBytes !== undefined || readBytes === sentBytes) return;
    askedAtBytes = sentBytes;
    socket.ping();
  };
  socket.on("pong", () => {
    // A viewer may say "pong" unasked (5.5.3 allows it): that answers nothing.
    if (askedAtBytes === undefined) return;
    readBytes = askedAtBytes;
    askedAtBytes = undefined;
    ask();
  });

  return {
    send(data) {
      socket.send(data);
      sentBytes += data.byteLength;
      ask();
    },
    close: (code, reason) => socket.close(code, reason),
    get unreadBytes() {
      return sentBytes - readBytes;
    },
  };
}
