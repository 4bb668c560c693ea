import type { VehicleId } from "@baton/fleet-adapter";
import { SIDES, type Side, type Site } from "@baton/maps";
import { describe, expect, it } from "vitest";
import type { Visitor } from "../../orchestrator/src/handoff/core/visit/visitor.ts";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import type { ClosureId } from "../../orchestrator/src/reservation/port.ts";
import { stretchesFor } from "../../orchestrator/src/watch/visitors-ground.ts";
import type { FastWorld } from "../../sim/src/fast/world.ts";
import { seededRandom } from "../../sim/src/random/seeded.ts";
import type { RunRecord } from "../../sim/src/run/record.ts";
import { loadScenario } from "../../sim/src/scenario/load.ts";
import { runOverTwoLedgers } from "./run-over-two-ledgers.ts";

/**
 * Missions in the mode `host-grants`: both orchestrators as they ship, in virtual time. Viet Nam drives its own vehicles over the line to
 * China's exchange pad and home again. Where bodies and containers truly are is seen by an eye of its own.
 */

const SEED = process.env.BATON_SEED ?? "7";
const TIME_LIMIT_MS = 300_000;
const CLEAN = { overlaps: [], underLoad: [], stuck: [], unaccounted: [] };
const IN = "cn.visit-in";

interface Run {
  readonly record: RunRecord;
  /** By side: the hash of the custody record of each hand-off that it has concluded. */
  readonly custody: Readonly<Record<Side, ReadonlyMap<HandoffId, string>>>;
}

/** Runs the scenario, with `fate` between two instants. */
async function run(hours: number, everyMs: number, fate: (world: FastWorld) => Promise<void>): Promise<Run> {
  const { scenario, site } = await loadScenario("there-and-back");
  const custody = { vn: new Map<HandoffId, string>(), cn: new Map<HandoffId, string>() };
  const record = await runOverTwoLedgers({
    scenario,
    site,
    hours,
    fate: { everyMs, befall: fate },
    listener: {
      handoff: (side, event) => {
        if (event.kind === "concluded") custody[side].set(event.handoffId, event.recordHash);
      },
    },
  });
  return { record, custody };
}

/** The way out and the way home of a visit. */
const outwards = ({ handoffs }: RunRecord) =>
  handoffs.filter(({ handoffId }) =>
    handoffs.some((other) => other.handoffId.startsWith(`${handoffId}-home-`)),
  );
const homewards = ({ handoffs }: RunRecord) =>
  handoffs.filter(({ handoffId }) => handoffId.includes("-home-"));

/** What Viet Nam knows of its visits. */
function visitors({ sides }: FastWorld): readonly (Visitor & { readonly handoffId: HandoffId })[] {
  const { handoffs, missions } = sides.vn.rooms;
  return missions.views().flatMap(({ handoffId, mode }) => {
    if (mode !== "host-grants" || handoffId === undefined) return [];
    const known = handoffs.visits.visitor(handoffId as HandoffId);
    return known === undefined ? [] : [{ ...known, handoffId: handoffId as HandoffId }];
  });
}

const visitPointsOf = ({ file }: Site) => file.handoffPoints.filter((point) => point.mode === "host-grants");

const stretchOf = ({ sides }: FastWorld, handoffId: HandoffId, stretchId: string) =>
  sides.cn.rooms.handoffs.visits.page(handoffId)?.stretches.find((one) => one.stretchId === stretchId);
const trueXM = ({ vehicles }: FastWorld, vehicleId: VehicleId): number =>
  vehicles.find(({ model }) => model.vehicleId === vehicleId)?.now().pose.xM ?? Number.NaN;

