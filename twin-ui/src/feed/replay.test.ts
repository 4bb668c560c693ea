import {
  CONTROL_FRAME,
  type ControlFrame,
  encodeEntry,
  encodePoseFrame,
  entriesIn,
} from "@baton/orchestrator/contract";
import { Packr } from "msgpackr";
import { expect, test } from "vitest";
import { Replay, type ReplayState } from "./replay.ts";
import type { FeedMessage } from "./source.ts";

const packr = new Packr({ useRecords: false });
const control = (frame: ControlFrame): Uint8Array => Uint8Array.of(CONTROL_FRAME, ...packr.pack(frame));
const hello = (nowMs: number) =>
  control({ kind: "hello", side: "vn", siteId: "mini", tickMs: 200, speed: 1, nowMs });
const poses = (tick: number, atMs: number) => encodePoseFrame(tick, atMs, []);

/** A tape of twenty minutes: poses each second, a snapshot's hello each minute. */
const TAPE = Array.from({ length: 1_200 }, (_, second) => ({
  atMs: second * 1_000,
  messages: [...(second % 60 === 0 ? [hello(second * 1_000)] : []), poses(second, second * 1_000)],
}));
function deck(shownToMs = 1_200_000, beginsMs = 0) {
  const asked: [number, number][] = [];
  return {
    asked,
    side: "vn" as const,
    async read(fromMs: number, toMs: number) {
      asked.push([fromMs, toMs]);
      const from = Math.max(beginsMs, Math.floor(fromMs / 60_000) * 60_000);
      const found = TAPE.filter(({ atMs }) => atMs >= from && atMs <= Math.min(toMs, shownToMs));
      const parts = found.flatMap(({ atMs, messages }) =>
        messages.map((message) => encodeEntry(atMs, message)),
      );
      return parts.length === 0 ? undefined : Uint8Array.from(parts.flatMap((part) => [...part]));
    },
  };
}

function playing(atMs: number, tape = deck()) {
  let nowMs = 0;
  let beat = (): void => undefined;
  const states: ReplayState[] = [];
  const messages: FeedMessage[] = [];
  const replay = new Replay(
    {
      decks: [tape],
      nowMs: () => nowMs,
      every(_periodMs, act) {
        beat = act;
        return () => {
          beat = () => undefined;
        };
      },
    },
    atMs,
    (state) => states.push(state),
  );
  replay.start((message) => messages.push(message));
  return {
    replay,
    tape,
    states,
    messages,
    /** The ticks of the poses shown since the last call. */
    shown: () => messages.splice(0).flatMap((each) => (each.kind === "poses" ? [each.frame.tick] : [])),
    loaded: () => new Promise<void>((resolve) => setImmediate(resolve)),
    async wait(ms: number) {
      for (let passed = 0; passed < ms; passed += 100) {
        nowMs += 100;
        beat();
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },
  };
}

test("a moment is shown as it was, from the snapshot before it, with the last poses only", async () => {
  const { loaded, messages, states } = playing(90_500);
  await loaded();
  expect(messages.map((message) => message.kind)).toEqual(["link", "control", "poses"]);
  expect(messages[2]).toMatchObject({ frame: { tick: 90 } });
  expect(states.at(-1)).toMatchObject({ atMs: 90_500, isLoading: false, isPlaying: true });
});

test("it goes on at the pace that is set, and stands while it is paused", async () => {
  const { loaded, shown, replay, wait } = playing(90_500);
  await loaded();
  shown();
  await wait(3_000);
  expect(shown()).toEqual([91, 92, 93]);
  replay.play(false);
  await wait(3_000);
  expect(shown()).toEqual([]);
  replay.setSpeed(4);
  replay.play(true);
  await loaded();
  shown();
  await wait(1_000);
  expect(shown()).toEqual([94, 95, 96, 97]);
});

test("what is paused stands at once, and what is left for the live picture does not stand any more", async () => {
  const { loaded, messages, replay } = playing(90_500);
  await loaded();
  messages.splice(0);
  replay.play(false);
  replay.play(true);
  replay.play(false);
  replay.stop();
  expect(messages).toEqual([true, false, true, false].map((isHeld) => ({ kind: "hold", isHeld })));
});

test("a paced hello tells clocks how fast the world is shown", async () => {
  const { loaded, messages, replay } = playing(0);
  await loaded();
  replay.setSpeed(16);
  await loaded();
  expect(messages.findLast((each) => each.kind === "control")).toMatchObject({ frame: { speed: 16 } });
});

test("what comes later is loaded in time, so that nothing is left out and nothing comes twice", async () => {
  const { loaded, shown, replay, wait, tape } = playing(0);
  await loaded();
  replay.setSpeed(16);
  await loaded();
  shown();
  await wait(60_000);
  const ticks = shown();
  expect(ticks).toEqual(Array.from({ length: ticks.length }, (_, i) => (ticks[0] ?? 0) + i));
  expect(ticks.length).toBeGreaterThan(900);
  expect(tape.asked.length).toBeLessThan(12);
});

test("at the end of the tape it waits for more, and what was shown stays", async () => {
  const { loaded, shown, wait, states } = playing(100_000, deck(103_000));
  await loaded();
  shown();
  await wait(10_000);
  expect(shown()).toEqual([101, 102, 103]);
  expect(states.at(-1)?.atMs).toBe(103_000);
});

test("before a side's tape begins nothing is shown of it, though it was a moment ago, and from then on it is", async () => {
  const { loaded, messages, replay, wait } = playing(720_000, deck(1_200_000, 660_000));
  await loaded();
  expect(messages.splice(0)[0]).toEqual({ kind: "link", side: "vn", state: "live" });
  // The first ten minutes that are asked for have nothing on tape.
  void replay.seek(30_000);
  await loaded();
  expect(messages.splice(0)).toMatchObject([
    { kind: "link", state: "lost" },
    { kind: "control", frame: { kind: "snapshot", vehicles: [], missions: [] } },
  ]);
  void replay.seek(659_000);
  await loaded();
  expect(messages.splice(0)).toMatchObject([{ state: "lost" }, { frame: { kind: "snapshot" } }]);
  await wait(2_000);
  expect(messages.splice(0)).toMatchObject([
    { kind: "link", state: "live" },
    { kind: "control", frame: { kind: "hello" } },
    { kind: "poses", frame: { tick: 660 } },
    { kind: "poses", frame: { tick: 661 } },
  ]);
});

test("a later seek wins over one that is still loading", async () => {
  const { loaded, replay, messages } = playing(90_000);
  void replay.seek(600_000);
  await loaded();
  expect(messages.filter(({ kind }) => kind === "poses")).toMatchObject([{ frame: { tick: 600 } }]);
});

test("the tape's own reader gives back what was written", () => {
  expect([...entriesIn(encodeEntry(5, hello(5)))]).toEqual([{ atMs: 5, message: hello(5) }]);
});
