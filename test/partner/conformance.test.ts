import { generateKeyPairSync, randomUUID } from "node:crypto";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { afterEach, describe, expect, inject, it } from "vitest";
import { startSandbox } from "../../orchestrator/src/sandbox.ts";
import { HONEST } from "../../sim/src/partner/behaviour.ts";
import { checkConformance, type Finding } from "../../sim/src/partner/conformance.ts";
import { VISIT_CHECK_NAMES } from "../../sim/src/partner/conformance-visits.ts";
import { type Listener, startListener } from "../../sim/src/partner/listener.ts";
import { TOY_GROUND } from "../../sim/src/partner/pages.ts";
import { type EmulatorServerOptions, startEmulator } from "../../sim/src/partner/server.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function newKey(kid: string) {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { x = "" } = privateKey.export({ format: "jwk" });
  return { own: { kid, privateKey }, jwk: { kid, kty: "OKP", crv: "Ed25519", x } };
}
const kit = newKey("kit-1");

async function listening(): Promise<Listener> {
  const listener = await startListener(kit.own, 0, Date.now);
  ends.push(() => listener.stop());
  return listener;
}

async function askEmulator(
  more: Partial<EmulatorServerOptions>,
  listener?: Listener,
): Promise<readonly Finding[]> {
  const key = newKey("cn-1");
  const emulator = await startEmulator({
    side: "cn",
    key: key.own,
    publicJwk: key.jwk,
    peerUrl: () => listener?.url ?? "http://127.0.0.1:9",
    trusted: [kit.jwk],
    ...more,
  });
  ends.push(() => emulator.stop());
  const common = { url: emulator.url, side: "vn", key: kit.own, nowMs: Date.now } as const;
  return checkConformance({ ...common, ...(listener === undefined ? {} : { listener }) });
}

const failed = (findings: readonly Finding[]) => findings.filter(({ failure }) => failure !== undefined);
const skipped = (findings: readonly Finding[]): string[] =>
  findings.flatMap(({ name, skipped }) => (skipped === undefined ? [] : [name]));

describe("the conformance suite", () => {
  it("finds Baton to speak the protocol, visits of its ground included", async () => {
    const loaded = await loadSite(siteDirectory("mini"));
    if (!loaded.ok) throw new Error("the site mini does not load");
    const listener = await listening();
    const key = newKey("vn-1");
    const baton = await startSandbox({
      side: "vn",
      site: loaded.site,
      zoneId: `sandbox-${randomUUID()}`,
      redisUrl: inject("redisUrl"),
      port: 0,
      partnerUrl: listener.url,
      signingKey: { ...key.own.privateKey.export({ format: "jwk" }), kid: "vn-1" },
      partnerKeys: { keys: [kit.jwk] },
    });
    ends.push(() => baton.stop());
    const findings = await checkConformance({
      url: baton.url,
      side: "cn",
      key: kit.own,
      nowMs: Date.now,
      listener,
    });
    expect(failed(findings)).toEqual([]);
    expect(skipped(findings)).toEqual([]);
    expect(findings.length).toBeGreaterThanOrEqual(17);
  });

  it("finds the emulator to speak it too, in every check that it asks others", async () => {
    const findings = await askEmulator({ ground: TOY_GROUND }, await listening());
    expect(failed(findings)).toEqual([]);
    expect(skipped(findings)).toEqual([]);
  });

  it("skips visits at a server that does not serve them, and what it cannot hear", async () => {
    const without = await askEmulator({});
    expect(failed(without)).toEqual([]);
    expect(skipped(without)).toEqual(Object.values(VISIT_CHECK_NAMES));
    const unheard = await askEmulator({ ground: TOY_GROUND });
    expect(failed(unheard)).toEqual([]);
    expect(skipped(unheard)).toEqual([VISIT_CHECK_NAMES.grants, VISIT_CHECK_NAMES.frees]);
  });

  it("finds a host whose leases are over when it grants", async () => {
    const lie = "lease-over";
    const findings = await askEmulator(
      { ground: TOY_GROUND, behaviour: { ...HONEST, lie } },
      await listening(),
    );
    expect(failed(findings).map((one) => one.name)).toContain(VISIT_CHECK_NAMES.grants);
  });
});
