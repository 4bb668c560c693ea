import { describe, expect, it } from "vitest";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

const LOOKS_EVERY_MS = 1_000;
const TIME_LIMIT_MS = 300_000;
/** So many are sent back, one after the other while others come through the same lane. */
const SENT_BACK = 3;

describe("a container that a person has scanned again", () => {
  it(
    "drives from its bay through the lane once more among all others, back to the same bay, and over the line",
    async () => {
      const { scenario, site } = await loadScenario("first-look");
      const sentBack = new Map<string, string | undefined>();
      const answers: Promise<unknown>[] = [];
      const record = await runOverTwoLedgers({
        scenario,
        site,
        hours: 0.5,
        fate: {
          everyMs: LOOKS_EVERY_MS,
          befall: async ({ sides }) => {
            const { missions } = sides.vn.rooms;
            if (sentBack.size >= SENT_BACK) return;
            const found = missions
              .views()
              .find(({ missionId, acts }) => acts?.includes("rescan") === true && !sentBack.has(missionId));
            if (found === undefined) return;
            sentBack.set(found.missionId, found.vehicleId);
            // Not awaited here: the answer needs the world to go on.
            answers.push(
              missions.byPerson(found.missionId, "rescan", {
                type: "pass-again",
                account: "mai",
                what: "scan",
              }),
            );
          },
        },
      });
      expect(await Promise.all(answers)).toEqual(Array(SENT_BACK).fill({ kind: "done" }));
      expect(record.safety).toMatchObject({ overlaps: [], stuck: [], unaccounted: [] });
      for (const [missionId, vehicleId] of sentBack) {
        const mission = record.missions.find((one) => one.missionId === missionId);
        expect(mission).toMatchObject({ status: "done", vehicleId, holds: [] });
        expect(mission?.steps.filter(({ step }) => step === "scan")).toHaveLength(2);
      }
    },
    TIME_LIMIT_MS,
  );
});
