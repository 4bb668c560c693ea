import { readFileSync } from "node:fs";
import type { ClientContext, Cluster, Redis, Result } from "ioredis";

/**
 * The one place where Lua scripts are loaded and typed. A script is a file `<name>.<number of keys>.lua`; its
 * header is its contract. Redis keeps it by its SHA-1 and is sent the text only when it does not have it.
 */
declare module "ioredis" {
  interface RedisCommander<Context extends ClientContext = { type: "default" }> {
    batonTakeLeadership(
      epoch: string,
      leader: string,
      tick: string,
      lineage: string,
      leaderId: string,
      atMs: number,
    ): Result<unknown, Context>;
    batonSettleLineage(
      epochKey: string,
      lineageKey: string,
      epoch: number,
      lineage: string,
    ): Result<unknown, Context>;
    batonCommitTick(
      epoch: string,
      tick: string,
      grants: string,
      itinerary: string,
      vehicles: string,
      closures: string,
      claims: string,
      ticks: string,
      commit: Buffer,
    ): Result<unknown, Context>;
  }
}

export function defineLedgerScripts(redis: Redis | Cluster): void {
  redis.defineCommand("batonTakeLeadership", { numberOfKeys: 4, lua: load("take-leadership.4.lua") });
  redis.defineCommand("batonSettleLineage", { numberOfKeys: 2, lua: load("settle-lineage.2.lua") });
  redis.defineCommand("batonCommitTick", { numberOfKeys: 8, lua: load("commit-tick.8.lua") });
}

function load(file: string): string {
  return readFileSync(new URL(`./lua/${file}`, import.meta.url), "utf8");
}
