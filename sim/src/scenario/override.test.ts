import { describe, expect, it } from "vitest";
import { readOverride, withOverrides } from "./override.ts";

describe("a figure overridden by its path", () => {
  it("is set where it was, or made where nothing was, and leaves the rest alone", () => {
    const file = { fleet: { count: 40 }, weather: [{ speedCapMps: 2 }] };
    const set = withOverrides(file, [
      { path: "fleet.count", value: 46 },
      { path: "layout.verdictBays", value: 14 },
      { path: "weather.0.speedCapMps", value: 3 },
    ]);
    expect(set).toEqual({
      kind: "set",
      file: { fleet: { count: 46 }, layout: { verdictBays: 14 }, weather: [{ speedCapMps: 3 }] },
    });
    expect(file).toEqual({ fleet: { count: 40 }, weather: [{ speedCapMps: 2 }] });
  });

  it("is refused when its path leads through a number, past a list's end, or behind an object's own fields", () => {
    for (const path of ["fleet.count.more", "weather.3", "__proto__.polluted", "a..b"]) {
      expect(withOverrides({ fleet: { count: 1 }, weather: [1] }, [{ path, value: 1 }]).kind).toBe(
        "no-such-path",
      );
    }
    expect({}).not.toHaveProperty("polluted");
  });

  it("is read as JSON where it is some, else as a text", () => {
    expect(readOverride("fleet.count=46")).toEqual({ path: "fleet.count", value: 46 });
    expect(readOverride("handover.mode=host-grants")).toEqual({
      path: "handover.mode",
      value: "host-grants",
    });
    expect(readOverride("no pair")).toBeUndefined();
  });
});
