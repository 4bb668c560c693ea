import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { Behaviour, HONEST } from "./behaviour.ts";
import { Emulator, oppositeOf } from "./emulator.ts";
import { type OpenSession, startEmulatedFleet } from "./fleet.ts";
import { type EmulatorMemory, emptyMemory, type Register } from "./memory.ts";
import { Envelope, OfferBody, VisitEnvelope } from "./messages.ts";
import type { HostGround, Page } from "./pages.ts";
import type { Road } from "./road.ts";
import {
  answerDoubt,
  type Jwk,
  nonceOf,
  type OwnKey,
  requestDoubt,
  signedAnswerHeaders,
  signedHeaders,
  type WireRequest,
} from "./signing.ts";

export interface EmulatorServerOptions {
  readonly side: "vn" | "cn";
  readonly key: OwnKey;
  readonly publicJwk: Jwk;
  /** The base URL of the side that it speaks with, without `/partner/v1`. */
  readonly peerUrl: () => string;
  /** Keys that are believed besides those that the peer publishes: of a kit that asks whether this emulator conforms. */
  readonly trusted?: readonly Jwk[];
  /** What an emulator before this one knew: this one goes on from there. */
  readonly memory?: EmulatorMemory;
  /** For what gets lost; a number from 0 to 1. */
  readonly random?: () => number;
  readonly port?: number;
  readonly behaviour?: Behaviour;
  readonly nowMs?: () => number;
  /** Its own broker and roads: it sees vehicles there, and drives them. Without, its vehicles are toys. */
  readonly fleet?: { readonly openSession: OpenSession; readonly road: Road };
  /** Its ground for visitors: it serves `host-grants`, as the host. */
  readonly ground?: HostGround;
  /** As a giver of toy vehicles: how a register is changed, if somebody else keeps it. */
  readonly transfer?: (vehicleId: string, expectedEpoch: number, to: string, handoffId: string) => void;
}

export interface EmulatorServer {
  readonly url: string;
  readonly emulator: Emulator;
  /** What its ledger has of a visitor. */
  page(vehicleId: string): Page | undefined;
  /** Sends back, as a hand-off of its own, what an earlier one has brought; undefined when nothing can be. */
  giveBack(came: string, handoffId: string): OfferBody | undefined;
  /** Problems that the peer answered with, and answers that were not the peer's. */
  readonly refusals: readonly string[];
  stop(): Promise<void>;
}

const RETRY_MS = 300;
const ANSWER_WITHIN_MS = 5_000;
const envelopeCheck = Compile(Type.Union([Envelope, VisitEnvelope]));
const behaviourCheck = Compile(Behaviour);
const registerCheck = Compile(Type.Object({ authority: Type.String(), epoch: Type.Integer() }));
const offerCheck = Compile(Type.Object({ handoffId: Type.String(), offer: OfferBody }));
const returnCheck = Compile(Type.Object({ came: Type.String(), handoffId: Type.String() }));
const keySet = Compile(
  Type.Object({
    keys: Type.Array(
      Type.Object({ kid: Type.String(), kty: Type.String(), crv: Type.String(), x: Type.String() }),
    ),
  }),
);

