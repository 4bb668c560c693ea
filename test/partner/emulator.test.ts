import { generateKeyPairSync, randomUUID } from "node:crypto";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { verifyChain } from "../../orchestrator/src/handoff/custody.ts";
import { readPublicKey } from "../../orchestrator/src/handoff/keys.ts";
import { offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import { type Sandbox, startSandbox } from "../../orchestrator/src/sandbox.ts";
import { type Behaviour, HONEST } from "../../sim/src/partner/behaviour.ts";
import { checkConformance } from "../../sim/src/partner/conformance.ts";
import { type EmulatorServer, startEmulator } from "../../sim/src/partner/server.ts";
import type { OwnKey } from "../../sim/src/partner/signing.ts";

const WAIT = { timeout: 10_000, interval: 20 };

interface Pair {
  readonly baton: Sandbox;
  readonly emulator: EmulatorServer;
  readonly partnerKey: OwnKey;
  readonly keys: Record<"vn" | "cn", { kid: string; kty: string; crv: string; x: string }>;
}
let pair: Pair | undefined;
/** Vehicles of the emulator that obey nobody any more. */
const lost = new Set<string>();

/** Viet Nam's side is Baton, China's is the emulator; both on loopback, each with its own keys. */
async function begin(behaviour: Partial<Behaviour> = {}): Promise<Pair> {
  const loaded = await loadSite(siteDirectory("mini"));
  if (!loaded.ok) throw new Error("the site mini does not load");
  const make = (kid: string) => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const { x = "" } = privateKey.export({ format: "jwk" });
    return { privateKey, jwk: { kid, kty: "OKP", crv: "Ed25519", x } };
  };
  const [vn, cn] = [make("vn-1"), make("cn-1")];
  let baton: Sandbox | undefined;
  const emulator = await startEmulator({
    side: "cn",
    key: { kid: "cn-1", privateKey: cn.privateKey },
    publicJwk: cn.jwk,
    peerUrl: () => baton?.url ?? "http://127.0.0.1:9",
    behaviour: { ...HONEST, ...behaviour },
    transfer: (vehicleId, expectedEpoch, to) => void move(vehicleId, expectedEpoch, to),
  });
  /** The emulator's own vehicle: its register is told to both sides. */
  const move = async (vehicleId: string, expectedEpoch: number, to: string): Promise<void> => {
    const epoch = emulator.emulator.registers.get(vehicleId)?.epoch ?? 0;
    if (epoch !== expectedEpoch || lost.has(vehicleId)) return;
    emulator.emulator.see(vehicleId, { authority: to, epoch: epoch + 1 });
    await fetch(`${baton?.url}/sandbox/vehicles/${vehicleId}/register`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ authority: to, epoch: epoch + 1 }),
    });
  };
  baton = await startSandbox({
    side: "vn",
    site: loaded.site,
    zoneId: `sandbox-${randomUUID()}`,
    redisUrl: inject("redisUrl"),
    port: 0,
    partnerUrl: emulator.url,
    signingKey: { ...vn.privateKey.export({ format: "jwk" }), kid: "vn-1" },
    partnerKeys: { keys: [cn.jwk] },
    onRegister: (vehicleId, { authority, epoch }) => emulator.emulator.see(vehicleId, { authority, epoch }),
  });
  pair = {
    baton,
    emulator,
    partnerKey: { kid: "cn-1", privateKey: cn.privateKey },
    keys: { vn: vn.jwk, cn: cn.jwk },
  };
  return pair;
}
afterEach(async () => {
  await pair?.baton.stop();
  await pair?.emulator.stop();
  pair = undefined;
  lost.clear();
});

const give = ({ baton }: Pair, handoffId: string): void => baton.offer(offerOf(handoffId, Date.now()));

function take({ emulator }: Pair, handoffId: string): void {
  const { handoffId: _id, ...terms } = offerOf(handoffId, Date.now());
  emulator.emulator.see("emu.cn-01", { authority: "cn", epoch: 3 });
  const offer = { ...terms, vehicleId: "emu.cn-01", vehicleHome: "cn", direction: "import" as const };
  emulator.emulator.offer(handoffId, { mode: "control-passes", ...offer });
}

async function concluded({ baton, emulator, keys }: Pair, handoffIds: readonly string[]): Promise<void> {
  await vi.waitFor(() => {
    for (const handoffId of handoffIds) {
      expect(emulator.emulator.handoffs.get(handoffId)?.phase, emulator.refusals.join("; ")).toBe(
        "concluded",
      );
      expect(baton.handoffs.look(handoffId)?.machine.phase).toBe("concluded");
    }
  }, WAIT);
  const records = await baton.handoffs.custody();
  expect(records.map((one) => JSON.stringify(one)).sort()).toEqual(
    emulator.emulator.ledger.map((one) => JSON.stringify(one)).sort(),
  );
  const known = (["vn", "cn"] as const).map((side) => ({
    keyId: keys[side].kid,
    side,
    publicKey: readPublicKey(JSON.stringify(keys[side])),
  }));
  expect(await verifyChain(records, "vn", known)).toMatchObject({
    ok: true,
    records: handoffIds.length,
    pending: 0,
  });
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
      lost.add("emu.cn-01");
      const both = await begin(behaviour);
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

  it("conforms itself, in every check of the suite that it asks others", async () => {
    const kit = generateKeyPairSync("ed25519");
    const { x = "" } = kit.publicKey.export({ format: "jwk" });
    const emulator = await startEmulator({
      side: "cn",
      key: { kid: "cn-1", privateKey: kit.privateKey },
      publicJwk: { kid: "cn-1", kty: "OKP", crv: "Ed25519", x },
      peerUrl: () => "http://127.0.0.1:9",
      trusted: [{ kid: "vn-kit", kty: "OKP", crv: "Ed25519", x }],
    });
    const key = { kid: "vn-kit", privateKey: kit.privateKey };
    const findings = await checkConformance({ url: emulator.url, side: "vn", key, nowMs: Date.now });
    await emulator.stop();
    expect(findings.filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  it("finds Baton to speak the protocol, in every check of the conformance suite", async () => {
    const { baton, partnerKey } = await begin();
    const findings = await checkConformance({ url: baton.url, side: "cn", key: partnerKey, nowMs: Date.now });
    expect(findings.filter(({ failure }) => failure !== undefined)).toEqual([]);
    expect(findings.length).toBeGreaterThanOrEqual(12);
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
