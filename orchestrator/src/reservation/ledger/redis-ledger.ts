import type { VehicleId } from "@baton/fleet-adapter";
import type { BlockId, ZoneId } from "@baton/maps";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { fieldsOf } from "../../redis/hash.ts";
import { type LedgerContent, LedgerMismatch } from "../core/restore.ts";
import { StoredClosure, StoredItinerary, StoredVehicle } from "../core/stored.ts";
import type { ClosureId } from "../port.ts";
import { type ConnectRedis, connectLedger } from "./connection.ts";
import {
  type CommitOutcome,
  checkCommit,
  type LeaderId,
  type Leadership,
  type Ledger,
  LedgerUnreachable,
  type SettleOutcome,
  type TickCommit,
} from "./ledger.ts";
import { defineLedgerScripts } from "./scripts.ts";
import { packCommit, type TapeEntry, unpackTape } from "./tape.ts";

export interface RedisLedgerOptions {
  /** One server: `redis://host:port` or the path of a unix socket. A cluster: `redis+cluster://host:port,host:port`. */
  readonly url: string;
  readonly zoneId: ZoneId;
  /** An answer that takes longer counts as none. Real time, whatever clock the zone lives by. */
  readonly answerWithinMs?: number;
  /**
   * So many replicas must have a tick before it counts as committed (`WAIT`); 0 where there are none. A tick that
   * fewer have is not refused: it is asked again until they have it, and nothing is told before.
   */
  readonly waitReplicas?: number;
  readonly connect?: ConnectRedis;
}

export interface RedisLedger extends Ledger {
  /** The newest entries of the tick stream, oldest first. */
  tape(count: number): Promise<TapeEntry[]>;
  close(): void;
}

/** All keys of a zone carry its hash tag, so that they live in one slot of a Redis Cluster. */
export function ledgerKeys(zoneId: ZoneId) {
  const key = (name: string): string => `baton:{${zoneId}}:${name}`;
  return {
    epoch: key("epoch"),
    leader: key("leader"),
    lineage: key("lineage"),
    tick: key("tick"),
    grants: key("grants"),
    itinerary: key("itinerary"),
    vehicles: key("vehicles"),
    closures: key("closures"),
    claims: key("claims"),
    ticks: key("ticks"),
  };
}

const checkItinerary = Compile(StoredItinerary);
const checkVehicle = Compile(StoredVehicle);
const checkClosure = Compile(StoredClosure);
const checkLeadership = Compile(
  Type.Tuple([Type.String(), Type.String(), Type.String(), Type.String(), Type.String(), Type.String()]),
);
const checkReply = Compile(Type.Tuple([Type.Integer(), Type.String(), Type.String()]));
const checkSettled = Compile(Type.Tuple([Type.Integer(), Type.String()]));
const checkEntry = Compile(
  Type.Tuple([
    Type.Unsafe<Buffer>(Type.Unknown()),
    Type.Tuple([
      Type.Unknown(),
      Type.Unsafe<Buffer>(Type.Unknown()),
      Type.Unknown(),
      Type.Unsafe<Buffer>(Type.Unknown()),
    ]),
  ]),
);

