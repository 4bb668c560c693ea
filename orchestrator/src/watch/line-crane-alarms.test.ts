import { beforeEach, expect, test } from "vitest";
import { type AlarmBook, createAlarmBook } from "../alarms/alarm-book.ts";
import type { LineCrane } from "../handoff/line-cranes.ts";
import { lineCraneAlarms } from "./line-crane-alarms.ts";

let alarms: AlarmBook;
let watch: ReturnType<typeof lineCraneAlarms>;

beforeEach(() => {
  alarms = createAlarmBook({ side: "vn", nowMs: () => 1, onChange: () => {} });
  watch = lineCraneAlarms(alarms);
});

const crane = (change: Partial<LineCrane> = {}): LineCrane => ({
  deviceId: "line-crane-1",
  report: { deviceId: "line-crane-1", atMs: 0, phase: "free", register: { authority: "vn", epoch: 4 } },
  heardAtMs: 0,
  freeSinceMs: 0,
  isFit: true,
  turn: "vn",
  ...change,
});
const standing = () => alarms.list().filter(({ state }) => state !== "returned");

test("a crane at the line that is not heard any more is an alarm until it is, one however long it lasts", () => {
  watch.look([crane()], 0);
  expect(standing()).toEqual([]);
  watch.look([crane({ isFit: false })], 31_000);
  watch.look([crane({ isFit: false })], 32_000);
  expect(standing()).toMatchObject([
    { code: "device.offline", priority: "high", detail: "line-crane-1", facts: { deviceId: "line-crane-1" } },
  ]);
  watch.look([crane()], 33_000);
  expect(standing()).toEqual([]);
});

test("one that something has stopped is an alarm that says what", () => {
  const { report } = crane();
  if (report === undefined) throw new Error("it was heard");
  watch.look([crane({ isFit: false, report: { ...report, fault: "hoist" } })], 1_000);
  expect(standing()).toMatchObject([
    { detail: "line-crane-1: hoist", facts: { cause: "fault", said: "hoist" } },
  ]);
});

test("one that was not heard yet has two minutes from the start before it is an alarm", () => {
  const unheard = crane({ report: undefined, heardAtMs: undefined, isFit: false });
  watch.look([unheard], 5_000);
  watch.look([unheard], 124_999);
  expect(standing()).toEqual([]);
  watch.look([unheard], 125_000);
  expect(standing()).toHaveLength(1);
});
