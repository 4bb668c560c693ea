import { expect, test } from "vitest";
import { createPlayback, type Range } from "./playback.ts";

const TAPE: Range = { fromMs: 0, toMs: 3_600_000 };

function page() {
  const waiting: ((range: Range | undefined) => void)[] = [];
  const shownAtMs: (number | undefined)[] = [];
  const playback = createPlayback({
    live: () => ({ start: () => undefined, stop: () => undefined }),
    decks: [],
    range: () => new Promise((resolve) => waiting.push(resolve)),
    onMessage: () => undefined,
    onReplay: (replay) => shownAtMs.push(replay?.atMs),
  });
  return { playback, waiting, shownAtMs };
}

test("without a moment named it goes back five minutes from the end of the tape", async () => {
  const { playback, waiting, shownAtMs } = page();
  const begun = playback.replay();
  waiting[0]?.(TAPE);
  await begun;
  expect(shownAtMs.at(-1)).toBe(3_300_000);
  playback.stop();
});

test("the bar stands where it was put at once, before anybody has answered", async () => {
  const { playback, waiting, shownAtMs } = page();
  const begun = playback.replay();
  waiting[0]?.(TAPE);
  await begun;
  void playback.replay(600_000);
  expect(shownAtMs.at(-1)).toBe(600_000);
  playback.stop();
});

test("of several moments asked for the last one is gone to, in whatever order the answers come", async () => {
  const { playback, waiting, shownAtMs } = page();
  const begun = playback.replay();
  waiting[0]?.(TAPE);
  await begun;
  const asked = [playback.replay(600_000), playback.replay(1_200_000)];
  waiting[2]?.(TAPE);
  waiting[1]?.(TAPE);
  await Promise.all(asked);
  expect(shownAtMs.at(-1)).toBe(1_200_000);
  playback.stop();
});

test("where the tape has grown meanwhile, the bar grows with the next moment asked for", async () => {
  const { playback, waiting, shownAtMs } = page();
  const begun = playback.replay();
  waiting[0]?.(TAPE);
  await begun;
  const asked = playback.replay(600_000);
  waiting[1]?.({ fromMs: 0, toMs: 3_700_000 });
  await asked;
  void playback.replay(3_700_000);
  expect(shownAtMs.at(-1)).toBe(3_700_000);
  playback.stop();
});
