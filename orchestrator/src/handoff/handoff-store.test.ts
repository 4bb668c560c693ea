import type { VehicleId } from "@baton/fleet-adapter";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { beginGiver } from "./core/giver.ts";
import { freshPage, visitPage } from "./core/visit/page.ts";
import {
  type Change,
  createHandoffMemory,
  createMemoryHandoffStore,
  type HandoffEntry,
  type HandoffStore,
} from "./handoff-store.ts";
import type { HandoffId } from "./port.ts";
import { createRedisHandoffStore } from "./redis-handoff-store.ts";
import { offerOf } from "./testing/two-sides.ts";
import { sealEnvelope } from "./wire.ts";

const zoneId = `store-${crypto.randomUUID()}`;
let redis: Redis;
beforeAll(() => {
  redis = new Redis(inject("redisUrl"));
});
afterAll(async () => {
  const left = await redis.keys(`{${zoneId}*`);
  if (left.length > 0) await redis.del(...left);
  await redis.quit();
});

const [machine] = beginGiver(offerOf("h-1", 1_000), "vn", "cn", 1_000);
const entry: HandoffEntry = { machine, inbox: [{ messageId: "m-1", type: "accept", digest: "d" }] };
const item = {
  seq: 1,
  envelope: sealEnvelope(machine.handoffId, "vn", "cn", { type: "go", body: {} }, 1_000),
};
const half = { payload: "p", signatures: [{ protected: "a", signature: "b" }] };
const whole = { payload: "p", signatures: [...half.signatures, { protected: "c", signature: "d" }] };
const change = (over: Partial<Change> = {}): Change => ({
  handoffId: machine.handoffId,
  entry,
  send: [item],
  append: undefined,
  complete: undefined,
  ...over,
});

describe.each([
  {
    kind: "in Redis",
    make: (name: string) => () => createRedisHandoffStore({ redis, zoneId: `${zoneId}-${name}` }),
  },
  {
    kind: "in memory",
    make: () => {
      const memory = createHandoffMemory();
      return () => createMemoryHandoffStore(memory);
    },
  },
])("a hand-off store $kind", ({ make }) => {
  it("gives back after a restart what one step kept as a whole", async () => {
    const open = make("whole");
    const store = open();
    await store.open();
    expect(await store.commit(change({ append: half }))).toBe("kept");
    const again: HandoffStore = open();
    await again.open();
    expect(await again.load()).toEqual({ entries: [entry], outbox: [item], visits: [], lastSigned: half });
    expect(await again.custody()).toEqual([half]);
    expect(await again.commit(change({ complete: whole, send: [] }))).toBe("kept");
    expect(await again.acknowledged(item.envelope.messageId)).toBe("kept");
    expect(await again.load()).toEqual({ entries: [entry], outbox: [], visits: [], lastSigned: half });
    expect(await again.custody()).toEqual([whole]);
    expect(await again.commit(change({ entry: undefined, send: [] }))).toBe("kept");
    expect((await again.load()).entries).toEqual([]);
    expect(await again.custody(), "a custody record is never forgotten").toEqual([whole]);
  });

  it("keeps nothing more from a process that another has followed", async () => {
    const open = make("fence");
    const first = open();
    await first.open();
    await first.commit(change());
    const second = open();
    await second.open();
    expect(await first.commit(change({ append: half, entry: undefined }))).toBe("fenced");
    expect(await first.acknowledged(item.envelope.messageId)).toBe("fenced");
    expect(await second.load()).toEqual({
      entries: [entry],
      outbox: [item],
      visits: [],
      lastSigned: undefined,
    });
  });

  it("keeps of each visit what was known last, unless another process has followed", async () => {
    const open = make("visits");
    const first = open();
    await first.open();
    const page = freshPage("sim.vn-01" as VehicleId, "vn", "cn");
    const next = visitPage(page, { kind: "begin", handoffId: "h-1" as HandoffId });
    expect(await first.keepVisit({ role: "host", page })).toBe("kept");
    expect(await first.keepVisit({ role: "host", page: next })).toBe("kept");
    const second = open();
    await second.open();
    expect(await first.keepVisit({ role: "host", page })).toBe("fenced");
    expect((await second.load()).visits).toEqual([{ role: "host", page: next }]);
  });

  it("remembers each nonce as long as its request could be taken", async () => {
    const store = make("nonce")();
    expect(await store.rememberNonce("vn-1 n", 1_000, 0)).toBe(true);
    expect(await store.rememberNonce("vn-1 n", 1_000, 1_000)).toBe(false);
    expect(await store.rememberNonce("cn-1 n", 1_000, 1_000)).toBe(true);
    expect(await store.rememberNonce("vn-1 n", 2_000, 1_001), "too old to be taken, so forgotten").toBe(true);
  });
});
