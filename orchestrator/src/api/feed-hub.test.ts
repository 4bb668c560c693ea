import { expect, test } from "vitest";
import { CONTROL_FRAME, type ControlFrame, decodePoseFrame, type PoseRecord } from "../contract/index.ts";
import { createFeedHub } from "./feed-hub.ts";
import { type PingableSocket, viewerSocket } from "./viewer-socket.ts";

const FLEET: readonly PoseRecord[] = Array.from({ length: 300 }, (_, slot) => ({
  slot,
  flags: 0,
  batteryPct: 50,
  xM: slot,
  yM: 0,
  headingRad: 0,
  speedMps: 1,
}));

/** A viewer at the other end of a wire that holds any amount: it reads when told to. */
class Viewer implements PingableSocket {
  readonly read: Uint8Array[] = [];
  closed: number | undefined;
  #wire: (Uint8Array | "ping")[] = [];
  #onPong = (): void => {};

  send(data: Uint8Array): void {
    this.#wire.push(data);
  }
  ping(): void {
    this.#wire.push("ping");
  }
  close(code: number): void {
    this.closed = code;
  }
  on(_event: "pong", listener: () => void): void {
    this.#onPong = listener;
  }
  readAll(): void {
    while (this.#wire.length > 0) {
      for (const each of this.#wire.splice(0)) {
        if (each === "ping") this.#onPong();
        else this.read.push(each);
      }
    }
  }
  get ticks(): number[] {
    return this.read.flatMap((bytes) => decodePoseFrame(bytes)?.tick ?? []);
  }
}

test("a frame is one and the same for all viewers", () => {
  const hub = createFeedHub();
  const viewers = [new Viewer(), new Viewer()];
  for (const viewer of viewers) hub.join(viewerSocket(viewer), []);
  hub.poses(1, 200, FLEET);
  for (const viewer of viewers) viewer.readAll();
  expect(viewers[0]?.read[0]).toBe(viewers[1]?.read[0]);
});

test("a viewer that keeps up gets every tick", () => {
  const hub = createFeedHub();
  const viewer = new Viewer();
  hub.join(viewerSocket(viewer), []);
  for (let tick = 1; tick <= 100; tick++) {
    hub.poses(tick, tick * 200, FLEET);
    viewer.readAll();
  }
  expect(viewer.ticks).toHaveLength(100);
});

test("a viewer that does not read for a minute finds less than three seconds of the past, and then the newest", () => {
  const hub = createFeedHub();
  const viewer = new Viewer();
  hub.join(viewerSocket(viewer), []);
  for (let tick = 1; tick <= 300; tick++) hub.poses(tick, tick * 200, FLEET);
  viewer.readAll();
  expect(viewer.ticks.length).toBeLessThan(15);
  hub.poses(301, 301 * 200, FLEET);
  viewer.readAll();
  expect(viewer.ticks.at(-1)).toBe(301);
});

test("what changed is never left out for a viewer that is behind; one that reads nothing any more is let go", () => {
  const hub = createFeedHub();
  const [behind, gone] = [new Viewer(), new Viewer()];
  hub.join(viewerSocket(behind), []);
  hub.join(viewerSocket(gone), []);
  const change: ControlFrame = {
    kind: "changes",
    closures: [{ closureId: "works", edgeIds: ["e1"], reason: "x".repeat(100_000) }],
    borderline: { side: "vn", partner: "online", handoffs: [] },
  };
  for (let tick = 1; tick <= 300; tick++) hub.poses(tick, tick * 200, FLEET);
  hub.control(change);
  behind.readAll();
  expect(behind.read.filter((bytes) => bytes[0] === CONTROL_FRAME)).toHaveLength(1);
  for (let i = 0; i < 1_000 && gone.closed === undefined; i++) {
    hub.control(change);
    behind.readAll();
  }
  expect(gone.closed).toBe(1013);
  expect(behind.closed).toBeUndefined();
  expect(hub.viewers()).toBe(1);
});
