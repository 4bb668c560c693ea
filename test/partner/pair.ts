import { generateKeyPairSync, randomUUID } from "node:crypto";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { expect, inject, vi } from "vitest";
import { verifyChain } from "../../orchestrator/src/handoff/custody.ts";
import { readPublicKey } from "../../orchestrator/src/handoff/keys.ts";
import { type Sandbox, startSandbox } from "../../orchestrator/src/sandbox.ts";
import { type Behaviour, HONEST } from "../../sim/src/partner/behaviour.ts";
import { emptyMemory } from "../../sim/src/partner/memory.ts";
import { TOY_GROUND } from "../../sim/src/partner/pages.ts";
import { type EmulatorServer, startEmulator } from "../../sim/src/partner/server.ts";
import type { OwnKey } from "../../sim/src/partner/signing.ts";

export const WAIT = { timeout: 10_000, interval: 20 };

export interface Pair {
  readonly baton: Sandbox;
  /** The one that runs now. */
  emulator: EmulatorServer;
  readonly partnerKey: OwnKey;
  readonly keys: Record<"vn" | "cn", { kid: string; kty: string; crv: string; x: string }>;
  /** Vehicles of the emulator that obey nobody any more. */
  readonly lost: Set<string>;
  /** The next process of the emulator, which knows what the one before knew. */
  restartEmulator(behaviour: Behaviour): Promise<void>;
  end(): Promise<void>;
}

/** Viet Nam's side is Baton, China's is the emulator; both on loopback, each with its own keys. */
export async function beginPair(behaviour: Partial<Behaviour> = {}): Promise<Pair> {
  const loaded = await loadSite(siteDirectory("mini"));
  if (!loaded.ok) throw new Error("the site mini does not load");
  const make = (kid: string) => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const { x = "" } = privateKey.export({ format: "jwk" });
    return { privateKey, jwk: { kid, kty: "OKP", crv: "Ed25519", x } };
  };
  const [vn, cn] = [make("vn-1"), make("cn-1")];
  const memory = emptyMemory();
  const lost = new Set<string>();
  let baton: Sandbox | undefined;
  const bringEmulator = (by: Behaviour, port: number): Promise<EmulatorServer> =>
    startEmulator({
      side: "cn",
      key: { kid: "cn-1", privateKey: cn.privateKey },
      publicJwk: cn.jwk,
      peerUrl: () => baton?.url ?? "http://127.0.0.1:9",
      port,
      memory,
      behaviour: by,
      ground: TOY_GROUND,
      transfer: (vehicleId, expectedEpoch, to) => void move(vehicleId, expectedEpoch, to),
    });
  /** The emulator's own vehicle: its register is told to both sides. */
  const move = async (vehicleId: string, expectedEpoch: number, to: string): Promise<void> => {
    const epoch = memory.registers.get(vehicleId)?.epoch ?? 0;
    if (epoch !== expectedEpoch || lost.has(vehicleId)) return;
    pair.emulator.emulator.see(vehicleId, { authority: to, epoch: epoch + 1 });
    await fetch(`${baton?.url}/sandbox/vehicles/${vehicleId}/register`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ authority: to, epoch: epoch + 1 }),
    });
  };
  const emulator = await bringEmulator({ ...HONEST, ...behaviour }, 0);
  baton = await startSandbox({
    side: "vn",
    site: loaded.site,
    zoneId: `sandbox-${randomUUID()}`,
    redisUrl: inject("redisUrl"),
    port: 0,
    partnerUrl: emulator.url,
    signingKey: { ...vn.privateKey.export({ format: "jwk" }), kid: "vn-1" },
    partnerKeys: { keys: [cn.jwk] },
    onRegister: (vehicleId, { authority, epoch }) =>
      pair.emulator.emulator.see(vehicleId, { authority, epoch }),
  });
  const running = baton;
  const pair: Pair = {
    baton: running,
    emulator,
    partnerKey: { kid: "cn-1", privateKey: cn.privateKey },
    keys: { vn: vn.jwk, cn: cn.jwk },
    lost,
    async restartEmulator(by) {
      await pair.emulator.stop();
      pair.emulator = await bringEmulator(by, Number(new URL(emulator.url).port));
    },
    async end() {
      await running.stop();
      await pair.emulator.stop();
    },
  };
  return pair;
}

/** All of these are concluded, and both ledgers say the same of them. */
export async function concluded(
  { baton, emulator, keys }: Pair,
  handoffIds: readonly string[],
  wait: typeof WAIT = WAIT,
): Promise<void> {
  await vi.waitFor(() => {
    for (const handoffId of handoffIds) {
      expect(emulator.emulator.handoffs.get(handoffId)?.phase, emulator.refusals.join("; ")).toBe(
        "concluded",
      );
      expect(baton.handoffs.look(handoffId)?.machine.phase).toBe("concluded");
    }
  }, wait);
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
