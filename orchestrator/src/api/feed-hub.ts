import { Packr } from "msgpackr";
import { CONTROL_FRAME, type ControlFrame, encodePoseFrame, type PoseRecord } from "../contract/index.ts";

/** One viewer's connection, as the hub needs it. */
export interface FeedSocket {
  send(data: Uint8Array): void;
  close(code: number, reason: string): void;
  /** Bytes sent that the viewer is not known to have read. */
  readonly unreadBytes: number;
}

/** A viewer with this much unread is behind: pose frames are left out for it, so that the next that it gets is the newest. */
const BEHIND_BYTES = 64 * 1024;
/** With this much unread (more than any snapshot) a viewer is closed: what it would read is history. */
const LOST_BYTES = 8 * 1024 * 1024;

const packr = new Packr({ useRecords: false });

export function encodeControlFrame(frame: ControlFrame): Uint8Array<ArrayBuffer> {
  const body = packr.pack(frame);
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = CONTROL_FRAME;
  bytes.set(body, 1);
  return bytes;
}

/**
 * Fans the feed out to its viewers: each frame is encoded once, whatever the number of viewers.
 * A slow viewer loses pose frames (the next one makes them good), never control frames.
 */
export function createFeedHub(): {
  join(socket: FeedSocket, first: readonly ControlFrame[]): () => void;
  poses(tick: number, atMs: number, records: readonly PoseRecord[]): void;
  control(frame: ControlFrame): void;
  viewers(): number;
} {
  const sockets = new Set<FeedSocket>();

  const drop = (socket: FeedSocket): void => {
    sockets.delete(socket);
    socket.close(1013, "too slow: reconnect for a fresh snapshot");
  };

  return {
    join(socket, first) {
      for (const frame of first) socket.send(encodeControlFrame(frame));
      sockets.add(socket);
      return () => sockets.delete(socket);
    },
    poses(tick, atMs, records) {
      if (sockets.size === 0) return;
      const bytes = encodePoseFrame(tick, atMs, records);
      for (const socket of sockets) if (socket.unreadBytes < BEHIND_BYTES) socket.send(bytes);
    },
    control(frame) {
      if (sockets.size === 0) return;
      const bytes = encodeControlFrame(frame);
      for (const socket of sockets) {
        if (socket.unreadBytes > LOST_BYTES) drop(socket);
        else socket.send(bytes);
      }
    },
    viewers: () => sockets.size,
  };
}
