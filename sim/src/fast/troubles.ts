import type { Clock, NetworkConditions, Timers } from "@baton/fleet-adapter";
import { SIDES, type Side, type Site } from "@baton/maps";
import type { ClosureId, MemoryPartnerLink, Rooms } from "@baton/orchestrator/rooms";
import { laneClosuresIn, partnerLinkUpAt } from "../scenario/outages.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { edgesOfLane } from "./lane-edges.ts";

/**
 * On the networks of the two sides, and between them, on a day without trouble. Each instant at which something arrives is
 * a turn of everything, so there are few of them.
 */
const INSIDE: NetworkConditions = {
  latencyMs: { min: 20, max: 60, step: 20 },
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
};
const BETWEEN: NetworkConditions = { ...INSIDE, latencyMs: { min: 40, max: 120, step: 20 } };

/** What the scenario's networks do to messages. */
export function networksOf({ failures }: Scenario): {
  readonly inside: NetworkConditions;
  readonly between: NetworkConditions;
} {
  const { messages } = failures;
  if (messages === undefined) return { inside: INSIDE, between: BETWEEN };
  const { latencyMs, lossShare, duplicateShare, reorderShare } = messages;
  const faulty = (calm: NetworkConditions): NetworkConditions => ({
    latencyMs: { min: latencyMs.min, max: Math.max(latencyMs.max, calm.latencyMs.max) },
    lossShare,
    duplicateShare,
    reorderShare,
  });
  return { inside: faulty(INSIDE), between: faulty(BETWEEN) };
}

export interface TroublesOptions {
  readonly scenario: Scenario;
  readonly site: Site;
  readonly clock: Clock & Timers;
  readonly partner: Readonly<Record<Side, MemoryPartnerLink>>;
  readonly rooms: (side: Side) => Rooms;
}

/** How often it is looked whether the partner's link is there, milliseconds. */
const LOOK_MS = 1_000;

/**
 * What goes wrong at its hour: the link between the sides is cut and mended, lanes are closed and opened by whoever is on
 * duty. What goes wrong with single vehicles and devices is theirs.
 */
export function startTroubles({ scenario, site, clock, partner, rooms }: TroublesOptions): () => void {
  const ends: (() => void)[] = [];
  if ((scenario.failures.partnerLink ?? []).length > 0) {
    let isUp = true;
    ends.push(
      clock.every(LOOK_MS, () => {
        const shouldBe = partnerLinkUpAt(scenario, clock.nowMs());
        if (shouldBe === isUp) return;
        isUp = shouldBe;
        for (const side of SIDES) {
          if (isUp) partner[side].mend();
          else partner[side].cut();
        }
      }),
    );
  }
  const day = { fromMs: scenario.startsAtMs, toMs: scenario.endsAtMs };
  laneClosuresIn(scenario, day).forEach(({ side, laneId, fromMs, toMs, reason }, index) => {
    const closureId = `${laneId}.${index}` as ClosureId;
    const edgeIds = edgesOfLane(site, side, laneId);
    const at = (atMs: number, task: () => void): void =>
      void ends.push(clock.after(atMs - clock.nowMs(), task));
    at(fromMs, () => rooms(side).reservation.close({ closureId, edgeIds, reason }));
    at(toMs, () => rooms(side).reservation.open(closureId));
  });
  return () => {
    for (const end of ends) end();
  };
}
