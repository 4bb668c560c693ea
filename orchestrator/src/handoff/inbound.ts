import type { Side } from "@baton/maps";
import { boundOf } from "@baton/maps";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import type { RecordFinding } from "./core/messages.ts";
import { beginTaker } from "./core/taker.ts";
import { countersignReceipt, disagreement, readRecord, recordHash } from "./custody.ts";
import type { Desk, Machine, Outcome } from "./desk.ts";
import type { HandoffEntry } from "./handoff-store.ts";
import type { KeyRing } from "./keys.ts";
import { type Problem, problem } from "./problems.ts";
import type { Acknowledgement, Envelope } from "./wire.ts";

/** More messages of one hand-off than any conversation has. */
const MAX_INBOX = 32;

export interface InboundOptions {
  readonly side: Side;
  readonly partnerSide: Side;
  readonly account: string;
  readonly keys: KeyRing;
  readonly desk: Desk;
  /** Whether this side can hand over in the mode that is offered, at the point that is named. */
  readonly serves: (offer: Extract<Envelope, { type: "offer" }>["body"]) => boolean;
}

/**
 * Takes one message of the partner, verified and read. A message that is known already changes nothing (the machine may
 * say its last answer again); one that contradicts what was said before, or belongs to no hand-off, is a problem.
 */
export async function takeMessage(
  envelope: Envelope,
  nowMs: number,
  options: InboundOptions,
): Promise<Acknowledgement | Problem> {
  const { desk } = options;
  const { messageId, handoffId, type } = envelope;
  const mark = { messageId, type, digest: sha256(canonicalJson(envelope.body)) };
  const entry = desk.get(handoffId);
  if (entry === undefined) {
    if (envelope.type !== "offer") return problem("handoff-unknown", handoffId);
    const { side, partnerSide } = options;
    if (boundOf(side, envelope.body.direction) !== "inbound") {
      return problem("wrong-direction", `${envelope.body.direction} leaves ${side}'s ground`);
    }
    if (!options.serves(envelope.body)) {
      const { mode, handoffPointId } = envelope.body;
      return problem("mode-not-served", `${mode} at ${handoffPointId}`);
    }
    await desk.begin(beginTaker(handoffId, envelope.body, partnerSide, side, nowMs), [mark], nowMs);
    return { messageId, duplicate: false };
  }
  // A word of another round is another step.
  const saidOnce = type !== "resolution";
  const contradicts = entry.inbox.some(
    (known) =>
      (known.messageId === messageId || (saidOnce && known.type === type)) &&
      (known.type !== type || known.digest !== mark.digest),
  );
  if (contradicts) return problem("message-conflict", `${type} was said before, and said something else`);
  const duplicate = entry.inbox.some((known) => known.messageId === messageId);
  if (!duplicate && entry.inbox.length >= MAX_INBOX)
    return problem("too-many-messages", `${MAX_INBOX} is the most`);
  const outcome = await step(envelope, entry, mark, nowMs, options);
  if (outcome === undefined) return problem("out-of-phase", `a ${entry.machine.role} is never told ${type}`);
  if (outcome.refused !== undefined) return problem(outcome.refused.code, outcome.refused.detail);
  return { messageId, duplicate };
}

/** Undefined when the message is not one that this role is told. */
async function step(
  envelope: Envelope,
  { machine }: HandoffEntry,
  mark: HandoffEntry["inbox"][number],
  nowMs: number,
  options: InboundOptions,
): Promise<Outcome | undefined> {
  const { desk } = options;
  const { handoffId } = envelope;
  switch (envelope.type) {
    case "accept":
    case "decline":
    case "go":
    case "revoke":
    case "revoke-request":
      return desk.stepGiver(handoffId, { kind: "message", message: envelope, nowMs }, mark);
    case "receipt": {
      const seen = (await desk.see(handoffId, nowMs)) ?? machine;
      const finding = await judgeReceipt(envelope.body.record, seen, options);
      return desk.stepGiver(handoffId, { kind: "receipt", finding, nowMs }, mark);
    }
    case "offer":
      return desk.stepTaker(handoffId, { kind: "offer", nowMs }, mark);
    case "ready":
    case "withdraw":
    case "switched":
      return desk.stepTaker(handoffId, { kind: "message", message: envelope, nowMs }, mark);
    case "resolution":
      return machine.role === "giver"
        ? desk.stepGiver(handoffId, { kind: "message", message: envelope, nowMs }, mark)
        : desk.stepTaker(handoffId, { kind: "message", message: envelope, nowMs }, mark);
    case "countersign": {
      const finding = await judgeCountersign(envelope.body.record, machine, options);
      return desk.stepTaker(handoffId, { kind: "countersign", finding, nowMs }, mark);
    }
  }
}

type SignedRecord = Extract<Envelope, { type: "receipt" }>["body"]["record"];

/**
 * The taker's receipt against what this giver knows; with our own signature when they agree. The epoch is the witness's,
 * as this side has seen it: a receipt that comes before is not judged at all.
 */
async function judgeReceipt(
  receipt: SignedRecord,
  machine: Machine,
  { side, account, keys, desk }: InboundOptions,
): Promise<RecordFinding | undefined> {
  if (machine.role !== "giver" || machine.phase !== "switched") return undefined;
  if (receipt.signatures.length !== 1)
    return { kind: "disagrees", detail: "a receipt has the taker's signature only" };
  const reading = await readRecord(receipt, keys.find, keys.jws);
  if (!reading.ok) return { kind: "disagrees", detail: `${reading.code}: ${reading.detail}` };
  const { handoffId, giver, taker, offer, manifest, epoch } = machine;
  const { direction, vehicleId, handoffPointId } = offer;
  const ours = {
    handoffId,
    giver,
    taker,
    direction,
    vehicleId,
    controlEpoch: epoch,
    manifest,
    handoffPointId,
  };
  const difference = disagreement(reading.record, ours);
  if (difference !== undefined) return { kind: "disagrees", detail: difference };
  const record = await countersignReceipt(receipt, { side, account, keys, previous: desk.custodyHead() });
  return { kind: "agrees", record, recordHash: recordHash(record) };
}

/** The countersigned record against the receipt that this taker sent. */
async function judgeCountersign(
  record: SignedRecord,
  machine: Machine,
  { keys }: InboundOptions,
): Promise<RecordFinding | undefined> {
  if (machine.role !== "taker" || machine.phase !== "receipted") return undefined;
  const [sent] = machine.record.signatures;
  const [returned] = record.signatures;
  if (record.signatures.length !== 2) return { kind: "disagrees", detail: "it has not both signatures" };
  const isOurs = sent?.protected === returned?.protected && sent?.signature === returned?.signature;
  if (record.payload !== machine.record.payload || !isOurs) {
    return { kind: "disagrees", detail: "it is not the record that was sent" };
  }
  const reading = await readRecord(record, keys.find, keys.jws);
  if (!reading.ok) return { kind: "disagrees", detail: `${reading.code}: ${reading.detail}` };
  return { kind: "agrees", record, recordHash: recordHash(record) };
}
