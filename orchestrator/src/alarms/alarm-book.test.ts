import fc from "fast-check";
import { expect, test } from "vitest";
import type { AlarmView } from "../contract/index.ts";
import { createAlarmBook } from "./alarm-book.ts";
import { CHATTER_WINDOW_MS, calls, MAX_SHELF_MS } from "./alarm-state.ts";

function bookAt(): {
  book: ReturnType<typeof createAlarmBook>;
  changes: AlarmView[];
  forgotten: AlarmView[];
  setNowMs: (ms: number) => void;
} {
  let nowMs = 1_000;
  const changes: AlarmView[] = [];
  const forgotten: AlarmView[] = [];
  const book = createAlarmBook({
    side: "vn",
    nowMs: () => nowMs,
    onChange: (alarm) => changes.push(alarm),
    onForgotten: (alarm) => forgotten.push(alarm),
  });
  return {
    book,
    changes,
    forgotten,
    setNowMs: (ms) => {
      nowMs = ms;
    },
  };
}

const held = {
  alarmId: "mission.held:m1",
  code: "mission.held",
  detail: "scan failed",
  priority: "high",
} as const;

test("the same cause stands once, however often it is reported", () => {
  const { book, changes } = bookAt();
  book.raise(held);
  book.raise(held);
  expect(book.list()).toHaveLength(1);
  expect(changes).toHaveLength(1);
});

test("a cause that goes away leaves a returned alarm, and one that comes again is new and unacknowledged", () => {
  const { book, setNowMs } = bookAt();
  book.raise(held);
  book.acknowledge(held.alarmId, "lan");
  book.clear(held.alarmId);
  expect(book.list()[0]?.state).toBe("returned");
  setNowMs(2_000);
  book.raise(held);
  expect(book.list()).toEqual([expect.objectContaining({ state: "unacknowledged", raisedAtMs: 2_000 })]);
});

test("acknowledging an alarm that is not there says so", () => {
  expect(bookAt().book.acknowledge("nothing", "lan")).toBe("unknown");
});

test("returned alarms are bounded, standing ones are kept", () => {
  const { book } = bookAt();
  book.raise(held);
  for (let i = 0; i < 700; i++) {
    book.raise({ ...held, alarmId: `x${i}` });
    book.clear(`x${i}`);
  }
  expect(book.list().filter(({ code }) => code === held.code)).toHaveLength(501);
  expect(book.list()[0]?.alarmId).toBe(held.alarmId);
});

test("a cause that comes and goes is one alarm that stands until it has been quiet for a minute", () => {
  const { book, setNowMs } = bookAt();
  for (const second of [1, 10, 20]) {
    setNowMs(second * 1_000);
    book.raise(held);
    book.clear(held.alarmId);
  }
  expect(book.list()).toMatchObject([{ state: "unacknowledged", isChattering: true, occurrences: 3 }]);
  book.acknowledge(held.alarmId, "lan");
  setNowMs(40_000);
  book.raise(held);
  expect(book.list()).toMatchObject([{ state: "acknowledged", isChattering: true, occurrences: 4 }]);
  book.clear(held.alarmId);
  setNowMs(40_000 + CHATTER_WINDOW_MS - 1);
  book.look();
  expect(book.list()[0]?.state).toBe("acknowledged");
  setNowMs(40_000 + CHATTER_WINDOW_MS);
  book.look();
  expect(book.list()).toMatchObject([{ state: "returned", returnedAtMs: 40_000 }]);
});

test("a shelved alarm comes back by itself and calls again, as nobody may remember it", () => {
  const { book, setNowMs } = bookAt();
  book.raise(held);
  book.acknowledge(held.alarmId, "lan");
  expect(book.shelve(held.alarmId, "lan", 1_000 + MAX_SHELF_MS + 1, "parts")).toBe("too-long");
  expect(book.shelve(held.alarmId, "lan", 61_000, "parts")).toBe("shelved");
  setNowMs(60_999);
  book.look();
  expect(book.list()[0]).toMatchObject({ shelved: { by: "lan", reason: "parts" } });
  setNowMs(61_000);
  book.look();
  expect(book.list()[0]).toMatchObject({ state: "unacknowledged" });
  expect(book.list()[0]).not.toHaveProperty("shelved");
});

