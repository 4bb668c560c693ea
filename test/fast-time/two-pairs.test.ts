import type { EdgeId } from "@baton/maps";
import { describe, expect, it } from "vitest";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import type { ClosureId } from "../../orchestrator/src/reservation/port.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/** Two pairs of unmanned lanes with one yard a side: both orchestrators as they ship, in virtual time. */

/** Of the machine, which may be busy. */
const TIME_LIMIT_MS = 180_000;
const CLEAN = { overlaps: [], underLoad: [], stuck: [], unaccounted: [] };
const MINUTE_MS = 60_000;
const CLOSED = "vn.exit-gate-1" as ClosureId;
const CLOSE_MINUTE = 5;
const OPEN_MINUTE = 20;

describe("two pairs of lanes", () => {
  it(
    "share the load, and while the way to one exit gate is closed containers go by the other",
    async () => {
      const { scenario, site } = await loadScenario("first-look", [
        { path: "layout", value: { lanePairs: 2, source: "a test" } },
      ]);
      const edgeIds = site.lif.vn.layouts
        .flatMap(({ edges }) => edges)
        .flatMap(({ edgeId, endNodeId }) => (endNodeId === "vn.out.exit-gate" ? [edgeId as EdgeId] : []));
      const pointOf = new Map<HandoffId, string>();
      let isClosed = false;
      const record = await runOverTwoLedgers({
        scenario,
        site,
        hours: 0.5,
        listener: {
          handoff: (_side, event) => {
            if (event.kind === "offered") pointOf.set(event.offer.handoffId, event.offer.handoffPointId);
          },
        },
        fate: {
          everyMs: MINUTE_MS,
          befall: async ({ clock, sides }) => {
            const minute = (clock.nowMs() - scenario.startsAtMs) / MINUTE_MS;
            const shouldBe = minute >= CLOSE_MINUTE && minute < OPEN_MINUTE;
            if (shouldBe === isClosed) return;
            isClosed = shouldBe;
            const { reservation } = sides.vn.rooms;
            if (isClosed) reservation.close({ closureId: CLOSED, edgeIds, reason: "a test" });
            else reservation.open(CLOSED);
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
      // Who was past the gate when it was closed is over the line by then.
      expect(over("export-1", CLOSE_MINUTE + 2, OPEN_MINUTE), "by the closed gate").toBe(0);
      expect(over("export-2", CLOSE_MINUTE + 2, OPEN_MINUTE), "by the other one").toBeGreaterThan(2);
      expect(over("export-1", OPEN_MINUTE, 30), "opened again").toBeGreaterThan(0);
    },
    TIME_LIMIT_MS,
  );
});
