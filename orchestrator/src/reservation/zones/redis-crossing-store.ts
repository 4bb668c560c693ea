import type { Redis } from "ioredis";
import { Compile } from "typebox/compile";
import { VehicleRecord } from "./core/record.ts";
import type { CrossingStore } from "./crossing-store.ts";

const checkRecord = Compile(VehicleRecord);

/** One hash, a field a vehicle: `baton:{<side>}:crossings`, beside the zones' ledgers and in none of their slots. Throws what the client throws while Redis is away, and a parse error for a record of another version. */
export function createRedisCrossingStore(redis: Redis, key: string): CrossingStore {
  return {
    async load() {
      const fields = await redis.hgetall(key);
      return Object.values(fields).map((text): VehicleRecord => checkRecord.Parse(JSON.parse(text)));
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