test("ten alarms in ten minutes are a flood, which is an alarm itself until fewer than five came", () => {
  const { book, setNowMs } = bookAt();
  for (let i = 0; i < 9; i++) book.raise({ ...held, alarmId: `x${i}` });
  expect(book.kpi()).toMatchObject({ inTenMinutes: 9, floods: 0 });
  book.raise({ ...held, alarmId: "x9" });
  expect(book.kpi()).toMatchObject({ inTenMinutes: 10, floods: 1, floodSinceMs: 1_000 });
  expect(book.list().at(-1)).toMatchObject({ code: "alarms.flood", state: "unacknowledged" });
  setNowMs(601_000);
  book.look();
  expect(book.list().at(-1)).toMatchObject({ code: "alarms.flood", state: "returned" });
  expect(book.kpi()).toMatchObject({ inTenMinutes: 0, mostInTenMinutes: 10, meanPerTenMinutes: 5 });
});

test("after a restart the same cause is the same alarm, and one that is gone after a minute is over, for the journal", () => {
  const before = bookAt();
  before.book.raise(held);
  before.book.raise({ ...held, alarmId: "gone" });
  before.book.acknowledge(held.alarmId, "lan");
  const { book, setNowMs, forgotten } = bookAt();
  book.remember(before.book.list());
  setNowMs(5_000);
  book.raise(held);
  expect(book.list()).toMatchObject([
    { alarmId: held.alarmId, state: "acknowledged", raisedAtMs: 1_000, acknowledged: { by: "lan" } },
  ]);
  setNowMs(61_000);
  book.look();
  expect(book.list()).toMatchObject([{ alarmId: held.alarmId }]);
  expect(forgotten).toMatchObject([{ alarmId: "gone", state: "returned", returnedAtMs: 61_000 }]);
});

test("an alarm out of service calls nobody, whatever its cause does, until it is put back", () => {
  const { book } = bookAt();
  book.raise(held);
  book.suppress(held.alarmId, "minh", "the sensor is being replaced");
  book.clear(held.alarmId);
  book.raise(held);
  expect(book.list()).toMatchObject([{ outOfService: { by: "minh" } }]);
  expect(calls(Object(book.list()[0]))).toBe(false);
  expect(book.restore(held.alarmId)).toBe("restored");
  expect(calls(Object(book.list()[0]))).toBe(true);
});

/** What may happen to one cause. */
const step = fc.oneof(
  fc.constant("raise"),
  fc.constant("clear"),
  fc.constant("acknowledge"),
  fc.constant("shelve"),
  fc.constant("unshelve"),
  fc.constant("suppress"),
  fc.constant("restore"),
  fc.constant("look"),
);

test("whatever happens to an alarm, no standing cause is ever shown as over, and after a quiet minute no gone cause stands", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 90_000 })), { maxLength: 40 }), (steps) => {
      const { book, setNowMs } = bookAt();
      let nowMs = 1_000;
      let isPresent = false;
      for (const [what, afterMs] of steps) {
        nowMs += afterMs;
        setNowMs(nowMs);
        if (what === "raise") book.raise(held);
        if (what === "clear") book.clear(held.alarmId);
        if (what === "acknowledge") book.acknowledge(held.alarmId, "lan");
        if (what === "shelve") book.shelve(held.alarmId, "lan", nowMs + 30_000, "later");
        if (what === "unshelve") book.unshelve(held.alarmId);
        if (what === "suppress") book.suppress(held.alarmId, "minh", "known");
        if (what === "restore") book.restore(held.alarmId);
        if (what === "look") book.look();
        if (what === "raise" || what === "clear") isPresent = what === "raise";
        if (isPresent) expect(book.list()[0]?.state).not.toBe("returned");
      }
      if (book.list().length === 0 || isPresent) return;
      setNowMs(nowMs + CHATTER_WINDOW_MS);
      book.look();
      expect(book.list()[0]?.state).toBe("returned");
    }),
  );
});