/** The emulated partner behind HTTP: its door under `/partner/v1`, and under `/emulator` what a test or a person tells it. */
export async function startEmulator(options: EmulatorServerOptions): Promise<EmulatorServer> {
  const { side, key, publicJwk, peerUrl, trusted = [], nowMs = Date.now } = options;
  const { memory = emptyMemory(), random = Math.random } = options;
  const refusals: string[] = [];
  const isLost = (): boolean => random() < emulator.behaviour.lossShare;
  const nonces = new Set<string>();
  let peerKeys: readonly Jwk[] = trusted;
  let isStopped = false;
  let held: (() => void) | undefined;

  /** The peer's keys are fetched anew when one is met that is not known: that is how it changes them. */
  const learnKeys = async (): Promise<void> => {
    const answer = await fetch(new URL("/partner/v1/keys", peerUrl()), {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const said: unknown = await answer.json();
    if (keySet.Check(said)) peerKeys = [...said.keys, ...trusted];
  };

  const post = async (envelope: Envelope | VisitEnvelope, by: OwnKey): Promise<"done" | "again"> => {
    if (emulator.behaviour.offline || isLost()) return "again";
    const url = new URL(`/partner/v1/handoffs/${encodeURIComponent(envelope.handoffId)}/messages`, peerUrl());
    const body = Buffer.from(JSON.stringify(envelope));
    const headers = signedHeaders(
      { method: "POST", host: url.host, target: url.pathname, body },
      by,
      nowMs(),
    );
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    if (isLost()) return "again";
    if (peerKeys.length === trusted.length) await learnKeys();
    const doubt = answerDoubt(
      { status: answer.status, headers: Object.fromEntries(answer.headers), body: content },
      { method: "POST", target: url.pathname, headers },
      peerKeys,
      nowMs(),
    );
    if (doubt !== undefined) {
      refusals.push(`${envelope.type}: the answer is not believed, ${doubt}`);
      return "again";
    }
    if (answer.status === 202) return "done";
    const problem: { code?: unknown; retryable?: unknown } = JSON.parse(content.toString());
    refusals.push(`${envelope.type}: ${answer.status} ${String(problem.code)}`);
    return problem.retryable === true ? "again" : "done";
  };
  const deliver = async (envelope: Envelope | VisitEnvelope, by: OwnKey): Promise<void> => {
    while (!isStopped && memory.outbox.has(envelope)) {
      const outcome = await post(envelope, by).catch((): "again" => "again");
      if (outcome === "done") {
        memory.outbox.delete(envelope);
        return;
      }
      await pause(RETRY_MS);
    }
  };
  const send = (envelope: Envelope | VisitEnvelope, by: OwnKey): void => {
    memory.outbox.add(envelope);
    const { lateMs, duplicate, reorder } = emulator.behaviour;
    const go = (): void => {
      for (let copy = 0; copy < (duplicate ? 2 : 1); copy++) void deliver(envelope, by);
    };
    if (reorder && held === undefined) {
      held = go;
      // Nothing may come after it: then it goes alone.
      setTimeout(() => {
        if (held === go) held = undefined;
        else return;
        go();
      }, 2 * RETRY_MS);
      return;
    }
    const earlier = held;
    held = undefined;
    setTimeout(() => {
      go();
      earlier?.();
    }, lateMs);
  };

  const fleet =
    options.fleet === undefined
      ? undefined
      : startEmulatedFleet({ side, nowMs, emulator: () => emulator, ...options.fleet });
  const emulator = new Emulator(
    {
      side,
      key,
      nowMs,
      send,
      peerKeys: () => peerKeys,
      drives: options.fleet !== undefined,
      ...(options.ground === undefined ? {} : { ground: options.ground }),
      transfer:
        fleet?.transfer ??
        options.transfer ??
        ((vehicleId, expectedEpoch, to) => {
          const register = emulator.registers.get(vehicleId) ?? { authority: side, epoch: 0 };
          if (register.epoch === expectedEpoch)
            emulator.see(vehicleId, { authority: to, epoch: expectedEpoch + 1 });
        }),
    },
    options.behaviour ?? HONEST,
    memory,
  );

  const giveBack: EmulatorServer["giveBack"] = (came, handoffId) => {
    const direction = oppositeOf(emulator.handoffs.get(came)?.offer.direction ?? "");
    const place = options.fleet?.road.place(direction);
    return place === undefined ? undefined : emulator.giveBack(came, handoffId, place.handoffPointId);
  };

  const atDoor = async (request: WireRequest, handoffId: string): Promise<readonly [number, object]> => {
    const problem = (status: number, code: string): readonly [number, object] => [
      status,
      { type: `urn:baton:problem:${code}`, title: code, status, code },
    ];
    let doubt = requestDoubt(request, peerKeys, nowMs());
    if (doubt === "unknown-key") {
      await learnKeys().catch(() => undefined);
      doubt = requestDoubt(request, peerKeys, nowMs());
    }
    if (doubt !== undefined) return problem(401, doubt);
    const nonce = nonceOf(request.headers) ?? "";
    if (nonces.has(nonce)) return problem(401, "replayed");
    nonces.add(nonce);
    const envelope = json(request.body);
    if (!envelopeCheck.Check(envelope)) return problem(422, "invalid-message");
    if (envelope.handoffId !== handoffId || envelope.to !== side) return problem(422, "wrong-recipient");
    const reply = emulator.hear(envelope);
    if (reply.kind === "problem") return problem(reply.status, reply.code);
    return [202, { messageId: envelope.messageId, duplicate: reply.duplicate }];
  };

  /** What a test or a person tells the emulator: not part of the protocol, and not signed. */
  const told = (method: string, path: string, body: Buffer): readonly [number, object] => {
    const said = json(body);
    const vehicleId = /^\/emulator\/vehicles\/([^/]+)\/register$/.exec(path)?.[1];
    if (path === "/emulator/state" && method === "GET") {
      const handoffs = [...emulator.handoffs.values()];
      const pages = [...memory.pages.values()];
      return [200, { handoffs, pages, heard: emulator.heard, ledger: emulator.ledger, refusals }];
    }
    if (path === "/emulator/behaviour" && method === "PUT") {
      const behaviour: unknown = { ...emulator.behaviour, ...Object(said) };
      if (!behaviourCheck.Check(behaviour)) return [422, { code: "invalid-behaviour" }];
      emulator.behaviour = behaviour;
      return [200, behaviour];
    }
    if (path === "/emulator/offers" && method === "POST" && offerCheck.Check(said)) {
      emulator.offer(said.handoffId, said.offer);
      return [202, {}];
    }
    if (path === "/emulator/returns" && method === "POST" && returnCheck.Check(said)) {
      const offer = giveBack(said.came, said.handoffId);
      return offer === undefined ? [409, { code: "nothing-to-give-back" }] : [202, offer];
    }
    if (vehicleId !== undefined && method === "PUT" && registerCheck.Check(said)) {
      const register: Register = said;
      emulator.see(decodeURIComponent(vehicleId), register);
      return [200, register];
    }
    return [404, { code: "route-unknown" }];
  };

  const server = createServer((incoming, response) => {
    void answer(incoming, response).catch(() => response.destroy());
  });
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const { method = "GET", url: target = "/" } = incoming;
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : value,
      ]),
    );
    const request: WireRequest = { method, host: incoming.headers.host ?? "", target, headers, body };
    if (target.startsWith("/emulator/")) {
      const [status, said] = told(method, target, body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
      return;
    }
    if (emulator.behaviour.offline) {
      response.writeHead(503).end();
      return;
    }
    if (isLost()) {
      response.destroy();
      return;
    }
    const handoffId = /^\/partner\/v1\/handoffs\/([^/]+)\/messages$/.exec(target)?.[1];
    const [status, said] =
      target === "/partner/v1/keys"
        ? ([200, { side, keys: [publicJwk] }] as const)
        : handoffId === undefined || method !== "POST"
          ? ([
              404,
              { code: "route-unknown", status: 404, title: "nothing here", type: "about:blank" },
            ] as const)
          : await atDoor(request, decodeURIComponent(handoffId));
    const text = Buffer.from(JSON.stringify(said));
    const contentType = status < 300 ? "application/json" : "application/problem+json";
    if (isStopped || isLost()) {
      response.destroy();
      return;
    }
    const by = emulator.behaviour.lie === "forged-key" ? { ...key, kid: `${key.kid}-x` } : key;
    response
      .writeHead(status, signedAnswerHeaders(request, status, contentType, text, by, nowMs()))
      .end(text);
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  await learnKeys().catch(() => undefined);
  for (const envelope of memory.outbox) void deliver(envelope, key);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    emulator,
    page: (vehicleId) => memory.pages.get(vehicleId),
    giveBack,
    refusals,
    async stop() {
      isStopped = true;
      await fleet?.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