/** The ledger of one zone on a real Redis (6.2 or later), on a connection of its own. */
export function createRedisLedger(options: RedisLedgerOptions): RedisLedger {
  const keys = ledgerKeys(options.zoneId);
  const answerWithinMs = options.answerWithinMs ?? 2000;
  const waitReplicas = options.waitReplicas ?? 0;
  const { redis, ask, close } = connectLedger(options.url, answerWithinMs, options.connect);
  defineLedgerScripts(redis);
  /** The lineage under which this leader leads; see `take-leadership`. */
  let lineage = "";

  /**
   * A server that was restarted by itself with an append-only file has everything that it acknowledged. Where there
   * are replicas, one of them may have been promoted and restarted since: nothing can be said then.
   */
  const isWhole = (before: string, onDisk: string): boolean =>
    waitReplicas === 0 && /^0+$/.test(before) && onDisk === "1";

  const settle = async (epoch: number): Promise<SettleOutcome> => {
    const reply = await ask(() => redis.batonSettleLineage(keys.epoch, keys.lineage, epoch, lineage));
    const [code, detail] = checkSettled.Parse(reply);
    if (code === 1) return { kind: "committed" };
    return code === -5 ? { kind: "lost-writes" } : { kind: "stale-leader", epoch: Number(detail) };
  };

  /** Sends a commit and, on the same connection, waits until enough replicas have all that was written on it. */
  const send = async (packed: Buffer): Promise<[number, string, string]> => {
    const { epoch, tick, grants, itinerary, vehicles, closures, claims, ticks } = keys;
    if (waitReplicas === 0) {
      const reply = await ask(() =>
        redis.batonCommitTick(epoch, tick, grants, itinerary, vehicles, closures, claims, ticks, packed),
      );
      return checkReply.Parse(reply);
    }
    const replies = await ask(() =>
      redis
        .pipeline()
        .batonCommitTick(epoch, tick, grants, itinerary, vehicles, closures, claims, ticks, packed)
        .wait(waitReplicas, Math.floor(answerWithinMs / 2))
        .exec(),
    );
    const [committed, waited] = replies ?? [];
    if (committed?.[0] != null || waited?.[0] != null) throw unreachable(committed?.[0] ?? waited?.[0]);
    const reply = checkReply.Parse(committed?.[1]);
    const have = Number(waited?.[1] ?? 0);
    if (reply[0] > 0 && have < waitReplicas) {
      throw new LedgerUnreachable(
        `the tick is on ${have} of ${waitReplicas} replicas: are they running and connected?`,
      );
    }
    return reply;
  };

  const unreachable = (cause: unknown): LedgerUnreachable =>
    new LedgerUnreachable(`Redis at ${options.url} did not commit: is it the right server?`, { cause });

  return {
    async takeLeadership(leaderId: LeaderId, atMs: number): Promise<Leadership> {
      const reply = await ask(() =>
        redis.batonTakeLeadership(keys.epoch, keys.leader, keys.tick, keys.lineage, leaderId, atMs),
      );
      const [epoch, lastTick, here, whole, before, onDisk] = checkLeadership.Parse(reply);
      lineage = here;
      const known = here === whole || isWhole(before, onDisk);
      if (known && here !== whole) await settle(Number(epoch));
      return { epoch: Number(epoch), lastTick: Number(lastTick), whole: known };
    },
    async read(): Promise<LedgerContent> {
      const lastTick = await ask(() => redis.get(keys.tick));
      const grants = await ask(() => fieldsOf(redis, keys.grants));
      const itineraries = await ask(() => fieldsOf(redis, keys.itinerary));
      const vehicles = await ask(() => fieldsOf(redis, keys.vehicles));
      const closures = await ask(() => fieldsOf(redis, keys.closures));
      const claims = await ask(() => fieldsOf(redis, keys.claims));
      return {
        lastTick: Number(lastTick ?? "0"),
        grants: mapOf(grants, (value) => value.slice(value.indexOf(":") + 1) as VehicleId),
        itineraries: mapOf<VehicleId, StoredItinerary>(itineraries, (text, id) =>
          parse(checkItinerary, text, id),
        ),
        vehicles: mapOf<VehicleId, StoredVehicle>(vehicles, (text, id) => parse(checkVehicle, text, id)),
        closures: mapOf<ClosureId, StoredClosure>(closures, (text, id) => parse(checkClosure, text, id)),
        orders: mapOf(claims, (text) => text),
      };
    },
    async commit(commit: TickCommit): Promise<CommitOutcome> {
      checkCommit(commit);
      const reply = await send(packCommit(commit, lineage));
      if (reply[0] !== -5) return outcomeOf(reply, commit.epoch);
      const [before = "", onDisk = ""] = reply[2].split(" ");
      if (!isWhole(before, onDisk)) return { kind: "lost-writes" };
      lineage = reply[1];
      const settled = await settle(commit.epoch);
      if (settled.kind !== "committed") return settled;
      return outcomeOf(await send(packCommit(commit, lineage)), commit.epoch);
    },
    async validEpoch(): Promise<number> {
      return Number((await ask(() => redis.get(keys.epoch))) ?? "0");
    },
    settle,
    async tape(count: number): Promise<TapeEntry[]> {
      const entries = await ask(() => redis.xrevrangeBuffer(keys.ticks, "+", "-", "COUNT", count));
      return entries.reverse().map((entry) => {
        const [id, [, epoch, , tape]] = checkEntry.Parse(entry);
        return unpackTape(Number.parseInt(id.toString(), 10), Number(epoch.toString()), tape);
      });
    },
    close,
  };
}

/** The codes of `commit-tick`. */
function outcomeOf([code, first, second]: [number, string, string], epoch: number): CommitOutcome {
  switch (code) {
    case 1:
      return { kind: "committed" };
    case 2:
      return { kind: "repeated" };
    case -1:
      // Epochs only grow: an older one is a ledger that forgot.
      return Number(first) < epoch ? { kind: "lost-writes" } : { kind: "stale-leader", epoch: Number(first) };
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
    case -5:
      return { kind: "lost-writes" };
    default:
      throw new Error(`bug: commit-tick answered with code ${code}`);
  }
}

function mapOf<Id extends string, Value>(
  fields: readonly (readonly [id: string, text: string])[],
  read: (text: string, id: string) => Value,
): Map<Id, Value> {
  return new Map(fields.map(([id, text]) => [id as Id, read(text, id)]));
}

function parse<T>(validator: { Parse(value: unknown): T }, text: string, of: string): T {
  try {
    return validator.Parse(JSON.parse(text));
  } catch (cause) {
    throw new LedgerMismatch(`the ledger's record of ${of} is not one that this version wrote`, { cause });
  }
}
