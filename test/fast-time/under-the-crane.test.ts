import type { Published } from "@baton/fleet-adapter";
import { SIDES, type Side, type Site } from "@baton/maps";
import { describe, expect, it } from "vitest";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import type { FastWorld } from "../../sim/src/fast/world.ts";
import { seededRandom } from "../../sim/src/random/seeded.ts";
import type { RunRecord } from "../../sim/src/run/record.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/**
 * What may befall a container on its way over the line by the crane: both orchestrators as they ship with their missions, in
 * virtual time. Whether somebody is below the load, and where every container is, is seen by an eye of its own.
 */

const SEED = process.env.BATON_SEED ?? "7";
const LOOKS_EVERY_MS = 20;
const TIME_LIMIT_MS = 300_000;
const CLEAN = { overlaps: [], underLoad: [], stuck: [], unaccounted: [] };

/** The crane comes to a phase of its work on a container. */
interface News {
  readonly phase: string;
  readonly handoffId: HandoffId;
}
type Fate = (world: FastWorld, news: News | undefined) => Promise<void>;

async function run(
  hours: number,
  fate: Fate,
  alter: (site: Site) => Site = (site) => site,
  isToEnd: () => boolean = () => false,
) {
  const { scenario, site } = await loadScenario("two-points");
  let phase = "free";
  let news: News | undefined;
  const hear = ({ topic, message }: Published): void => {
    if (!topic.endsWith("/transfer-state") || typeof message !== "object") return;
    const said: { phase?: unknown; register?: { handoffId?: HandoffId } } = { ...message };
    if (typeof said.phase !== "string" || said.phase === phase) return;
    phase = said.phase;
    if (said.register?.handoffId !== undefined) news = { phase, handoffId: said.register.handoffId };
  };
  return await runOverTwoLedgers({
    scenario,
    site: alter(site),
    hours,
    isToEnd,
    fate: {
      everyMs: LOOKS_EVERY_MS,
      befall: async (world) => {
        const heard = news;
        news = undefined;
        await fate(world, heard);
      },
    },
    listener: { published: (_side, published) => hear(published) },
  });
}

/** Both sides' machines of a hand-off. */
const giverOf = (handoffId: HandoffId): Side => (handoffId.startsWith("vn") ? "vn" : "cn");
const takerOf = (handoffId: HandoffId): Side => (handoffId.startsWith("vn") ? "cn" : "vn");
const endOf = (record: RunRecord, handoffId: HandoffId | undefined) =>
  record.handoffs.find((one) => one.handoffId === handoffId)?.ended;

const PHASES = ["presented", "lowering", "engaged", "lifting", "hanging", "landing", "landed", "releasing"];
/** As long as a world is looked at after its last death. */
const SETTLES_MS = 900_000;

/** Each side's process dies once at each of these phases, in the order in which they come up, and is back within 40 s. */
function deathsAt(phases: readonly string[]) {
  const random = seededRandom(SEED, "crane-crash");
  const due = phases.flatMap((phase) => SIDES.map((side) => ({ phase, side })));
  let down: { readonly side: Side; readonly untilMs: number } | undefined;
  let nowMs = 0;
  let quietFromMs = Number.POSITIVE_INFINITY;
  return {
    due,
    quietFromMs: () => quietFromMs,
    quietForMs: () => (due.length > 0 || down !== undefined ? 0 : nowMs - quietFromMs),
    befall: async (world: FastWorld, news: News | undefined): Promise<void> => {
      nowMs = world.clock.nowMs();
      if (down !== undefined && nowMs < down.untilMs) return;
      if (down !== undefined) {
        await world.bringBack(down.side);
        down = undefined;
        quietFromMs = nowMs;
      }
      const at = due.findIndex(({ phase }) => phase === news?.phase);
      const [next] = at < 0 ? [] : due.splice(at, 1);
      if (next === undefined) return;
      world.kill(next.side);
      down = { side: next.side, untilMs: nowMs + 1_000 + random.integer(39_000) };
    },
  };
}

