import { generateKeyPairSync, sign } from "node:crypto";
import type { MissionView } from "@baton/orchestrator/contract";
import { offerOf } from "../../orchestrator/src/handoff/testing/two-sides.ts";
import { sealEnvelope } from "../../orchestrator/src/handoff/wire.ts";
import { proofText } from "../../orchestrator/src/partner/partner-keys.ts";
import { type Answered, type OneSide, START_MS } from "./one-side.ts";

/** A mission of the side, with a word in it that is nobody else's business. */
export const heldMission: MissionView = {
  missionId: "m-1",
  orderId: "o-1",
  side: "vn",
  direction: "export",
  bound: "outbound",
  containerNo: "CSQU3054383",
  vehicleId: "sim.vn-01",
  handoffId: "h-1",
  slot: { fromMs: START_MS, toMs: START_MS + 3_600_000 },
  step: "scan",
  stepSinceMs: START_MS,
  status: "held",
  held: { code: "scan.suspect", detail: "what an officer wrote" },
  steps: ["load", "scan"],
  timeline: [{ step: "load", atMs: START_MS - 60_000, evidence: "crane 2, operator An" }],
};

/** The partner's offer of an import; `over` says what is other in it. */
export function importOffer(handoffId: string, over: Record<string, unknown> = {}) {
  const { handoffId: id, ...terms } = offerOf(handoffId, START_MS);
  const body = { mode: "control-passes" as const, ...terms, direction: "import" as const, ...over };
  return sealEnvelope(id, "cn", "vn", { type: "offer", body }, START_MS);
}

export const offer = (side: OneSide, handoffId: string): Promise<Answered> =>
  side.ask("POST", `/handoffs/${handoffId}/messages`, importOffer(handoffId));

/** A new key of the partner, and what it sends to have it enrolled. */
export function newKey(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const jwk = { kty: "OKP", crv: "Ed25519", kid, x };
  const proof = sign(null, Buffer.from(proofText("cn", jwk)), privateKey).toString("base64url");
  return { own: { keyId: kid, privateKey }, request: { jwk, proof } };
}