describe("vehicles that are driven over the line and back by their own side", () => {
  it(
    "bring their containers, come home empty, and wait for each other's ground, while guests pass for good",
    async () => {
      let overlapping = 0;
      const { record, custody } = await run(0.5, 1_000, async (world) => {
        const states = world.sides.cn.rooms.handoffs.visits
          .pages()
          .flatMap(({ stretches }) => stretches.filter(({ stretchId }) => stretchId === IN))
          .map(({ state }) => state);
        if (states.includes("granted") && states.includes("queued")) overlapping += 1;
      });
      expect(record.safety).toEqual(CLEAN);
      expect(record.alarms).toEqual([]);
      const done = outwards(record).filter(({ ended }) => ended === "done");
      expect(done.length).toBeGreaterThan(4);
      const home = homewards(record).filter(({ ended }) => ended === "done");
      expect(home.length).toBeGreaterThanOrEqual(done.length - 1);
      expect(new Set(home.map(({ vehicleId }) => vehicleId)).size).toBeGreaterThan(2);
      const passed = record.handoffs.filter(
        ({ handoffId, ended, direction }) =>
          ended === "done" && direction === "export" && !done.some((one) => one.handoffId === handoffId),
      );
      expect(passed.length, "guests go home for good").toBeGreaterThan(0);
      expect(
        overlapping,
        "seconds in which a second visitor waited for the first one's ground",
      ).toBeGreaterThan(0);
      for (const { handoffId } of [...done, ...home]) {
        const id = handoffId as HandoffId;
        expect(custody.vn.get(id), "both sides keep the same record").toBeDefined();
        expect(custody.cn.get(id)).toBe(custody.vn.get(id));
      }
    },
    TIME_LIMIT_MS,
  );

  it(
    `are neither lost nor doubled whichever side's process dies, wherever on the visit (seed ${SEED})`,
    async () => {
      const random = seededRandom(SEED, "visit-crash");
      let down: { readonly side: Side; readonly untilMs: number } | undefined;
      let nextMs = 0;
      let deaths = 0;
      const { record } = await run(0.6, 500, async (world) => {
        const nowMs = world.clock.nowMs();
        if (down !== undefined) {
          if (nowMs < down.untilMs) return;
          await world.bringBack(down.side);
          down = undefined;
          nextMs = nowMs + 20_000 + random.integer(50_000);
          return;
        }
        if (nowMs < nextMs || deaths >= 16 || visitors(world).every(({ isOver }) => isOver)) return;
        const side = deaths % 2 === 0 ? "vn" : "cn";
        world.kill(side);
        deaths += 1;
        down = { side, untilMs: nowMs + 1_000 + random.integer(39_000) };
      });
      expect(deaths).toBeGreaterThan(8);
      expect(record.safety).toEqual(CLEAN);
      const codes = new Set(record.alarms.map(({ code }) => code));
      codes.delete("handoff.partner-silent");
      expect([...codes]).toEqual([]);
      const endless = record.handoffs.filter(
        ({ ended, offeredMs }) => ended === "open" && offeredMs < record.endMs - 600_000,
      );
      expect(endless).toEqual([]);
      expect(homewards(record).filter(({ ended }) => ended === "done").length).toBeGreaterThan(3);
    },
    TIME_LIMIT_MS,
  );
});

