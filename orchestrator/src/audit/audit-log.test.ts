import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createAuditLog, firstBreak } from "./audit-log.ts";

let redis: Redis;
beforeAll(() => {
  redis = new Redis(inject("redisUrl"));
});
afterAll(() => redis.disconnect());

const act = { account: "an", act: "mission:resume", subject: "m1", reason: "seal seen", outcome: "done" };

test("acts recorded at the same moment form one unbroken chain", async () => {
  const log = createAuditLog({ redis, zoneId: `t-${randomUUID()}`, nowMs: () => 5 });
  await Promise.all([
    log.record(act),
    log.record({ ...act, subject: "m2" }),
    log.record({ ...act, subject: "m3" }),
  ]);
  const entries = await log.search({}, 10);
  expect(entries.map((entry) => entry.sequence)).toEqual([1, 2, 3]);
  expect(firstBreak(entries)).toBeUndefined();
});

test("a changed entry and a missing entry both show", async () => {
  const log = createAuditLog({ redis, zoneId: `t-${randomUUID()}`, nowMs: () => 5 });
  for (const subject of ["m1", "m2", "m3"]) await log.record({ ...act, subject });
  const entries = await log.search({}, 10);
  const changed = entries.map((entry) => (entry.sequence === 2 ? { ...entry, reason: "no reason" } : entry));
  expect(firstBreak(changed)).toBe(2);
  expect(firstBreak(entries.filter((entry) => entry.sequence !== 2))).toBe(3);
});
