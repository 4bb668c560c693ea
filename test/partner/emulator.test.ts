import { afterEach, describe, expect, it, vi } from "vitest";
import { offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import { type Behaviour, HONEST } from "../../sim/src/partner/behaviour.ts";
import { beginPair, concluded, type Pair, WAIT } from "./pair.ts";

let pair: Pair | undefined;

async function begin(behaviour: Partial<Behaviour> = {}): Promise<Pair> {
  pair = await beginPair(behaviour);
  return pair;
}
afterEach(async () => {
  await pair?.end();
  pair = undefined;
});

const give = ({ baton }: Pair, handoffId: string): void => baton.offer(offerOf(handoffId, Date.now()));

function take({ emulator }: Pair, handoffId: string): void {
  const { handoffId: _id, ...terms } = offerOf(handoffId, Date.now());
  emulator.emulator.see("emu.cn-01", { authority: "cn", epoch: 3 });
  const offer = { ...terms, vehicleId: "emu.cn-01", vehicleHome: "cn", direction: "import" as const };
  emulator.emulator.offer(handoffId, { mode: "control-passes", ...offer });
}

describe("a hand-off with a partner that is not Baton", () => {
  it("passes in both directions, with custody records that both have signed and chained", async () => {
    const both = await begin();
    give(both, "to-cn");
    take(both, "to-vn");
    await concluded(both, ["to-cn", "to-vn"]);
    expect(both.baton.register("sim.vn-01").authority).toBe("cn");
    expect(both.baton.register("emu.cn-01").authority).toBe("vn");
    expect(both.emulator.refusals).toEqual([]);
  });

  it.each<Partial<Behaviour>>([{ lateMs: 400 }, { duplicate: true }, { reorder: true, duplicate: true }])(
    "passes all the same when the partner is %o",
    async (behaviour) => {
      const both = await begin(behaviour);
      give(both, "h-1");
      take(both, "h-2");
      await concluded(both, ["h-1", "h-2"]);
    },
  );

  it("waits for a partner that is offline, and passes once it is back", async () => {
    const both = await begin({ offline: true });
    give(both, "h-1");
    await vi.waitFor(() => expect(both.baton.handoffs.metrics().deliveryFailures).toBeGreaterThan(1), WAIT);
    expect(both.baton.handoffs.look("h-1")?.machine.phase).toBe("offered");
    both.emulator.emulator.behaviour = HONEST;
    await concluded(both, ["h-1"]);
  });

  it("ends with the partner's code when it declines, and with its word when it revokes", async () => {
    const both = await begin({ offer: "decline:border-closed" });
    give(both, "h-1");
    await vi.waitFor(
      () =>
        expect(both.baton.handoffs.look("h-1")?.machine).toMatchObject({
          phase: "declined",
          code: "border-closed",
        }),
      WAIT,
    );
    both.emulator.emulator.behaviour = { ...HONEST, ready: "revoke" };
    give(both, "h-2");
    await vi.waitFor(
      () =>
        expect(both.baton.handoffs.look("h-2")?.machine).toMatchObject({ phase: "ended", how: "revoked" }),
      WAIT,
    );
    expect(both.baton.register("sim.vn-01").authority).toBe("vn");
  });

  it.each([
    ["receipt-epoch", "custody-disagrees"],
    ["receipt-manifest", "custody-disagrees"],
    ["early-go", "out-of-phase"],
  ] as const)("does not believe a partner that lies (%s), and says so", async (lie, code) => {
    const both = await begin({ lie });
    give(both, "h-1");
    await vi.waitFor(() => expect(both.emulator.refusals.join()).toContain(code), WAIT);
    expect(await both.baton.handoffs.custody()).toEqual([]);
  });

  describe("over a vehicle that is lost between go and the witness", () => {
    const says = (holder: "giver" | "taker") => ({ holder, account: "lan", reason: "burnt out" });
    async function lostBetween(behaviour: Partial<Behaviour>): Promise<Pair> {
      const both = await begin(behaviour);
      both.lost.add("emu.cn-01");
      take(both, "h-1");
      await vi.waitFor(() => {
        expect(both.baton.handoffs.look("h-1")?.machine.phase).toBe("gone");
        expect(both.emulator.emulator.handoffs.get("h-1")?.phase).toBe("gone");
      }, WAIT);
      return both;
    }

    it("is concluded, ledgers equal, when the partner's people say the same", async () => {
      const both = await lostBetween({ resolution: "agree" });
      expect(await both.baton.handoffs.resolve("h-1", says("taker"))).toMatchObject({ kind: "said" });
      await concluded(both, ["h-1"]);
      expect(both.emulator.refusals).toEqual([]);
    });

    it("goes on waiting when they differ, and ends once both agree in the next round", async () => {
      const both = await lostBetween({ resolution: "differ" });
      const { handoffs } = both.baton;
      await handoffs.resolve("h-1", says("taker"));
      await vi.waitFor(
        () =>
          expect(handoffs.look("h-1")?.machine).toMatchObject({ theirWord: { round: 1, holder: "giver" } }),
        WAIT,
      );
      expect(handoffs.look("h-1")?.machine.phase).toBe("gone");
      both.emulator.emulator.behaviour = { ...HONEST, resolution: "agree" };
      await handoffs.resolve("h-1", says("giver"));
      await vi.waitFor(() => {
        expect(handoffs.look("h-1")?.machine.phase).toBe("ended");
        expect(both.emulator.emulator.handoffs.get("h-1")?.phase).toBe("ended");
      }, WAIT);
      expect(await handoffs.custody()).toEqual([]);
    });

    it("waits for a partner whose people say nothing, and goes on when they find a word", async () => {
      const both = await lostBetween({});
      await both.baton.handoffs.resolve("h-1", says("taker"));
      await vi.waitFor(() => expect(both.emulator.emulator.heard).toContain("h-1 resolution"), WAIT);
      expect(both.baton.handoffs.look("h-1")?.machine.phase).toBe("gone");
      expect(both.emulator.refusals).toEqual([]);
      both.emulator.emulator.behaviour = { ...HONEST, resolution: "agree" };
      await concluded(both, ["h-1"]);
    });
  });

  it("takes nothing from one who signs with another key, nor believes its answers", async () => {
    const both = await begin({ lie: "forged-key" });
    take(both, "h-1");
    await vi.waitFor(() => {
      expect(both.baton.handoffs.metrics().signatures["bad-signature"]).toBeGreaterThan(0);
    }, WAIT);
    expect(both.baton.handoffs.open()).toEqual([]);
    give(both, "h-2");
    await vi.waitFor(() => expect(both.baton.handoffs.metrics().deliveryFailures).toBeGreaterThan(1), WAIT);
    expect(both.baton.handoffs.look("h-2")?.machine.phase).toBe("offered");
  });
});