describe("a container on its way over the line by the crane", () => {
  it(
    `is neither lost nor doubled, nobody is below it, and all goes on, whichever side's process dies at whichever phase of the crane's work (seed ${SEED})`,
    async () => {
      const deaths = deathsAt(PHASES);
      const record = await run(2, deaths.befall, undefined, () => deaths.quietForMs() >= SETTLES_MS);
      expect(deaths.due, "the phases that did not come up").toEqual([]);
      expect(record.safety).toEqual(CLEAN);
      const codes = new Set(record.alarms.map(({ code }) => code));
      codes.delete("handoff.partner-silent");
      expect([...codes]).toEqual([]);
      const endless = record.handoffs.filter(
        ({ ended, offeredMs }) =>
          ended === "open" && offeredMs < Math.min(deaths.quietFromMs(), record.endMs - 600_000),
      );
      expect(endless).toEqual([]);
    },
    TIME_LIMIT_MS,
  );

  it(
    `goes the same way every time, deaths included (seed ${SEED})`,
    async () => {
      const once = async () => {
        const { cost: _whatItTook, ...record } = await run(0.25, deathsAt(["engaged", "hanging"]).befall);
        return record;
      };
      expect(await once()).toEqual(await once());
    },
    TIME_LIMIT_MS,
  );

  it(
    "crosses all the same when its offer was withdrawn at the pad",
    async () => {
      let withdrawn: HandoffId | undefined;
      const record = await run(0.2, async ({ sides }, news) => {
        if (withdrawn !== undefined || news?.phase !== "presented") return;
        withdrawn = news.handoffId;
        sides[giverOf(withdrawn)].rooms.handoffs.withdraw(withdrawn, "the papers are looked at again");
      });
      expect(endOf(record, withdrawn)).toBe("withdrawn");
      const again = record.handoffs.filter(({ ended }) => ended === "done").map(({ handoffId }) => handoffId);
      expect(again.length).toBeGreaterThan(0);
      expect(record.safety).toEqual(CLEAN);
    },
    TIME_LIMIT_MS,
  );

  it(
    "is set down beyond the line though the border closes while it hangs",
    async () => {
      let closed: HandoffId | undefined;
      const record = await run(0.2, async ({ sides }, news) => {
        if (closed !== undefined || news?.phase !== "hanging") return;
        closed = news.handoffId;
        sides[takerOf(closed)].rooms.handoffs.revoke(closed, "the border closes");
      });
      expect(endOf(record, closed)).toBe("done");
      expect(record.safety).toEqual(CLEAN);
    },
    TIME_LIMIT_MS,
  );

  it(
    "goes back to its yard when it is withdrawn by force before the spreader has hold of it, and not any more after that",
    async () => {
      const word = { type: "withdraw", account: "minh", reason: "the papers are looked at again" } as const;
      const asked: Partial<Record<"lowering" | "hanging", { missionId: string; outcome: Promise<unknown> }>> =
        {};
      let barred: string | undefined;
      const record = await run(0.35, async ({ sides }, news) => {
        const phase = news?.phase;
        if ((phase !== "lowering" && phase !== "hanging") || asked[phase] !== undefined) return;
        if (news === undefined || (asked.lowering === undefined && phase === "hanging")) return;
        const { missions } = sides[giverOf(news.handoffId)].rooms;
        const mission = missions.views().find(({ handoffId }) => handoffId === news.handoffId);
        if (mission === undefined) return;
        const { missionId } = mission;
        if (phase === "hanging") barred = mission.backBarred;
        // Not awaited: the answer needs the world to go on.
        asked[phase] = { missionId, outcome: missions.byPerson(missionId, "withdraw", word) };
      });
      const statusOf = (id: string) => record.missions.find(({ missionId }) => missionId === id)?.status;
      expect(await asked.lowering?.outcome).toEqual({ kind: "done" });
      expect(statusOf(asked.lowering?.missionId ?? "")).toBe("returned");
      expect(statusOf(`back-${asked.lowering?.missionId}`)).toBe("done");
      expect(barred).toBe("crane-has-it");
      expect(await asked.hanging?.outcome).toMatchObject({ kind: "not-possible" });
      expect(statusOf(asked.hanging?.missionId ?? "")).toBe("done");
      expect(record.safety).toEqual(CLEAN);
    },
    TIME_LIMIT_MS,
  );

  it(
    "goes back to its yard when it is called back at the pad",
    async () => {
      let called: string | undefined;
      let answered: Promise<unknown> | undefined;
      const record = await run(0.3, async ({ sides }, news) => {
        if (called !== undefined || news?.phase !== "presented") return;
        const { missions } = sides[giverOf(news.handoffId)].rooms;
        const mission = missions.views().find(({ handoffId }) => handoffId === news.handoffId);
        called = mission?.missionId;
        // Not awaited: the answer needs the world to go on.
        if (called !== undefined) answered = missions.recall(called, "lan");
      });
      expect(await answered).toEqual({ kind: "done" });
      expect(record.missions.find(({ missionId }) => missionId === called)).toMatchObject({
        status: "returned",
      });
      expect(record.missions.find(({ missionId }) => missionId === `back-${called}`)).toMatchObject({
        status: "done",
      });
      expect(record.safety).toEqual(CLEAN);
    },
    TIME_LIMIT_MS,
  );
});

