import { type NetworkConditions, NetworkDice, type RandomSource, type Timers } from "@baton/fleet-adapter";
import type { SignedRequest } from "./http-signatures.ts";
import type { Fetch, PartnerAnswer, PartnerPost } from "./partner-ask.ts";
import { PROBLEM_MEDIA_TYPE, type Problem, problem } from "./problems.ts";
import type { SignAnswer } from "./signature-gate.ts";
import { type Acknowledgement, type Heartbeat, MAX_BODY_BYTES } from "./wire.ts";

export interface FaultyLinkOptions {
  readonly timers: Timers;
  /** A stream of this link's own. */
  readonly random: RandomSource;
  /** Applies to the request and to its answer, each by itself; a request may come twice, or after a later one. */
  readonly network: NetworkConditions;
  /** How long an answer may take, on the timers' clock. */
  readonly answerWithinMs?: number;
}

/** The other side, in this process. */
export interface MemoryDoor {
  /** The partner's, behind its routes. */
  readonly door: (
    request: SignedRequest,
    handoffId: string,
    body: Uint8Array,
  ) => Promise<Acknowledgement | Problem>;
  /** The partner's answer to a heartbeat, behind the same routes. */
  readonly beat: (request: SignedRequest, body: Uint8Array) => Promise<Heartbeat | Problem>;
  /** The partner's signature to an answer of its door. */
  readonly sign: SignAnswer;
}

export interface MemoryPartnerLinkOptions extends FaultyLinkOptions, MemoryDoor {}

export interface PartnerLinkFigures {
  readonly requests: number;
  readonly answered: number;
  /** Requests and answers. */
  readonly lost: number;
  readonly doubled: number;
  readonly heldUp: number;
}

export interface MemoryPartnerLink {
  readonly fetch: Fetch;
  /** From here on nothing arrives, not even what is on its way, until `mend`. */
  cut(): void;
  mend(): void;
  figures(): PartnerLinkFigures;
}

const ANSWER_WITHIN_MS = 10_000;

/**
 * The way from one side to its partner's door without a network: the signed request is taken as it is, and judged there as
 * over HTTP. Everything that is drawn comes from `random`, all time from `timers`: the same seed, the same conversation.
 */
export function memoryPartnerLink(options: MemoryPartnerLinkOptions): MemoryPartnerLink {
  return faultyLink((url, post) => answerInMemory(new URL(url), post, options), options);
}

/** A way to the partner with a network's faults before it: what `way` is asked may be late, lost, doubled, overtaken. */
export function faultyLink(way: Fetch, options: FaultyLinkOptions): MemoryPartnerLink {
  const { timers, answerWithinMs = ANSWER_WITHIN_MS } = options;
  const dice = new NetworkDice(options.network, options.random);
  const figures = { requests: 0, answered: 0, lost: 0, doubled: 0, heldUp: 0 };
  let isCut = false;

  /** Does what is on its way arrive? Asked twice: when it leaves for faults, when it arrives for cuts. */
  const carry = (latencyMs: number, arrive: () => void): void => {
    timers.after(latencyMs, () => {
      if (isCut) figures.lost += 1;
      else arrive();
    });
  };

  const fetch: Fetch = (url, post) =>
    new Promise((resolve, reject) => {
      figures.requests += 1;
      const cancelLimit = timers.after(answerWithinMs, () =>
        reject(new Error(`no answer within ${answerWithinMs} ms`)),
      );
      const answered = (answer: PartnerAnswer): void => {
        cancelLimit();
        figures.answered += 1;
        resolve(answer);
      };
      const knock = async (): Promise<void> => {
        const answer = await way(url, post).catch(() => undefined);
        if (answer === undefined || dice.isLost()) figures.lost += 1;
        else carry(dice.latencyMs(), () => answered(answer));
      };
      if (dice.isLost()) {
        figures.lost += 1;
        return;
      }
      const isHeldUp = dice.isHeldUp();
      if (isHeldUp) figures.heldUp += 1;
      carry(dice.latencyMs() + (isHeldUp ? dice.holdUpMs() : 0), () => void knock());
      if (dice.isDoubled()) {
        figures.doubled += 1;
        carry(dice.latencyMs() + dice.holdUpMs(), () => void knock());
      }
    });

  return {
    fetch,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
    },
    figures: () => ({ ...figures }),
  };
}

const MESSAGES_PATH = /\/partner\/v1\/handoffs\/([^/]+)\/messages$/;
const HEARTBEAT_PATH = "/partner/v1/heartbeat";

/** What the routes in front of the door do with a request (`partner-routes.ts`). */
export async function answerInMemory(
  url: URL,
  { method, headers, body }: PartnerPost,
  { door, beat, sign }: MemoryDoor,
): Promise<PartnerAnswer> {
  const request: SignedRequest = {
    method,
    scheme: url.protocol.slice(0, -1),
    authority: url.host,
    target: url.pathname + url.search,
    headers,
  };
  const said = await saidAt(url, request, body, { door, beat });
  const status = "status" in said ? said.status : "messageId" in said ? 202 : 200;
  const contentType = "status" in said ? PROBLEM_MEDIA_TYPE : "application/json";
  const text = JSON.stringify(said);
  const signed = new Map(Object.entries(sign({ request, status, contentType, body: Buffer.from(text) })));
  return {
    ok: status < 300,
    status,
    headers: { get: (name) => signed.get(name) ?? null },
    text: () => Promise.resolve(text),
  };
}

async function saidAt(
  url: URL,
  request: SignedRequest,
  body: Uint8Array,
  { door, beat }: Pick<MemoryDoor, "door" | "beat">,
): Promise<Acknowledgement | Heartbeat | Problem> {
  const handoffId = MESSAGES_PATH.exec(url.pathname)?.[1];
  const isHeartbeat = url.pathname.endsWith(HEARTBEAT_PATH);
  if (handoffId === undefined && !isHeartbeat)
    return problem("route-unknown", `${request.method} ${url.pathname}`);
  if (body.byteLength > MAX_BODY_BYTES) return problem("body-too-large", "");
  try {
    if (handoffId === undefined) return await beat(request, body);
    return await door(request, decodeURIComponent(handoffId), body);
  } catch {
    return problem("internal", "");
  }
}
