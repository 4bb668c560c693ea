import type { MissionView } from "@baton/orchestrator/contract";
import { expect, test } from "vitest";
import { crossingsOf } from "./crossings.ts";

const mission = (over: Partial<MissionView>, crossedAtMs?: number): MissionView => ({
  missionId: "m",
  orderId: "o",
  side: "vn",
  direction: "export",
  bound: "outbound",
  step: "close",
  stepSinceMs: 0,
  status: "done",
  steps: [],
  timeline:
    crossedAtMs === undefined
      ? []
      : [
          { step: "admit-truck", atMs: crossedAtMs - 600_000 },
          { step: "handoff", atMs: crossedAtMs - 40_000 },
          { step: "cross", atMs: crossedAtMs },
          { step: "close", atMs: crossedAtMs + 60_000 },
        ],
  ...over,
});

test("a container is counted once, where it left, and only in the last hour", () => {
  const nowMs = 10_000_000;
  expect(
    crossingsOf(
      [
        mission({}, nowMs - 1),
        mission({ bound: "inbound", side: "cn" }, nowMs - 1),
        mission({ direction: "import", side: "cn" }, nowMs - 3_600_000),
        mission({ direction: "import", side: "cn" }, nowMs - 3_600_001),
        mission({ status: "running" }),
      ],
      nowMs,
    ),
  ).toEqual({ exportLastHour: 1, importLastHour: 1, medianHandoffMs: 40_000, medianTotalMs: 660_000 });
});

test("where nothing crossed there is nothing to say of how long it takes", () => {
  expect(crossingsOf([], 0)).toMatchObject({ exportLastHour: 0, medianHandoffMs: undefined });
});
