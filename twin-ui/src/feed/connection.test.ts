import { CONTROL_FRAME, type ControlFrame, encodePoseFrame } from "@baton/orchestrator/contract";
import { pack } from "msgpackr";
import { describe, expect, it } from "vitest";
import {
  type ConnectionPorts,
  FeedConnection,
  retryDelayMs,
  SILENCE_MS,
  type SocketEvents,
} from "./connection.ts";
import { type FeedMessage, feedAddress } from "./source.ts";

/** A network and a clock that the test drives by hand. */
class World implements ConnectionPorts {
  readonly sockets: { readonly url: string; readonly events: SocketEvents; closed: boolean }[] = [];
  readonly messages: FeedMessage[] = [];
  #timers: { readonly atMs: number; readonly act: () => void }[] = [];
  #nowMs = 0;

  open(url: string, events: SocketEvents): { close(): void } {
    const socket = { url, events, closed: false };
    this.sockets.push(socket);
    return {
      close: () => {
        socket.closed = true;
      },
    };
  }

  after(delayMs: number, act: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  random(): number {
    return 0.999;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const timer of this.#timers.filter(({ atMs }) => atMs <= this.#nowMs)) {
      this.#timers = this.#timers.filter((each) => each !== timer);
      timer.act();
    }
  }

  get socket() {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error("nothing was opened");
    return last;
  }

  get links(): string[] {
    return this.messages.flatMap((message) => (message.kind === "link" ? [message.state] : []));
  }
}

function connect(): { world: World; connection: FeedConnection } {
  const world = new World();
  const connection = new FeedConnection({ side: "vn", url: "ws://x/feed" }, world, (message) =>
    world.messages.push(message),
  );
  connection.start();
  return { world, connection };
}

const control = (frame: unknown): Uint8Array => new Uint8Array([CONTROL_FRAME, ...pack(frame)]);
const hello: ControlFrame = { kind: "hello", side: "vn", siteId: "mini", tickMs: 100, speed: 1, nowMs: 5 };
const poses = (): Uint8Array =>
  encodePoseFrame(9, 1234, [
    { slot: 1, flags: 1, batteryPct: 50, xM: -7.25, yM: 13, headingRad: 3, speedMps: 2 },
  ]);

describe("a feed's connection", () => {
  it("is live from the first frame on, and delivers what it decodes", () => {
    const { world } = connect();
    world.socket.events.onOpen();
    expect(world.links).toEqual(["connecting"]);
    world.socket.events.onMessage(control(hello));
    world.socket.events.onMessage(poses());
    expect(world.links).toEqual(["connecting", "live"]);
    expect(world.messages[2]).toEqual({ kind: "control", side: "vn", frame: hello });
    expect(world.messages[3]).toMatchObject({
      kind: "poses",
      frame: { tick: 9, count: 1, xM: new Float32Array([-7.25]) },
    });
  });

  it("drops what the contract does not know and goes on", () => {
    const { world } = connect();
    for (const bytes of [
      new Uint8Array(),
      new Uint8Array([9, 9]),
      control({ kind: "snapshot" }),
      new Uint8Array([CONTROL_FRAME, 0xc1]),
    ]) {
      world.socket.events.onMessage(bytes);
    }
    world.socket.events.onMessage(poses().subarray(0, 20));
    expect(world.messages).toEqual([{ kind: "link", side: "vn", state: "connecting" }]);
    world.socket.events.onMessage(poses());
    expect(world.links).toEqual(["connecting", "live"]);
  });

  it("connects again after a loss, later each time that it fails", () => {
    const { world } = connect();
    const openedAfterMs: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const before = world.sockets.length;
      world.socket.events.onClose(1006);
      let waitedMs = 0;
      while (world.sockets.length === before && waitedMs < 60_000) {
        world.pass(10);
        waitedMs += 10;
      }
      openedAfterMs.push(waitedMs);
    }
    expect(openedAfterMs).toEqual([250, 500, 1000, 1000, 1000, 1000, 1000]);
  });

  it("is there again within two seconds of its return, after a minute in which nobody answered", () => {
    const { world } = connect();
    world.socket.events.onMessage(poses());
    world.socket.events.onClose(1006);
    for (let ms = 0; ms < 60_000; ms += 10) {
      const attempts = world.sockets.length;
      world.pass(10);
      if (world.sockets.length > attempts) world.socket.events.onClose(1006);
    }
    const before = world.sockets.length;
    let returnedForMs = 0;
    for (; world.sockets.length === before; returnedForMs += 10) world.pass(10);
    world.socket.events.onMessage(poses());
    expect(returnedForMs).toBeLessThan(2_000);
    expect(world.links.at(-1)).toBe("live");
  });

  it("begins with short waits again once frames have come", () => {
    const { world } = connect();
    for (let i = 0; i < 4; i++) {
      world.socket.events.onClose(1006);
      world.pass(8_000);
    }
    world.socket.events.onMessage(poses());
    world.socket.events.onClose(1006);
    const before = world.sockets.length;
    world.pass(250);
    expect(world.sockets.length).toBe(before + 1);
  });

  it("gives up a socket that has fallen silent, and shows the gap", () => {
    const { world } = connect();
    world.socket.events.onMessage(poses());
    const silent = world.socket;
    world.pass(SILENCE_MS);
    expect(silent.closed).toBe(true);
    expect(world.links).toEqual(["connecting", "live", "lost"]);
    world.pass(8_000);
    silent.events.onMessage(poses());
    expect(world.links).toEqual(["connecting", "live", "lost"]);
    world.socket.events.onMessage(poses());
    expect(world.links).toEqual(["connecting", "live", "lost", "live"]);
  });

  it("says so when its token is refused", () => {
    const { world } = connect();
    world.socket.events.onClose(4401);
    expect(world.links).toEqual(["connecting", "refused"]);
  });

  it("is quiet after it was stopped", () => {
    const { world, connection } = connect();
    connection.stop();
    world.socket.events.onMessage(poses());
    world.socket.events.onClose(1006);
    world.pass(60_000);
    expect(world.sockets.length).toBe(1);
    expect(world.links).toEqual(["connecting"]);
  });

  it("spreads retries of many viewers", () => {
    expect(retryDelayMs(3, 0)).toBe(500);
    expect(retryDelayMs(3, 1)).toBe(1000);
  });
});

describe("the address of a feed", () => {
  it("is the page's own host when the site names a path", () => {
    expect(
      feedAddress({ side: "vn", url: "/api/v1/feed" }, "https://gate.example/twin/?lang=vi", undefined).url,
    ).toBe("wss://gate.example/api/v1/feed");
  });

  it("carries the token", () => {
    expect(
      feedAddress({ side: "cn", url: "http://127.0.0.1:9100/api/v1/feed" }, "http://127.0.0.1:9000/", "s&p")
        .url,
    ).toBe("ws://127.0.0.1:9100/api/v1/feed?token=s%26p");
  });
});
