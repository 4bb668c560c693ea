import type { VehicleId } from "@baton/fleet-adapter";
import type { HandoffPointId, Side } from "@baton/maps";
import { beforeAll, describe, expect, it } from "vitest";
import type { SignedRecord } from "./core/messages.ts";
import { countersignReceipt, headAfter, signReceipt } from "./custody.ts";
import { type CustodyFile, thumbprintOf, verifyCustodyFile } from "./custody-file.ts";
import { createKeyRing, generateKeyPair, publicJwkOf, readPrivateKey } from "./keys.ts";
import type { HandoffId } from "./port.ts";
import { manifest } from "./testing/two-sides.ts";

const ring = (side: Side) =>
  createKeyRing({
    side,
    keyId: `${side}-1`,
    privateKey: readPrivateKey(generateKeyPair().privatePem),
    publicKeys: [],
  });
const rings = { vn: ring("vn"), cn: ring("cn") };
const keysOf = (side: Side) => rings[side].of(side).map((key) => ({ side, jwk: publicJwkOf(key) }));
let file: CustodyFile;

beforeAll(async () => {
  const records: SignedRecord[] = [];
  for (const handoffId of ["h-1", "h-2", "h-3"]) {
    const signatory = (side: Side) => ({
      side,
      account: side,
      keys: rings[side],
      previous: headAfter(records.at(-1), side),
    });
    const facts = {
      handoffId: handoffId as HandoffId,
      giver: "vn" as const,
      taker: "cn" as const,
      direction: "export" as const,
      vehicleId: "sim.vn-01" as VehicleId,
      controlEpoch: 5,
      manifest,
      handoffPointId: "export-1" as HandoffPointId,
      place: "marker 1119",
      lane: "E4",
      receivedAtMs: 1,
      utcOffsetMinutes: { vn: 420, cn: 480 },
      result: { kind: "accepted" as const },
    };
    records.push(await countersignReceipt(await signReceipt(facts, signatory("cn")), signatory("vn")));
  }
  const keys = [...keysOf("vn"), ...keysOf("cn")];
  file = { format: "baton-custody/1", side: "vn", exportedAt: "2026-11-22T09:00:00Z", keys, records };
});

describe("a custody file", () => {
  it("proves a whole chain, from public keys alone", async () => {
    const copy: unknown = JSON.parse(JSON.stringify(file));
    expect(await verifyCustodyFile(copy)).toMatchObject({
      kind: "read",
      side: "vn",
      chain: { ok: true, records: 3, pending: 0 },
    });
  });

  it("shows a record that is missing, changed, or moved", async () => {
    const [one, two, three] = file.records;
    if (one === undefined || two === undefined || three === undefined) throw new Error("three records");
    const chainOf = async (records: SignedRecord[]) => {
      const reading = await verifyCustodyFile({ ...file, records });
      return reading.kind === "read" ? reading.chain : reading;
    };
    expect(await chainOf([one, three])).toMatchObject({ ok: false, at: 1, code: "broken-link" });
    expect(await chainOf([two, one, three])).toMatchObject({ ok: false, at: 0, code: "broken-link" });
    const said = Buffer.from(one.payload, "base64url").toString().replace("marker 1119", "marker 1120");
    const changed = { ...one, payload: Buffer.from(said).toString("base64url") };
    expect(await chainOf([changed, two, three])).toMatchObject({ ok: false, at: 0, code: "bad-signature" });
  });

  it("does not prove itself to who has keys from elsewhere", async () => {
    const stranger = {
      side: "cn" as const,
      jwk: { ...publicJwkOf(ring("vn").of("vn")[0] ?? never()), kid: "cn-1" },
    };
    expect(await verifyCustodyFile(file, [...keysOf("vn"), stranger])).toMatchObject({
      chain: { ok: false, at: 0, code: "bad-signature" },
    });
    expect(await verifyCustodyFile({ records: [] })).toMatchObject({ kind: "no-custody-file" });
  });

  it("names keys by the thumbprint of RFC 8037, A.3", () => {
    expect(
      thumbprintOf({
        kty: "OKP",
        crv: "Ed25519",
        kid: "any",
        x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      }),
    ).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  });
});

function never(): never {
  throw new Error("no key");
}
