import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/run.ts";
import {
  type DemoUnderTest,
  demoUnderTest,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";

interface Ran {
  readonly code: number;
  readonly said: string;
}

/** A command as a person would give it; what it said on both channels. */
function ran(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd: ROOT, timeout: 600_000 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, said: `${out}${err}` });
    });
  });
}
const script = (name: string, ...args: readonly string[]): Promise<Ran> =>
  ran(process.execPath, [join(ROOT, "scripts", name), ...args]);

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
    "proves the custody chain that a side hands out, and finds the record that was changed, or is missing",
    async () => {
      await until(
        async () => (await demo.custody("vn")).some(({ signatures }) => signatures === 2),
        "nothing was handed over",
      );
      const file = join(folder, "custody.json");
      const token = demo.identities.vn.tokens.engineer;
      const written = await script("custody.ts", "export", demo.httpUrl.vn, "--token", token, "--out", file);
      expect(written, written.said).toMatchObject({ code: 0 });
      const proven = await script("custody.ts", "verify", file);
      expect(proven.said).toContain("HOLDS");
      expect(proven.code).toBe(0);

      const custody: { records: { payload: string }[] } = JSON.parse(await readFile(file, "utf8"));
      const [first] = custody.records;
      if (first === undefined) throw new Error("there is no record");
      const payload = Buffer.from(first.payload, "base64url")
        .toString()
        .replace('"place":"', '"place":"not ');
      const changed = { ...first, payload: Buffer.from(payload).toString("base64url") };
      await writeFile(file, JSON.stringify({ ...custody, records: [changed, ...custody.records.slice(1)] }));
      expect(await script("custody.ts", "verify", file)).toMatchObject({
        code: 1,
        said: expect.stringContaining("BROKEN at record 1: bad-signature"),
      });
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
