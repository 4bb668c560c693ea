import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, ZoneId } from "@baton/maps";
import { Redis } from "ioredis";
import { pack } from "msgpackr";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { type LedgerContent, LedgerMismatch } from "../core/restore.ts";
import { StoredOrder, StoredVehicle } from "../core/stored.ts";
import type { BlocksOf } from "../core/tick.ts";
import {
  type CommitOutcome,
  type LeaderId,
  type Leadership,
  type Ledger,
  LedgerUnreachable,
  type TickCommit,
} from "./ledger.ts";
import { defineLedgerScripts } from "./scripts.ts";

export interface RedisLedgerOptions {
  /** `redis://host:port` or the path of a unix socket. */
  readonly url: string;
  readonly zoneId: ZoneId;
  /** An answer that takes longer counts as none. Real time, whatever clock the zone lives by. */
  readonly answerWithinMs?: number;
}

export interface RedisLedger extends Ledger {
  close(): void;
}

/** All keys of a zone carry its hash tag, so that they live in one slot of a Redis Cluster. */
export function ledgerKeys(zoneId: ZoneId) {
  const key = (name: string): string => `baton:{${zoneId}}:${name}`;
  return {
    epoch: key("epoch"),
    leader: key("leader"),
    tick: key("tick"),
    grants: key("grants"),
    itinerary: key("itinerary"),
    claims: key("claims"),
    ticks: key("ticks"),
  };
}

const checkVehicle = Compile(StoredVehicle);
const checkOrder = Compile(StoredOrder);
const checkEpoch = Compile(Type.Integer());
const checkReply = Compile(Type.Tuple([Type.Integer(), Type.String(), Type.String()]));

/**
 * The ledger of one zone on a real Redis (6.2 or later), on a connection of its own that reconnects by itself
 * and never queues: while Redis is away each call fails at once with `LedgerUnreachable`.
 */
export function createRedisLedger(options: RedisLedgerOptions): RedisLedger {
  const keys = ledgerKeys(options.zoneId);
  const redis = new Redis(options.url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: options.answerWithinMs ?? 2000,
    retryStrategy: (times) => Math.min(50 * times, 1000),
  });
  // Each failed call says so itself; without a listener the client would print to the console.
  redis.on("error", () => {});
  defineLedgerScripts(redis);
  const firstReady = connected(redis, options.answerWithinMs ?? 2000);
  // Whoever asks meets the failure; nobody asking yet is no failure.
  firstReady.catch(() => {});

  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    try {
      if (redis.status === "connecting" || redis.status === "connect") await firstReady;
      return await question();
    } catch (cause) {
      throw new LedgerUnreachable(
        `Redis at ${options.url} does not answer: is it running, and is the address right?`,
        { cause },
      );
    }
  };

  return {
    async takeLeadership(leaderId: LeaderId, atMs: number): Promise<Leadership> {
      const epoch = await ask(() => redis.batonTakeLeadership(keys.epoch, keys.leader, leaderId, atMs));
      const lastTick = await ask(() => redis.get(keys.tick));
      return { epoch: checkEpoch.Parse(epoch), lastTick: Number(lastTick ?? "0") };
    },
    async read(): Promise<LedgerContent> {
      const lastTick = await ask(() => redis.get(keys.tick));
      const grants = await ask(() => redis.hgetall(keys.grants));
      const itinerary = await ask(() => redis.hgetall(keys.itinerary));
      const claims = await ask(() => redis.hgetall(keys.claims));
      return {
        lastTick: Number(lastTick ?? "0"),
        grants: new Map(
          Object.entries(grants).map(([block, value]) => [
            block as BlockId,
            value.slice(value.indexOf(":") + 1) as VehicleId,
          ]),
        ),
        vehicles: new Map(
          Object.entries(itinerary).map(([vehicle, text]) => [
            vehicle as VehicleId,
            parse(checkVehicle, text, vehicle),
          ]),
        ),
        orders: new Map(
          Object.entries(claims).map(([block, text]) => [block as BlockId, parse(checkOrder, text, block)]),
        ),
      };
    },
    async commit(commit: TickCommit): Promise<CommitOutcome> {
      const packed = packCommit(commit);
      const reply = await ask(() =>
        redis.batonCommitTick(
          keys.epoch,
          keys.tick,
          keys.grants,
          keys.itinerary,
          keys.claims,
          keys.ticks,
          packed,
        ),
      );
      return outcomeOf(checkReply.Parse(reply));
    },
    close(): void {
      redis.disconnect();
    },
  };
}

/** Resolves with the first connection, rejects when there is none in time. */
function connected(redis: Redis, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no connection within ${withinMs} ms`)), withinMs);
    timer.unref();
    redis.once("ready", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** The one binary argument of `commit-tick`, as its header says. */
function packCommit({ epoch, previousTick, keepFromTick, change }: TickCommit): Buffer {
  const blocks = (of: readonly BlocksOf[]) => of.map(({ vehicleId, blockIds }) => [vehicleId, blockIds]);
  return pack([
    epoch,
    previousTick,
    change.tick,
    keepFromTick,
    blocks(change.releases),
    blocks(change.grants),
    change.vehicles.map(({ vehicleId, stored }) => [
      vehicleId,
      stored === undefined ? "" : JSON.stringify(stored),
    ]),
    change.orders.map(({ blockId, stored }) => [blockId, stored.length === 0 ? "" : JSON.stringify(stored)]),
  ]);
}

/** The codes of `commit-tick`. */
function outcomeOf([code, first, second]: [number, string, string]): CommitOutcome {
  switch (code) {
    case 1:
      return { kind: "committed" };
    case 2:
      return { kind: "repeated" };
    case -1:
      return { kind: "stale-leader", epoch: Number(first) };
    case -2:
      return { kind: "wrong-tick", lastTick: Number(first) };
    case -3:
      return { kind: "held", blockId: first as BlockId, heldBy: second as VehicleId };
    case -4:
      return {
        kind: "not-holder",
        blockId: first as BlockId,
        heldBy: second === "" ? undefined : (second as VehicleId),
      };
    default:
      throw new Error(`bug: commit-tick answered with code ${code}`);
  }
}

function parse<T>(validator: { Parse(value: unknown): T }, text: string, of: string): T {
  try {
    return validator.Parse(JSON.parse(text));
  } catch (cause) {
    throw new LedgerMismatch(`the ledger's record of ${of} is not one that this version wrote`, { cause });
  }
}
