import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Redis } from "ioredis";
import { fieldsOf } from "../redis/hash.ts";
import { readContext } from "./context.ts";
import {
  type IdleMove,
  idleMoveCheck,
  type MissionStore,
  type StationClosure,
  type StoredMission,
  stationClosureCheck,
} from "./store.ts";

/**
 * Missions in Redis, all keys of a zone under one hash tag:
 *
 * | key | type | what |
 * | --- | --- | --- |
 * | `baton:{<zone>}:mission:epoch` | string | the highest epoch that has written |
 * | `baton:{<zone>}:mission:missions` | hash | mission id to `<version>\n<context as JSON>`; the outbox is in the context |
 * | `baton:{<zone>}:mission:orders` | hash | order id to mission id, for ever |
 * | `baton:{<zone>}:mission:idle-moves` | hash | vehicle id to its last parking leg |
 * | `baton:{<zone>}:mission:closed-stations` | hash | station id to who has closed it, when and why |
 */
export interface RedisMissionStoreOptions {
  readonly redis: Redis;
  readonly zone: string;
  /** The fencing epoch of whoever leads the zone here, asked at every write. */
  readonly epoch: () => number;
}

interface Script {
  readonly lua: string;
  /** By which Redis knows it once it has run. */
  readonly hash: string;
}

function script(name: string): Script {
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");
  return { lua, hash: createHash("sha1").update(lua).digest("hex") };
}
const CREATE = script("create-mission");
const SAVE = script("save-mission");
const SAVE_FIELDS = script("save-fields");

export function redisMissionStore({ redis, zone, epoch }: RedisMissionStoreOptions): MissionStore {
  const key = (name: string): string => `baton:{${zone}}:mission:${name}`;
  const record = (version: number, context: unknown): string => `${version}\n${JSON.stringify(context)}`;

  /** By its hash, and by its text when Redis has forgotten it. */
  const run = async (
    { lua, hash }: Script,
    keys: readonly string[],
    ...args: (string | number)[]
  ): Promise<unknown> => {
    try {
      return await redis.evalsha(hash, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
      return redis.eval(lua, keys.length, ...keys, ...args);
    }
  };

  const saveFields = async (
    hash: string,
    how: "set" | "remove",
    fields: readonly string[],
  ): Promise<"saved" | "fenced"> => {
    const answer = await run(SAVE_FIELDS, [key("epoch"), hash], epoch(), how, ...fields);
    if (answer === "saved" || answer === "fenced") return answer;
    throw new Error(`save-fields answered ${String(answer)}`);
  };

  return {
    async load() {
      const unreadable: { key: string; detail: string }[] = [];
      const missions: StoredMission[] = [];
      for (const [missionId, text] of await fieldsOf(redis, key("missions"))) {
        const reading = readRecord(text);
        if (typeof reading === "string") unreadable.push({ key: missionId, detail: reading });
        else missions.push(reading);
      }
      const idleMoves: IdleMove[] = [];
      for (const [vehicleId, text] of await fieldsOf(redis, key("idle-moves"))) {
        const move = parsed(text);
        if (idleMoveCheck.Check(move)) idleMoves.push(move);
        else unreadable.push({ key: vehicleId, detail: "no idle move" });
      }
      const closedStations: StationClosure[] = [];
      for (const [stationId, text] of await fieldsOf(redis, key("closed-stations"))) {
        const closure = parsed(text);
        if (stationClosureCheck.Check(closure)) closedStations.push(closure);
        else unreadable.push({ key: stationId, detail: "no closure of a station" });
      }
      return { missions, idleMoves, closedStations, unreadable };
    },
    async create(context, orderId) {
      const keys = [key("epoch"), key("missions"), key("orders")];
      const answer = String(
        await run(CREATE, keys, epoch(), context.missionId, orderId ?? "", record(1, context)),
      );
      if (answer === "created" || answer === "fenced") return { kind: answer };
      if (answer.startsWith("exists:")) return { kind: "exists", missionId: answer.slice("exists:".length) };
      throw new Error(`create-mission answered ${answer}`);
    },
    async save({ version, context }) {
      const keys = [key("epoch"), key("missions")];
      const answer = await run(SAVE, keys, epoch(), context.missionId, version - 1, record(version, context));
      if (answer === "saved" || answer === "stale" || answer === "fenced") return answer;
      throw new Error(`save-mission answered ${String(answer)}`);
    },
    saveIdleMove: (move) => saveFields(key("idle-moves"), "set", [move.vehicleId, JSON.stringify(move)]),
    saveClosure: (closure) =>
      saveFields(key("closed-stations"), "set", [closure.stationId, JSON.stringify(closure)]),
    removeClosure: (stationId) => saveFields(key("closed-stations"), "remove", [stationId]),
    remove: async (missionIds) =>
      missionIds.length === 0 ? "saved" : saveFields(key("missions"), "remove", missionIds),
  };
}

function readRecord(text: string): StoredMission | string {
  const end = text.indexOf("\n");
  const version = Number(text.slice(0, end));
  if (end <= 0 || !Number.isSafeInteger(version)) return "no version";
  const reading = readContext(parsed(text.slice(end + 1)));
  return reading.kind === "context" ? { version, context: reading.context } : reading.detail;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
