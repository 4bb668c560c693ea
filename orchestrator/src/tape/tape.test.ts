import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeControlFrame } from "../api/feed-hub.ts";
import { encodeEntry, entriesIn, wholeBytes } from "../contract/index.ts";
import { reelName, reelOf } from "./reels.ts";
import { openTape, type Tape } from "./tape.ts";

const NINE = Date.UTC(2026, 10, 22, 9);
const HOUR_MS = 3_600_000;

let directory: string;
let nowMs: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "baton-tape-"));
  nowMs = NINE;
});
afterEach(() => rm(directory, { recursive: true }));

const hello = () =>
  encodeControlFrame({ kind: "hello", side: "vn", siteId: "mini", tickMs: 200, speed: 1, nowMs });
const tapeOf = (keepHours = 48): Promise<Tape> =>
  openTape({
    directory,
    keepHours,
    nowMs: () => nowMs,
    greeting: () => [hello()],
    onError: (error) => {
      throw error;
    },
  });
/** Something that is shown once a second, from now on. */
const show = (tape: Tape, seconds: number): void => {
  for (let i = 0; i < seconds; i++) {
    tape.socket.send(Uint8Array.of(1, Math.floor(nowMs / 1_000) % 60));
    nowMs += 1_000;
  }
};
const shown = (bytes: Uint8Array) =>
  [...entriesIn(bytes)].map(({ atMs, message }) => ({ atS: (atMs - NINE) / 1_000, kind: message[0] }));

test("what was shown is read back from the last snapshot before the moment asked for", async () => {
  const tape = await tapeOf();
  show(tape, 150);
  await tape.stop();
  const found = shown(await tape.read(NINE + 90_000, NINE + 92_000));
  expect(found[0]).toEqual({ atS: 60, kind: 2 });
  expect(found.at(-1)).toEqual({ atS: 92, kind: 1 });
  expect(found.filter(({ kind }) => kind === 1)).toHaveLength(33);
});

test("an hour's reel can be read without the one before, and a replay goes over the hour", async () => {
  nowMs = NINE + HOUR_MS - 5_000;
  const tape = await tapeOf();
  show(tape, 10);
  await tape.stop();
  expect((await readdir(directory)).sort()).toEqual(["2026-11-22T09.tape", "2026-11-22T10.tape"]);
  const found = shown(await tape.read(NINE + HOUR_MS - 3_000, NINE + HOUR_MS + 3_000));
  expect(found.filter(({ kind }) => kind === 2).map(({ atS }) => atS)).toEqual([3_595, 3_600]);
  expect(found.at(-1)?.atS).toBe(3_603);
});

test("a process that was killed in the middle of an entry is followed by one whose entries can be read", async () => {
  const first = await tapeOf();
  show(first, 3);
  await first.stop();
  await appendFile(join(directory, reelName(NINE)), encodeEntry(nowMs, new Uint8Array(50)).subarray(0, 20));
  const next = await tapeOf();
  show(next, 2);
  await next.stop();
  expect(shown(await next.read(NINE, nowMs)).filter(({ kind }) => kind === 1)).toHaveLength(5);
});

test("reels older than what is kept are dropped, other files are left alone", async () => {
  await appendFile(join(directory, "notes.txt"), "mine");
  const tape = await tapeOf(2);
  for (let hour = 0; hour < 5; hour++) {
    show(tape, 1);
    nowMs = NINE + (hour + 1) * HOUR_MS;
  }
  await tape.stop();
  tape.look();
  await expect
    .poll(async () => (await readdir(directory)).sort())
    .toEqual(["2026-11-22T12.tape", "2026-11-22T13.tape", "notes.txt"]);
  expect(await tape.range()).toEqual({ fromMs: NINE + 3 * HOUR_MS, toMs: nowMs });
});

test("whatever was written is read, and bytes that are cut anywhere give the whole entries before the cut", () => {
  const message = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), message)), fc.nat(), (entries, cut) => {
      const bytes = Buffer.concat(entries.map(([atMs, each]) => encodeEntry(atMs, each)));
      expect([...entriesIn(bytes)].map(({ atMs, message: each }) => [atMs, Uint8Array.from(each)])).toEqual(
        entries,
      );
      const part = bytes.subarray(0, cut % (bytes.length + 1));
      const whole = wholeBytes(part);
      expect(whole).toBeLessThanOrEqual(part.length);
      expect(wholeBytes(bytes.subarray(0, whole))).toBe(whole);
      expect([...entriesIn(part)]).toHaveLength([...entriesIn(bytes.subarray(0, whole))].length);
    }),
  );
});

test("names of reels are the hour that they hold", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (atMs) => {
      const startMs = reelOf(reelName(atMs));
      expect(startMs).toBeLessThanOrEqual(atMs);
      expect(atMs - (startMs ?? 0)).toBeLessThan(HOUR_MS);
    }),
  );
  expect(reelOf("2026-11-22T09.tape.gz")).toBeUndefined();
});
