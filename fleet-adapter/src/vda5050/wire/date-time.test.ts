import fc from "fast-check";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { IsDateTime } from "typebox/format";
import { describe, expect, it } from "vitest";
import { isDateTime } from "./date-time.ts";

describe("a timestamp", () => {
  it("is one by the short way when it is one by RFC 3339, and not otherwise", () => {
    const number = fc.integer({ min: 0, max: 70 }).map((value) => String(value).padStart(2, "0"));
    const zone = fc.constantFrom("Z", "z", "+07:00", "", "-23:59", "Z[UTC]");
    const text = fc
      .tuple(number, number, number, number, number, fc.constantFrom("", ".5", "."), zone)
      .map(
        ([month, day, hour, minute, second, part, end]) =>
          `2026-${month}-${day}T${hour}:${minute}:${second}${part}${end}`,
      );
    fc.assert(
      fc.property(text, (one) => isDateTime(one) === IsDateTime(one)),
      { numRuns: 2_000 },
    );
    for (const one of [
      "2024-02-29T23:59:59Z",
      "2026-02-29T00:00:00Z",
      "2026-01-31T00:00:00.001Z",
      "soon",
      "",
    ])
      expect(isDateTime(one), one).toBe(IsDateTime(one));
  });

  it("is checked so wherever a schema asks for one", () => {
    const check = Compile(Type.String({ format: "date-time" }));
    expect(check.Check("2026-06-01T08:00:00.000Z")).toBe(true);
    expect(check.Check("2026-13-01T08:00:00.000Z")).toBe(false);
  });
});