/** The load hangs so long, from when somebody is called back: who may turn back below it has done so. */
const HANGS_ON_MS = 90_000;

/**
 * A load on its way over the line stops where it is, until somebody was called back who has passed the road to the pad, and so can
 * turn back at the hold line only, and had time to.
 */
async function turnsBackBelow(alter?: (site: Site) => Site) {
  let called: { readonly vehicleId: string; readonly missionId: string } | undefined;
  let calledAtMs: number | undefined;
  let answered: Promise<unknown> | undefined;
  let isMended = false;
  const record = await run(
    0.4,
    async ({ clock, sides, openMissions, vehicles, lineCranes: [crane] }) => {
      if (crane === undefined || isMended) return;
      if (calledAtMs !== undefined && clock.nowMs() - calledAtMs >= HANGS_ON_MS) {
        isMended = true;
        crane.feel({ kind: "mended" });
      }
      if (crane.travelsOver() === undefined || called !== undefined) return;
      crane.feel({ kind: "fault", detail: "drive" });
      for (const side of SIDES) {
        const past = vehicles
          .filter(({ now }) => now().lastNode?.nodeId === `${side}.out.to-pad`)
          .map(({ model }) => model.vehicleId);
        for (const { missionId, vehicleId, step } of openMissions[side].values()) {
          if (vehicleId === undefined || !past.includes(vehicleId) || step !== "drive-to-hold") continue;
          called = { vehicleId, missionId };
          calledAtMs = clock.nowMs();
          // Not awaited: the answer needs the world to go on.
          answered = sides[side].rooms.missions.recall(missionId, "lan");
          return;
        }
      }
    },
    alter,
  );
  expect(await answered).toEqual({ kind: "done" });
  return { record, called, isMended };
}

describe("who is called back from the hold line while a load hangs over the way back", () => {
  it(
    "waits until the crane is free again, and turns back then",
    async () => {
      const { record, called, isMended } = await turnsBackBelow();
      expect(isMended).toBe(true);
      expect(record.safety).toEqual(CLEAN);
      expect(record.missions.find(({ missionId }) => missionId === called?.missionId)).toMatchObject({
        status: "returned",
      });
      expect(
        record.missions.find(({ missionId }) => missionId === `back-${called?.missionId}`),
      ).toMatchObject({
        status: "done",
      });
    },
    TIME_LIMIT_MS,
  );

  it(
    "is seen below the load where the site does not say over which road it passes",
    async () => {
      const { record, called } = await turnsBackBelow(withoutLoadWays);
      expect(record.safety.underLoad?.map(({ vehicleId }) => vehicleId)).toEqual([called?.vehicleId]);
    },
    TIME_LIMIT_MS,
  );
});

function withoutLoadWays(site: Site): Site {
  const handoffPoints = site.file.handoffPoints.map((point) => {
    if (point.mode !== "container-transfers") return point;
    const { loadWay: _unsaid, ...rest } = point;
    return rest;
  });
  return { ...site, file: { ...site.file, handoffPoints } };
}
