import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HandoffView } from "@baton/orchestrator/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Side } from "../../scripts/demo/demo.ts";
import { script } from "./commands.ts";
import {
  type DemoUnderTest,
  demoUnderTest,
  START_TIMEOUT_MS,
  TEST_TIMEOUT_MS,
  until,
} from "./demo-under-test.ts";

describe("either orchestrator is killed in the middle of a hand-off, on mosquitto", () => {
  let demo: DemoUnderTest;
  const struck: { readonly containerNo: string; readonly taker: Side }[] = [];
  beforeAll(async () => {
    demo = await demoUnderTest({ speed: 6, broker: "mosquitto" });
  }, START_TIMEOUT_MS);
  afterAll(() => demo.end());

  const recordsOf = async (side: Side, handoffId: string) =>
    (await demo.custody(side)).filter((record) => record.handoffId === handoffId);

  /** The hand-off by which a container goes over: one whose time ran out on a slow machine was offered anew. */
  const handoffOf = async (giver: Side, containerNo: string): Promise<string | undefined> =>
    (await demo.missions(giver)).find(
      (mission) => mission.bound === "outbound" && mission.containerNo === containerNo,
    )?.handoffId;

  for (const [victim, role] of [
    ["vn", "giver"],
    ["cn", "giver"],
    ["vn", "taker"],
    ["cn", "taker"],
  ] as const) {
    test(`${victim} as ${role}: both sides end with one and the same custody record`, {
      timeout: TEST_TIMEOUT_MS,
    }, async () => {
      const other: Side = victim === "vn" ? "cn" : "vn";
      const giver: Side = role === "giver" ? victim : other;
      // Under way: agreed on or standing at the line, and the witness has not switched yet.
      const { containerNo } = await until(
        async () =>
          (await demo.borderline(victim)).handoffs.find(
            (each): each is HandoffView & { containerNo: string } =>
              each.role === role &&
              each.containerNo !== undefined &&
              !["offered", "switched", "receipted", "concluded"].includes(each.phase) &&
              !struck.some((one) => one.containerNo === each.containerNo),
          ),
        `no hand-off with ${victim} as ${role}`,
        undefined,
        50,
      );
      demo.kill(`orchestrator-${victim}`);
      struck.push({ containerNo, taker: giver === "vn" ? "cn" : "vn" });
      const [ours, theirs] = await until(
        async () => {
          const handoffId = await handoffOf(giver, containerNo);
          if (handoffId === undefined) return undefined;
          const [a, b] = [await recordsOf(victim, handoffId), await recordsOf(other, handoffId)];
          return a.length > 0 && b.length > 0 && a[0]?.signatures === 2 && b[0]?.signatures === 2 && [a, b];
        },
        async () => JSON.stringify([await demo.borderline(other), await demo.vehicles(other)]),
      );
      expect(ours).toHaveLength(1);
      expect(theirs).toHaveLength(1);
      expect(ours?.[0]?.hash).toBe(theirs?.[0]?.hash);
    });
  }

  test("each of these containers is delivered, and delivered once", {
    timeout: TEST_TIMEOUT_MS,
  }, async () => {
    expect(struck).toHaveLength(4);
    for (const { containerNo, taker } of struck) {
      const deliveries = async () =>
        (await demo.missions(taker)).filter(
          (mission) => mission.bound === "inbound" && mission.containerNo === containerNo,
        );
      await until(
        async () => (await deliveries()).some((mission) => mission.status === "done"),
        async () => JSON.stringify(await deliveries()),
        undefined,
        500,
      );
      // What was accepted and then not handed over in time was given up, and is no second delivery.
      const carriedOut = (await deliveries()).filter((mission) => mission.status !== "returned");
      expect(carriedOut.map(({ status }) => status)).toEqual(["done"]);
    }
  });

  test(
    "the custody chain that a side hands out is proven by the command, which finds a record that was changed",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "baton-custody-"));
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
      await rm(folder, { recursive: true, force: true });
    },
    TEST_TIMEOUT_MS,
  );
});
