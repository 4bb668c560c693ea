import type { HandoffPointId } from "@baton/maps";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HandoffId } from "../../orchestrator/src/handoff/port.ts";
import { offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import { type Behaviour, HONEST } from "../../sim/src/partner/behaviour.ts";
import { beginPair, concluded, type Pair, WAIT } from "./pair.ts";

/** What is lost is said again after a while, and may be lost again. */
const LONG_WAIT = { ...WAIT, timeout: 90_000 };
const IN = "pad-in";
const OUT = "pad-out";
let pair: Pair | undefined;

async function begin(behaviour: Partial<Behaviour> = {}): Promise<Pair> {
  pair = await beginPair(behaviour);
  return pair;
}
afterEach(async () => {
  await pair?.end();
  pair = undefined;
});

/** A toy vehicle of Viet Nam's goes to China's pad, and comes home as soon as it may. */
function visit({ baton }: Pair, handoffId: string, vehicleId = "sim.vn-01"): void {
  const offer = { ...offerOf(handoffId, Date.now()), mode: "host-grants" as const };
  baton.offer({ ...offer, vehicleId: vehicleId as never, handoffPointId: "visit-export" as HandoffPointId });
}

const homeOf = ({ baton }: Pair, handoffId: string) => baton.handoffs.visits.visitor(handoffId as HandoffId);
const pageOf = ({ emulator }: Pair, vehicleId = "sim.vn-01") => emulator.page(vehicleId);
const stateOf = (both: Pair, stretchId: string, vehicleId?: string): string | undefined =>
  pageOf(both, vehicleId)?.stretches.find((one) => one.stretchId === stretchId)?.state;
const behave = (both: Pair, behaviour: Partial<Behaviour>): void => {
  both.emulator.emulator.behaviour = { ...HONEST, ...behaviour };
};

/** The vehicle stands on the partner's pad, by the home side's own note, and the way out is not to be had. */
async function standsOnPad(both: Pair, handoffId: string): Promise<void> {
  await vi.waitFor(() => {
    expect(homeOf(both, handoffId)?.holds).toMatchObject([{ stretchId: IN, isEntered: true }]);
    expect(stateOf(both, OUT), both.emulator.refusals.join()).toBe("queued");
  }, WAIT);
}

async function isHome(both: Pair, handoffId: string, wait = WAIT): Promise<void> {
  await concluded(both, [handoffId, `${handoffId}-home`], wait);
  expect(pageOf(both)).toMatchObject({ stage: "over", stretches: [], register: { authority: "vn" } });
  await vi.waitFor(
    () => expect(homeOf(both, handoffId)).toMatchObject({ isOver: true, register: pageOf(both)?.register }),
    WAIT,
  );
}

describe("a visit to a host that is not Baton", () => {
  it("goes there and back on its grants, twice, with the same records on both sides", async () => {
    const both = await begin();
    visit(both, "v-1");
    await isHome(both, "v-1");
    expect(pageOf(both)?.register).toMatchObject({ epoch: 2 });
    visit(both, "v-2");
    await concluded(both, ["v-1", "v-1-home", "v-2", "v-2-home"]);
    expect(pageOf(both)?.register).toMatchObject({ authority: "vn", epoch: 4 });
    // A receipt may be there before the giver has heard that the page has switched, and is said again.
    expect(both.emulator.refusals.filter((one) => !one.includes("witness-not-seen"))).toEqual([]);
  });

  it.each<Partial<Behaviour>>([
    { lateMs: 100 },
    { duplicate: true, reorder: true },
    { lossShare: 0.2, duplicate: true },
  ])(
    "goes there and back all the same when the host is %o",
    async (behaviour) => {
      const both = await begin(behaviour);
      visit(both, "v-1");
      await isHome(both, "v-1", LONG_WAIT);
    },
    120_000,
  );

  it("waits at the line while another visitor has the pad, and goes when that one is clear", async () => {
    const both = await begin({ ownGround: [OUT] });
    visit(both, "v-1");
    await standsOnPad(both, "v-1");
    visit(both, "v-2", "sim.vn-02");
    // Its `ready` and its asking for ground are two messages, and either may come first.
    await vi.waitFor(() => {
      expect(both.emulator.emulator.heard).toContain("v-2 ready");
      expect(stateOf(both, IN, "sim.vn-02")).toBe("queued");
    }, WAIT);
    const asHost = both.emulator.emulator.handoffs.get("v-2");
    expect(asHost, "no go without ground").toMatchObject({ isReady: true, phase: "accepted" });
    behave(both, {});
    await concluded(both, ["v-1", "v-1-home", "v-2", "v-2-home"]);
  });

  it("keeps the pad while it stands there, though the host wants it back", async () => {
    const both = await begin({ ownGround: [OUT] });
    visit(both, "v-1");
    await standsOnPad(both, "v-1");
    behave(both, { ownGround: [IN, OUT] });
    await vi.waitFor(
      () => expect(homeOf(both, "v-1")?.holds).toMatchObject([{ stretchId: IN, isRevoked: true }]),
      WAIT,
    );
    expect(stateOf(both, IN)).toBe("revoked");
    behave(both, {});
    await isHome(both, "v-1");
  });

  it("enters nothing under a lease that is over, and gives it back when the host wants it", async () => {
    const both = await begin({ lie: "lease-over" });
    visit(both, "v-1");
    await vi.waitFor(() => expect(homeOf(both, "v-1")?.holds).toMatchObject([{ stretchId: IN }]), WAIT);
    const epoch = homeOf(both, "v-1")?.holds[0]?.epoch ?? 0;
    expect(homeOf(both, "v-1")?.holds).toMatchObject([{ isEntered: false }]);
    behave(both, { lie: "lease-over", ownGround: [IN] });
    await vi.waitFor(() => expect(stateOf(both, IN)).toBe("queued"), WAIT);
    expect(homeOf(both, "v-1")?.holds).toEqual([]);
    behave(both, {});
    await vi.waitFor(() => expect(homeOf(both, "v-1")?.seen).toBeGreaterThan(epoch), WAIT);
    await isHome(both, "v-1");
  });

  it("holds what it stands on though a lying host does not name it any more", async () => {
    const both = await begin({ ownGround: [OUT] });
    visit(both, "v-1");
    await standsOnPad(both, "v-1");
    behave(both, { ownGround: [OUT], lie: "grants-forgotten" });
    // What is told from here on is a lie; what was told before may still be on its way.
    const lie = pageOf(both)?.number ?? Number.POSITIVE_INFINITY;
    await vi.waitFor(() => expect(homeOf(both, "v-1")?.taken).toBeGreaterThanOrEqual(lie), WAIT);
    expect(homeOf(both, "v-1")?.holds).toMatchObject([{ stretchId: IN, isEntered: true }]);
    behave(both, {});
    await isHome(both, "v-1");
  });

  it("is kept its ground by the host's next process, and comes home", async () => {
    const both = await begin({ ownGround: [OUT], duplicate: true });
    visit(both, "v-1");
    await standsOnPad(both, "v-1");
    await both.restartEmulator({ ...HONEST, ownGround: [OUT] });
    expect(stateOf(both, IN)).toBe("granted");
    behave(both, {});
    await isHome(both, "v-1");
  });

  it("is refused where the host has no ground for visitors", async () => {
    const both = await begin();
    const offer = { ...offerOf("v-1", Date.now()), mode: "host-grants" as const };
    both.baton.offer(offer);
    await vi.waitFor(() => expect(both.baton.handoffs.metrics().deliveryFailures).toBeGreaterThan(0), WAIT);
    expect(both.emulator.emulator.handoffs.size).toBe(0);
  });
});
