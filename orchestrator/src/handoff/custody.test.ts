import type { VehicleId } from "@baton/fleet-adapter";
import type { HandoffPointId, Side } from "@baton/maps";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import type { SignedRecord } from "./core/messages.ts";
import {
  type CustodyFacts,
  countersignReceipt,
  disagreement,
  GENESIS,
  headAfter,
  readRecord,
  recordHash,
  signReceipt,
  verifyChain,
} from "./custody.ts";
import {
  createKeyRing,
  generateKeyPair,
  type KeyRing,
  type KnownKey,
  readPrivateKey,
  readPublicKey,
} from "./keys.ts";
import type { HandoffId } from "./port.ts";
import { manifest } from "./testing/two-sides.ts";

const pems = { vn: generateKeyPair(), cn: generateKeyPair() };
const publicKeys: KnownKey[] = (["vn", "cn"] as const).map((side) => ({
  keyId: `${side}-1`,
  side,
  publicKey: readPublicKey(pems[side].publicPem),
}));
const ring = (side: Side): KeyRing =>
  createKeyRing({
    side,
    keyId: `${side}-1`,
    privateKey: readPrivateKey(pems[side].privatePem),
    publicKeys: [],
  });
const find = (keyId: string) => publicKeys.find((key) => key.keyId === keyId);

function facts(handoffId: string, over: Partial<CustodyFacts> = {}): CustodyFacts {
  return {
    handoffId: handoffId as HandoffId,
    giver: "vn",
    taker: "cn",
    direction: "export",
    vehicleId: "sim.vn-01" as VehicleId,
    controlEpoch: 5,
    manifest,
    handoffPointId: "export-1" as HandoffPointId,
    place: "marker 1119",
    lane: "E4",
    receivedAtMs: Date.UTC(2026, 10, 22, 20, 30, 15, 250),
    utcOffsetMinutes: { vn: 420, cn: 480 },
    result: { kind: "accepted" },
    ...over,
  };
}

/** Three hand-offs, as both sides keep them. */
async function chain(): Promise<SignedRecord[]> {
  const records: SignedRecord[] = [];
  for (const handoffId of ["h-1", "h-2", "h-3"]) {
    const previous = (side: Side): string => headAfter(records.at(-1), side);
    const taker = { side: "cn" as const, account: "li@cn", keys: ring("cn"), previous: previous("cn") };
    const giver = { side: "vn" as const, account: "an@vn", keys: ring("vn"), previous: previous("vn") };
    records.push(await countersignReceipt(await signReceipt(facts(handoffId), taker), giver));
  }
  return records;
}

const rewrite = (record: SignedRecord, change: (payload: string) => string): SignedRecord => ({
  ...record,
  payload: Buffer.from(change(Buffer.from(record.payload, "base64url").toString())).toString("base64url"),
});

describe("a custody record", () => {
  it("says the same instant in UTC and as both clocks on the wall show it", async () => {
    const reading = await readRecord((await chain())[0] ?? never(), find);
    expect(reading.ok && reading.record.receivedAt).toEqual({
      utc: "2026-11-22T20:30:15.250Z",
      vn: "2026-11-23T03:30:15.250+07:00",
      cn: "2026-11-23T04:30:15.250+08:00",
    });
  });

  it("is refused with any word of it changed, or with signatures that are not the two sides' own", async () => {
    const [record = never()] = await chain();
    const changed = rewrite(record, (payload) => payload.replace("CSQU3054383", "CSQU3054384"));
    expect(await readRecord(changed, find)).toMatchObject({ ok: false, code: "bad-signature" });
    const swapped = { ...record, signatures: [...record.signatures].reverse() };
    expect(await readRecord(swapped, find)).toMatchObject({ ok: false, code: "malformed" });
    expect(await readRecord(record, () => undefined)).toMatchObject({ ok: false, code: "unknown-key" });
    const spaced = rewrite(record, (payload) => `${payload} `);
    expect(await readRecord(spaced, find)).toMatchObject({ ok: false, code: "malformed" });
    const ownOnly = await signReceipt(facts("h-9"), {
      side: "cn",
      account: "li@cn",
      keys: ring("cn"),
      previous: GENESIS,
    });
    const selfSigned = await countersignReceipt(ownOnly, {
      side: "vn",
      account: "li@cn",
      keys: ring("cn"),
      previous: GENESIS,
    });
    expect(await readRecord(selfSigned, find), "the taker signs for the giver").toMatchObject({
      ok: false,
      code: "unknown-key",
    });
  });

  it("is not countersigned when it says anything but what the giver knows", async () => {
    const [record = never()] = await chain();
    const reading = await readRecord(record, find);
    if (!reading.ok) throw new Error(reading.detail);
    const {
      receivedAtMs: _,
      utcOffsetMinutes: __,
      result: ___,
      place: ____,
      lane: _____,
      ...known
    } = facts("h-1");
    expect(disagreement(reading.record, known)).toBeUndefined();
    expect(disagreement(reading.record, { ...known, controlEpoch: 6 })).toBe("controlEpoch differs");
    expect(disagreement(reading.record, { ...known, manifest: { ...manifest, priority: 4 } })).toBe(
      "manifest differs",
    );
  });
});

describe("a custody chain", () => {
  it("is whole for either side, from public keys alone", async () => {
    const records = await chain();
    for (const side of ["vn", "cn"] as const) {
      expect(await verifyChain(records, side, publicKeys)).toMatchObject({
        ok: true,
        records: 3,
        pending: 0,
        head: headAfter(records.at(-1), side),
      });
    }
  });

  it("shows a record that is missing, moved, repeated or changed", async () => {
    const [a = never(), b = never(), c = never()] = await chain();
    const verify = (records: SignedRecord[]) => verifyChain(records, "vn", publicKeys);
    expect(await verify([a, c])).toMatchObject({ ok: false, at: 1, code: "broken-link" });
    expect(await verify([b, c])).toMatchObject({ ok: false, at: 0, code: "broken-link" });
    expect(await verify([a, c, b])).toMatchObject({ ok: false, at: 1, code: "broken-link" });
    expect(await verify([a, a])).toMatchObject({ ok: false, at: 1, code: "broken-link" });
    const changed = rewrite(b, (payload) => payload.replace("21000", "12000"));
    expect(await verify([a, changed, c])).toMatchObject({ ok: false, at: 1, code: "bad-signature" });
  });

  it("has the same hash for the same record on both sides, however its members are ordered", async () => {
    const [record = never()] = await chain();
    const { payload, signatures } = record;
    expect(recordHash({ signatures, payload })).toBe(recordHash(record));
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: "é" }] })).toBe('{"a":[{"c":"é","d":1}],"b":1}');
  });
});

function never(): never {
  throw new Error("there is no such record");
}
