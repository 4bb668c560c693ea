import { describe, expect, it } from "vitest";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/** Two pairs of unmanned lanes with one yard a side: both orchestrators as they ship, in virtual time. */

/** Of the machine, which may be busy. */
const TIME_LIMIT_MS = 180_000;
const CLEAN = { overlaps: [], underLoad: [], stuck: [], unaccounted: [] };
const MINUTE_MS = 60_000;

describe("two pairs of lanes", () => {
  it(
    "share the load, and while one of the export lanes is closed the other goes on",
    async () => {
      const { scenario, site } = await loadScenario("first-look", [
        { path: "layout", value: { lanePairs: 2, source: "a test" } },
        {
          path: "failures",
          value: {
            laneClosures: [
              {
                laneId: "vn.export.unmanned-1",
                window: { from: "08:08", to: "08:18" },
                reason: "a test closes it",
              },
            ],
          },
        },
      ]);
      const pointOf = new Map<HandoffId, string>();
      const record = await runOverTwoLedgers({
        scenario,
        site,
        hours: 0.5,
        listener: {
          handoff: (_side, event) => {
            if (event.kind === "offered") pointOf.set(event.offer.handoffId, event.offer.handoffPointId);
          },
        },
      });
      expect(record.safety).toEqual(CLEAN);
      const passed = record.handoffs.flatMap(({ handoffId, switchedMs }) =>
        switchedMs === undefined
          ? []
          : [
              {
                point: pointOf.get(handoffId as HandoffId),
                minute: (switchedMs - record.beginMs) / MINUTE_MS,
              },
            ],
      );
      const over = (point: string, from: number, to: number): number =>
        passed.filter((one) => one.point === point && one.minute >= from && one.minute < to).length;
      for (const point of ["export-1", "export-2", "import-1", "import-2"])
        expect(over(point, 0, 30), point).toBeGreaterThan(1);
      // Who had the way to the line when it was closed is over it by then.
      expect(over("export-1", 10, 18), "over the closed lane").toBe(0);
      expect(over("export-2", 10, 18), "over the other one").toBeGreaterThan(1);
      expect(over("export-1", 18, 30), "opened again").toBeGreaterThan(0);
    },
    TIME_LIMIT_MS,
  );
});
