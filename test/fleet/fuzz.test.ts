import type { Protocol } from "@baton/fleet-adapter/vda5050";
import { describe, expect, it } from "vitest";
import { FUZZED, fuzz } from "./fuzz/fuzz.ts";

const PROTOCOLS: readonly Protocol[] = ["2.0", "2.1", "3.0"];
const SEED = process.env.BATON_SEED ?? "nonsense";

describe.each(PROTOCOLS)("a vehicle of %s that sends nonsense", (protocol) => {
  it.each(FUZZED)("on its topic %s is refused, counted and told of, and is granted nothing by it", (kind) => {
    const report = fuzz(protocol, kind, 300, SEED);
    const replay = `seed ${SEED}`;
    expect(report.failures, replay).toEqual([]);
    expect(report.wrongGrants, replay).toEqual([]);
    expect(report.isWell, replay).toBe(true);
    // Nobody reads `visualization`: where a vehicle is, its state says.
    if (kind === "visualization") return;
    expect(report.refused, replay).toBeGreaterThan(100);
    expect(report.troubles, replay).toBeGreaterThan(0);
    expect(report.troubles, replay).toBeLessThanOrEqual(report.refused);
  });
});
