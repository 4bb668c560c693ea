import { expect, test } from "vitest";
import type { AlarmView } from "../contract/index.ts";
import { createAlarmBook } from "./alarm-book.ts";

function bookAt(): {
  book: ReturnType<typeof createAlarmBook>;
  changes: AlarmView[];
  setNowMs: (ms: number) => void;
} {
  let nowMs = 1_000;
  const changes: AlarmView[] = [];
  const book = createAlarmBook({ side: "vn", nowMs: () => nowMs, onChange: (alarm) => changes.push(alarm) });
  return {
    book,
    changes,
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
  book.acknowledge(held.alarmId);
  book.clear(held.alarmId);
  expect(book.list()[0]?.state).toBe("returned");
  setNowMs(2_000);
  book.raise(held);
  expect(book.list()).toEqual([expect.objectContaining({ state: "unacknowledged", raisedAtMs: 2_000 })]);
});

test("acknowledging an alarm that is not there says so", () => {
  expect(bookAt().book.acknowledge("nothing")).toBe("unknown");
});

test("returned alarms are bounded, standing ones are kept", () => {
  const { book } = bookAt();
  book.raise(held);
  for (let i = 0; i < 700; i++) {
    book.raise({ ...held, alarmId: `x${i}` });
    book.clear(`x${i}`);
  }
  expect(book.list()).toHaveLength(501);
  expect(book.list()[0]?.alarmId).toBe(held.alarmId);
});