describe("a visitor on the host's ground", () => {
  it(
    "keeps it when it fails there, though the host wants it back, and gives it free when it is home",
    async () => {
      let failed:
        | { readonly vehicleId: VehicleId; readonly handoffId: HandoffId; readonly atMs: number }
        | undefined;
      let recovered = false;
      let isHome = false;
      const broken: string[] = [];
      const { record } = await run(0.5, 1_000, async (world) => {
        const { vn, cn } = world.sides;
        if (failed === undefined) {
          const [there] = visitors(world).filter(
            ({ vehicleId, isOver }) => !isOver && trueXM(world, vehicleId) > 15,
          );
          if (there === undefined) return;
          failed = { vehicleId: there.vehicleId, handoffId: there.handoffId, atMs: world.clock.nowMs() };
          vn.rooms.reservation.fail(there.vehicleId, "a tyre");
          cn.rooms.handoffs.visits.revoke(there.handoffId, IN);
          return;
        }
        const { vehicleId, handoffId, atMs } = failed;
        if (!recovered && world.clock.nowMs() > atMs + 300_000) {
          recovered = true;
          vn.rooms.reservation.recover(vehicleId);
        }
        const state = stretchOf(world, handoffId, IN)?.state;
        if (state !== undefined && state !== "revoked" && state !== "granted") broken.push(state);
        if (state === undefined) isHome ||= trueXM(world, vehicleId) < -8;
        if (state === undefined && !isHome) broken.push("its ground was given away");
      });
      expect(recovered).toBe(true);
      expect(broken).toEqual([]);
      expect(isHome).toBe(true);
      expect(record.safety.overlaps).toEqual([]);
      expect(record.safety.unaccounted).toEqual([]);
    },
    TIME_LIMIT_MS,
  );

  interface Failed {
    readonly vehicleId: VehicleId;
    readonly handoffId: HandoffId;
    readonly missionId: string;
    readonly atMs: number;
  }
  const TOWED = { type: "towed", accounts: ["lan", "minh"] } as const;
  /** A visitor fails for good, and its hosts close the ground around it. Then `after`, until the end. */
  async function failsForGood(
    when: (world: FastWorld, there: Visitor) => boolean,
    after: (world: FastWorld, failed: Failed & { sinceMs: number }) => void,
  ) {
    let failed: Failed | undefined;
    const { site } = await loadScenario("there-and-back");
    const edgeIds = stretchesFor("cn", visitPointsOf(site)).get(IN) ?? [];
    const ran = await run(0.4, 500, async (world) => {
      const { vn, cn } = world.sides;
      const nowMs = world.clock.nowMs();
      if (failed !== undefined) {
        after(world, { ...failed, sinceMs: nowMs - failed.atMs });
        return;
      }
      const there = visitors(world).find((each) => when(world, each));
      const mission = vn.rooms.missions.views().find(({ handoffId }) => handoffId === there?.handoffId);
      if (there === undefined || mission === undefined) return;
      const { vehicleId, handoffId } = there;
      failed = { vehicleId, handoffId, missionId: mission.missionId, atMs: nowMs };
      vn.rooms.reservation.fail(there.vehicleId, "a broken axle");
      const closureId = "tow" as ClosureId;
      cn.rooms.reservation.close({ closureId, edgeIds, reason: "a tow truck is there" });
    });
    if (failed === undefined) throw new Error("no visitor was where it should have failed");
    return { ...ran, ...failed };
  }

  it(
    "that is never mended gives it back by the word of its own people, and its container, not received, goes home with it",
    async () => {
      const asked: Promise<unknown>[] = [];
      const broken: string[] = [];
      let wasAsked = false;
      let wasRefused = false;
      // It has the way to the pad, and never drives there; it is switched off.
      const { record, custody, vehicleId, handoffId, missionId } = await failsForGood(
        (_world, { holds }) => holds.some(({ stretchId }) => stretchId === IN),
        ({ sides: { vn, cn }, switchOff }, failed) => {
          switchOff(failed.vehicleId);
          const kept = cn.rooms.handoffs.visits.page(failed.handoffId)?.stretches ?? [];
          if (!wasAsked && kept.length === 0) broken.push("its ground was given away without a word");
          if (!wasAsked && failed.sinceMs > 200_000) {
            wasAsked = true;
            asked.push(vn.rooms.missions.byPerson(failed.missionId, "towed", TOWED));
          }
          const inbound = cn.rooms.missions.views().find((each) => each.handoffId === failed.handoffId);
          if (wasRefused || inbound?.held?.code !== "visitor-gone") return;
          wasRefused = true;
          const word = { type: "refuse", account: "wei", code: "vehicle-unfit" } as const;
          asked.push(cn.rooms.missions.byPerson(inbound.missionId, "refuse", word));
        },
      );
      expect(broken).toEqual([]);
      expect(await Promise.all(asked)).toEqual([{ kind: "done" }, { kind: "done" }]);
      const statusOf = (id: string) => record.missions.find((each) => each.missionId === id)?.status;
      expect([statusOf(missionId), statusOf(`in-${handoffId}`)]).toEqual(["returned", "returned"]);
      expect(custody.vn.get(handoffId), "both sides keep the same record").toBeDefined();
      expect(custody.cn.get(handoffId)).toBe(custody.vn.get(handoffId));
      expect(homewards(record).find((each) => each.handoffId.startsWith(handoffId))?.ended).toBe("done");
      // In truth nobody has towed it: but for who believed that all bodies are where they are known to be.
      const others = record.safety.overlaps.filter(
        ({ first, second }) => first !== vehicleId && second !== vehicleId,
      );
      expect(others).toEqual([]);
    },
    TIME_LIMIT_MS,
  );

  it(
    "is not said to be towed off it while it may still move, or says itself where it is",
    async () => {
      const asked: Promise<unknown>[] = [];
      let kept: number | undefined;
      const { record } = await failsForGood(
        (world, { vehicleId, handoffId }) => {
          const mission = world.sides.vn.rooms.missions.views().find((each) => each.handoffId === handoffId);
          const isThere = trueXM(world, vehicleId) > 15 && mission !== undefined;
          if (isThere) asked.push(world.sides.vn.rooms.missions.byPerson(mission.missionId, "towed", TOWED));
          return isThere;
        },
        ({ sides: { vn, cn } }, { missionId, handoffId, sinceMs }) => {
          if (sinceMs > 200_000 && asked.length === 1)
            asked.push(vn.rooms.missions.byPerson(missionId, "towed", TOWED));
          kept = cn.rooms.handoffs.visits.page(handoffId)?.stretches.length;
        },
      );
      expect(await Promise.all(asked)).toEqual([
        { kind: "not-possible", why: "not-failed" },
        { kind: "not-possible", why: "not-switched-off" },
      ]);
      expect(kept).toBeGreaterThan(0);
      expect(record.safety.overlaps).toEqual([]);
    },
    TIME_LIMIT_MS,
  );

  it(
    "does not go onto it when its lease is over and the sides cannot speak, though it may be its own for as long",
    async () => {
      let cut:
        | { readonly vehicleId: VehicleId; readonly handoffId: HandoffId; readonly atMs: number }
        | undefined;
      let stage: "before" | "dead" | "cut" | "mended" = "before";
      const broken: string[] = [];
      let came = false;
      const { record } = await run(0.4, 100, async (world) => {
        const nowMs = world.clock.nowMs();
        if (cut === undefined) {
          const [granted] = visitors(world).filter(({ holds }) =>
            holds.some(({ stretchId, isEntered }) => stretchId === IN && !isEntered),
          );
          if (granted === undefined) return;
          cut = { vehicleId: granted.vehicleId, handoffId: granted.handoffId, atMs: nowMs };
          stage = "dead";
          for (const side of SIDES) world.partnerLinks[side].cut();
          world.kill("vn");
          return;
        }
        const { vehicleId, handoffId, atMs } = cut;
        if (stage === "dead" && nowMs >= atMs + 40_000) {
          stage = "cut";
          await world.bringBack("vn");
        }
        if (stage === "cut" && nowMs >= atMs + 160_000) {
          stage = "mended";
          for (const side of SIDES) world.partnerLinks[side].mend();
        }
        if (stage !== "mended") {
          if (trueXM(world, vehicleId) > -50) broken.push(`${stage}: it has left the hold line`);
          if (stretchOf(world, handoffId, IN)?.state !== "granted")
            broken.push(`${stage}: it was given away`);
        }
        came ||= trueXM(world, vehicleId) > 15;
      });
      expect(stage).toBe("mended");
      expect(broken).toEqual([]);
      expect(came).toBe(true);
      expect(record.safety).toEqual(CLEAN);
    },
    TIME_LIMIT_MS,
  );
});
