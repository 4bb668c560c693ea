import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DemoUnderTest, demoUnderTest, until } from "./demo-under-test.ts";

const MINUTES = 60_000;

describe("either orchestrator is killed in the middle of a hand-off, on mosquitto", () => {
  let demo: DemoUnderTest;
  beforeAll(async () => {
    demo = await demoUnderTest({ speed: 4, broker: "mosquitto" });
  }, 2 * MINUTES);
  afterAll(() => demo.end());

  for (const [victim, role] of [
    ["vn", "giver"],
    ["cn", "giver"],
    ["vn", "taker"],
    ["cn", "taker"],
  ] as const) {
    test(`${victim} as ${role}: the container is delivered once and custody is agreed`, {
      timeout: 6 * MINUTES,
    }, async () => {
      const other = victim === "vn" ? "cn" : "vn";
      const seen = new Set((await demo.borderline(victim)).handoffs.map((each) => each.handoffId));
      const handoff = await until(
        async () =>
          (await demo.borderline(victim)).handoffs.find(
            (each) => each.role === role && !seen.has(each.handoffId) && each.phase !== "offered",
          ),
        `no hand-off with ${victim} as ${role}`,
        4 * MINUTES,
        50,
      );
      demo.kill(`orchestrator-${victim}`);
      const giver = role === "giver" ? victim : other;
      const taker = role === "giver" ? other : victim;
      const inbound = await until(
        async () => {
          const missions = await demo.missions(taker).catch(() => []);
          return missions.find(
            (mission) => mission.handoffId === handoff.handoffId && mission.status === "done",
          );
        },
        async () => JSON.stringify(await demo.borderline(taker)),
        5 * MINUTES,
        500,
      );
      const deliveries = (await demo.missions(taker)).filter(
        (mission) => mission.bound === "inbound" && mission.containerNo === inbound.containerNo,
      );
      expect(deliveries).toHaveLength(1);
      for (const side of [giver, taker]) {
        const records = await until(
          async () => {
            const all = await demo.get<readonly { handoffId: string }[]>(side, "/api/v1/custody");
            const its = all.filter((record) => record.handoffId === handoff.handoffId);
            return its.length > 0 ? its : undefined;
          },
          `no custody record with ${side}`,
          1 * MINUTES,
        );
        expect(records).toHaveLength(1);
      }
    });
  }
});
