import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { AlarmView } from "../contract/index.ts";
import { createAlarmStore } from "./alarm-store.ts";

let redis: Redis;
beforeAll(() => {
  redis = new Redis(inject("redisUrl"));
});
afterAll(() => redis.disconnect());

const standing = (alarmId: string): AlarmView => ({
  alarmId,
  side: "vn",
  code: "device.offline",
  detail: "scanner-1",
  priority: "high",
  state: "unacknowledged",
  raisedAtMs: 1,
  occurrences: 1,
});
const over = (alarmId: string): AlarmView => ({ ...standing(alarmId), state: "returned" });

test("what stands is there after a restart, what is over is not, and the journal has both", async () => {
  const zoneId = `t-${randomUUID()}`;
  let nowMs = 10;
  const store = createAlarmStore({ redis, zoneId, nowMs: () => nowMs });
  store.note(standing("a"));
  store.note(standing("b"));
  nowMs = 20;
  store.note(over("a"));
  await store.flush();
  const next = createAlarmStore({ redis, zoneId, nowMs: () => nowMs });
  expect(await next.standing()).toEqual([standing("b")]);
  expect(await next.journal(0, 15)).toEqual([
    { atMs: 10, alarm: standing("a") },
    { atMs: 10, alarm: standing("b") },
  ]);
  expect(await next.journal(15, 30)).toEqual([{ atMs: 20, alarm: over("a") }]);
});

test("what became of alarms while Redis was away is written when it is back", async () => {
  const zoneId = `t-${randomUUID()}`;
  const line = new Redis(inject("redisUrl"), {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  line.on("error", () => {});
  const store = createAlarmStore({ redis: line, zoneId, nowMs: () => 10 });
  store.note(standing("a"));
  await store.flush();
  await new Promise<void>((resolve) => {
    if (line.status === "ready") resolve();
    else line.once("ready", () => resolve());
  });
  await store.flush();
  expect(await store.standing()).toEqual([standing("a")]);
  line.disconnect();
});
