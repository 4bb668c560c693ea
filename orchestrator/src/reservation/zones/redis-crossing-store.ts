import type { Redis } from "ioredis";
import { Compile } from "typebox/compile";
import { fieldsOf } from "../../redis/hash.ts";
import { VehicleRecord } from "./core/record.ts";
import type { CrossingStore } from "./crossing-store.ts";

const checkRecord = Compile(VehicleRecord);

const RAISE = `
local highest = 0
for _, key in ipairs(KEYS) do highest = math.max(highest, tonumber(redis.call('GET', key) or '0')) end
redis.call('SET', KEYS[1], highest + 1)
return highest + 1`;

/**
 * One hash, a field a vehicle, beside the zones' ledgers and in none of their slots; and `<key>:epoch`. `epochKeys` hold
 * epochs of lives in which the side was run otherwise: it is raised beyond them, too. Throws what the client throws while
 * Redis is away, and a parse error for a record of another version.
 */
export function createRedisCrossingStore(
  redis: Redis,
  key: string,
  epochKeys: readonly string[] = [],
): CrossingStore {
  return {
    async raiseEpoch() {
      const keys = [`${key}:epoch`, ...epochKeys];
      return Number(await redis.eval(RAISE, keys.length, ...keys));
    },
    async load() {
      const fields = await fieldsOf(redis, key);
      return fields.map(([, text]): VehicleRecord => checkRecord.Parse(JSON.parse(text)));
    },
    async save(changes) {
      const batch = redis.multi();
      for (const [vehicleId, record] of changes) {
        if (record === undefined) batch.hdel(key, vehicleId);
        else batch.hset(key, vehicleId, JSON.stringify(record));
      }
      await batch.exec();
    },
  };
}
