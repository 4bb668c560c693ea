import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/run.ts";
import { ran, script } from "./commands.ts";
import {
  type DemoUnderTest,
  demoUnderTest,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";

describe("the partner kit, at the demo as it runs", () => {
  let demo: DemoUnderTest;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "baton-kit-"));
    // At the machine's own time: whoever signs a request from outside knows no other.
    demo = await demoUnderTest({ speed: 1 });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await demo.end();
    await rm(folder, { recursive: true, force: true });
  });

  test(
    "finds each side to speak the protocol, signing with the key of the other",
    async () => {
      for (const [side, other] of [
        ["vn", "cn"],
        ["cn", "vn"],
      ] as const) {
        const key = demo.identities[other].signingKeyFile;
        const found = await script(
          "partner.ts",
          "conformance",
          demo.httpUrl[side],
          "--side",
          other,
          "--key",
          key,
        );
        expect(found.said).not.toContain("FAIL");
        expect(found.said).toContain("12 of 12 passed");
        expect(found.code).toBe(0);
      }
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "signs with a key that was written to the key file while the side ran, once it is told to read it again",
    async () => {
      const { privateKey, publicKey } = generateKeyPairSync("ed25519");
      const kid = "cn-demo-next";
      const key = join(folder, "next.key.json");
      await writeFile(key, JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid }));
      const { partnerKeysFile } = demo.identities.vn;
      const known: { keys: object[] } = JSON.parse(await readFile(partnerKeysFile, "utf8"));
      const next = { ...publicKey.export({ format: "jwk" }), kid };
      await writeFile(partnerKeysFile, JSON.stringify({ keys: [...known.keys, next] }));
      const asked = () => script("partner.ts", "conformance", demo.httpUrl.vn, "--side", "cn", "--key", key);
      expect((await asked()).said, "not before").toContain("got 401 unknown-key");
      const pid = demo.supervisor.pids().get("orchestrator-vn");
      if (pid === undefined) throw new Error("the orchestrator does not run");
      process.kill(pid, "SIGHUP");
      await until(async () => (await asked()).said.includes("12 of 12 passed"), "the new key is not known");
      expect(demo.supervisor.pids().get("orchestrator-vn"), "without a stop").toBe(pid);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "comes from a new key, which two accounts enrol, to an accepted hand-off",
    async () => {
      const { engineer, supervisor } = demo.identities.vn.tokens;
      const quick = join(ROOT, "docs", "partner-quick-start.sh");
      const found = await ran("bash", [quick, demo.httpUrl.vn, engineer, supervisor]);
      expect(found.said).toContain("ACCEPTED");
      expect(found.code).toBe(0);
    },
    TEST_TIMEOUT_MS,
  );
});
