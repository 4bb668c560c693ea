import type { HandoffView } from "@baton/orchestrator/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Side } from "../../scripts/demo/demo.ts";
import { type DemoUnderTest, demoUnderTest, until } from "./demo-under-test.ts";

const MINUTES = 60_000;

describe("either orchestrator is killed in the middle of a hand-off, on mosquitto", () => {
  let demo: DemoUnderTest;
  const struck: { readonly handoff: HandoffView; readonly taker: Side }[] = [];
  beforeAll(async () => {
    demo = await demoUnderTest({ speed: 6, broker: "mosquitto" });
  }, 2 * MINUTES);
  afterAll(() => demo.end());

  const recordsOf = async (side: Side, handoffId: string) =>
    (await demo.custody(side)).filter((record) => record.handoffId === handoffId);

  for (const [victim, role] of [
    ["vn", "giver"],
    ["cn", "giver"],
    ["vn", "taker"],
    ["cn", "taker"],
  ] as const) {
    test(`${victim} as ${role}: both sides end with one and the same custody record`, {
      timeout: 4 * MINUTES,
    }, async () => {
      const other = victim === "vn" ? "cn" : "vn";
      // Under way: agreed on or standing at the line, and the witness has not switched yet.
      const handoff = await until(
        async () =>
          (await demo.borderline(victim)).handoffs.find(
            (each) =>
              each.role === role &&
              !["offered", "switched", "concluded"].includes(each.phase) &&
              !struck.some((one) => one.handoff.handoffId === each.handoffId),
          ),
        `no hand-off with ${victim} as ${role}`,
        2 * MINUTES,
        50,
      );
      demo.kill(`orchestrator-${victim}`);
      struck.push({ handoff, taker: role === "giver" ? other : victim });
      const [ours, theirs] = await until(
        async () => {
          const [a, b] = [
            await recordsOf(victim, handoff.handoffId).catch(() => []),
            await recordsOf(other, handoff.handoffId),
          ];
          return a.length > 0 && b.length > 0 && a[0]?.signatures === 2 && b[0]?.signatures === 2 && [a, b];
        },
        async () => JSON.stringify(await demo.borderline(other)),
        3 * MINUTES,
      );
      expect(ours).toHaveLength(1);
      expect(theirs).toHaveLength(1);
      expect(ours?.[0]?.hash).toBe(theirs?.[0]?.hash);
    });
  }

  test("each of these containers is delivered, and delivered once", { timeout: 4 * MINUTES }, async () => {
    expect(struck).toHaveLength(4);
    for (const { handoff, taker } of struck) {
      const deliveries = async () =>
        (await demo.missions(taker)).filter(
          (mission) => mission.bound === "inbound" && mission.handoffId === handoff.handoffId,
        );
      await until(
        async () => (await deliveries()).some((mission) => mission.status === "done"),
        async () => JSON.stringify(await deliveries()),
        3 * MINUTES,
        500,
      );
      expect(await deliveries()).toHaveLength(1);
    }
  });
});
