import { CONTROL_FRAME, type ControlFrame, decodePoseFrame, POSE_FRAME } from "@baton/orchestrator/contract";
import { unpack } from "msgpackr/unpack";
import { isControlFrame } from "./conforms.ts";
import type { FeedAddress, FeedMessage } from "./source.ts";

/** What a connection needs from the world; the worker gives it a WebSocket and timers. */
export interface ConnectionPorts {
  open(url: string, events: SocketEvents): { close(): void };
  /** Calls once after a while; the returned function cancels. */
  after(delayMs: number, act: () => void): () => void;
  /** 0 <= value < 1. */
  random(): number;
}

export interface SocketEvents {
  onOpen(): void;
  onMessage(bytes: Uint8Array): void;
  onClose(code: number): void;
}

/** Feeds send a pose frame a tick: this long without one is a gap, and the socket is given up. */
export const SILENCE_MS = 5_000;
const FIRST_RETRY_MS = 250;
/** Whoever looks must see within two seconds of its return that a feed is back. */
const LAST_RETRY_MS = 1_000;
const REFUSED_RETRY_MS = 60_000;
/** Close codes that mean "not with this token": trying again at once would not help. */
const REFUSED_CODES: ReadonlySet<number> = new Set([1008, 4401, 4403]);

/** How long to wait before attempt `attempt` (from 1): doubling up to a second, with up to half of it random. */
export function retryDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10));
  return ceiling / 2 + (ceiling / 2) * random;
}

/** A control message out of its bytes; undefined when it is not one. */
export function decodeControlFrame(bytes: Uint8Array): ControlFrame | undefined {
  if (bytes[0] !== CONTROL_FRAME) return undefined;
  try {
    const value: unknown = unpack(bytes.subarray(1));
    return isControlFrame(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One feed, kept open: connects, decodes, notices silence, connects again with back-off.
 * Messages that are not of the contract are dropped: the stream goes on with the next.
 */
export class FeedConnection {
  readonly #address: FeedAddress;
  readonly #ports: ConnectionPorts;
  readonly #emit: (message: FeedMessage) => void;
  #socket: { close(): void } | undefined;
  #cancelTimer: (() => void) | undefined;
  #attempt = 0;
  #live = false;
  #stopped = false;
  /** Counts sockets, so that a late event of an old one changes nothing. */
  #generation = 0;

  constructor(address: FeedAddress, ports: ConnectionPorts, emit: (message: FeedMessage) => void) {
    this.#address = address;
    this.#ports = ports;
    this.#emit = emit;
  }

  start(): void {
    this.#link("connecting");
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#generation++;
    this.#cancelTimer?.();
    this.#socket?.close();
  }

  #connect(): void {
    if (this.#stopped) return;
    const generation = ++this.#generation;
    const current = (act: () => void): void => {
      if (generation === this.#generation && !this.#stopped) act();
    };
    this.#attempt++;
    this.#watch(generation);
    this.#socket = this.#ports.open(this.#address.url, {
      onOpen: () => current(() => this.#watch(generation)),
      onMessage: (bytes) => current(() => this.#receive(bytes, generation)),
      onClose: (code) => current(() => this.#closed(code)),
    });
  }

  /** Arms the silence timer anew. */
  #watch(generation: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#ports.after(SILENCE_MS, () => {
      if (generation !== this.#generation) return;
      this.#socket?.close();
      this.#closed(0);
    });
  }

  #receive(bytes: Uint8Array, generation: number): void {
    const { side } = this.#address;
    if (bytes[0] === POSE_FRAME) {
      const frame = decodePoseFrame(bytes);
      if (frame === undefined) return;
      this.#alive(generation);
      this.#emit({ kind: "poses", side, frame });
      return;
    }
    const frame = decodeControlFrame(bytes);
    if (frame === undefined) return;
    this.#alive(generation);
    this.#emit({ kind: "control", side, frame });
  }

  #alive(generation: number): void {
    this.#watch(generation);
    if (this.#live) return;
    this.#live = true;
    this.#attempt = 0;
    this.#link("live");
  }

  #closed(code: number): void {
    this.#generation++;
    this.#cancelTimer?.();
    this.#live = false;
    const refused = REFUSED_CODES.has(code);
    this.#link(refused ? "refused" : "lost");
    const delayMs = refused
      ? REFUSED_RETRY_MS
      : retryDelayMs(Math.max(1, this.#attempt), this.#ports.random());
    this.#cancelTimer = this.#ports.after(delayMs, () => this.#connect());
  }

  #link(state: "connecting" | "live" | "lost" | "refused"): void {
    this.#emit({ kind: "link", side: this.#address.side, state });
  }
}
