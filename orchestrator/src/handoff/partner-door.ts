import type { Side } from "@baton/maps";
import type { SignedRequest } from "./http-signatures.ts";
import type { Counters } from "./metrics.ts";
import { type Problem, problem } from "./problems.ts";
import type { PartnerGate } from "./signature-gate.ts";
import {
  type Acknowledgement,
  type Envelope,
  type Heartbeat,
  readEnvelope,
  readHeartbeat,
  type VisitEnvelope,
} from "./wire.ts";

export interface PartnerDoorOptions {
  readonly side: Side;
  readonly partnerSide: Side;
  readonly gate: PartnerGate;
  readonly counters: Counters;
  /** Takes a message that is the partner's own and is meant for us. */
  readonly take: (envelope: Envelope | VisitEnvelope) => Promise<Acknowledgement | Problem>;
}

/** What of the partner's messages comes in: past the gate, well-formed, for this side. All else is a problem. */
export class PartnerDoor {
  readonly #options: PartnerDoorOptions;

  constructor(options: PartnerDoorOptions) {
    this.#options = options;
  }

  async receive(
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ): Promise<Acknowledgement | Problem> {
    const { gate, side, partnerSide, counters } = this.#options;
    const judged = await gate.judge(request, body);
    if ("status" in judged) return judged;
    const reading = readEnvelope(body);
    if (!reading.ok) return gate.refuse(problem(reading.code, reading.detail));
    const { envelope } = reading;
    if (envelope.handoffId !== handoffId || envelope.from !== partnerSide || envelope.to !== side) {
      return gate.refuse(
        problem("wrong-recipient", `${envelope.handoffId} from ${envelope.from} to ${envelope.to}`),
      );
    }
    const said = await this.#options.take(envelope);
    if ("status" in said) return gate.refuse(said);
    counters.taken++;
    if (said.duplicate) counters.duplicates++;
    return said;
  }

  /** The answer to a partner that asks for a sign of life: it has passed what a message has to pass, the store included. */
  async beat(request: SignedRequest, body: Uint8Array): Promise<Heartbeat | Problem> {
    const { gate, side, partnerSide } = this.#options;
    const judged = await gate.judge(request, body);
    if ("status" in judged) return judged;
    const heartbeat = readHeartbeat(body);
    if (heartbeat === undefined) return gate.refuse(problem("invalid-message", "it is no heartbeat"));
    if (heartbeat.from !== partnerSide || heartbeat.to !== side)
      return gate.refuse(problem("wrong-recipient", `from ${heartbeat.from} to ${heartbeat.to}`));
    return { from: side, to: partnerSide };
  }
}
