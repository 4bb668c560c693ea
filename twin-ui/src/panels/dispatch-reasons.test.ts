import { expect, test } from "vitest";
import { reasonText } from "./dispatch-reasons.ts";

const t = (key: string, values: object): string =>
  Object.keys(values).length === 0 ? key : `${key}${JSON.stringify(values)}`;
const known = (key: string): boolean => key === "why.waits-for-vehicle";

test("a reason says which vehicle it waits for, and for how long", () => {
  const reason = { code: "waits-for-vehicle", facts: { vehicleId: "sim.vn-02", untilMs: 61_000 } };
  expect(reasonText(t, known, reason, 1_000)).toBe(
    'why.waits-for-vehicle · vn-02 · why.until{"duration":"time.seconds{\\"n\\":60}"}',
  );
});

test("a time that is over is not told, and a code that is new is told as it came", () => {
  expect(reasonText(t, known, { code: "of-tomorrow", facts: { untilMs: 500 } }, 1_000)).toBe("of-tomorrow");
});
