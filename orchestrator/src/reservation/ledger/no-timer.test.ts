import { readdirSync, readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { ring } from "../testing/layouts.ts";
import { freshZone } from "../testing/redis-zone.ts";
import { drive } from "../testing/traffic.ts";
import { createRedisLedger, ledgerKeys } from "./redis-ledger.ts";

const LUA = new URL("./lua/", import.meta.url);

describe("no timer in the ledger", () => {
  test.each(readdirSync(LUA))("%s sets no time to live, and asks for no time", (file) => {
    // What is said in comments is no command.
    const code = readFileSync(new URL(file, LUA), "utf8")
      .replace(/--\[\[[\s\S]*?\]\]/g, "")
      .replace(/--.*$/gm, "");
    expect(code).toContain("redis.call");
    expect(code).not.toMatch(/EXPIRE|SETEX|GETEX|'(EX|PX|EXAT|PXAT|TIME)'|XADD'[^)]*'\*'/i);
  });

  test("no key of a zone has a time to live, whatever has been done to it", async () => {
    const zoneId = freshZone();
    const ledger = createRedisLedger({ url: inject("redisUrl"), zoneId });
    const redis = new Redis(inject("redisUrl"));
    const keys = Object.values(ledgerKeys(zoneId));
    try {
      const plan = {
        layout: ring(6),
        seed: 1,
        vehicles: 3,
        tripsEach: 1,
        stops: 0,
        lostReports: 0,
        newLeaders: 0.05,
      };
      await drive(plan, { ledger, holders: async () => (await ledger.read()).grants });
      const lives = await Promise.all(keys.map((key) => redis.ttl(key)));
      // -1: for ever; -2: no such key, of what was never written.
      expect(new Set(lives)).toEqual(new Set([-1, -2]));
      expect(lives.filter((life) => life === -1).length).toBeGreaterThanOrEqual(8);
    } finally {
      await redis.del(...keys);
      redis.disconnect();
      ledger.close();
    }
  });
});
