import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import {
  type Heard,
  heardVisitChecks,
  servesVisits,
  VISIT_CHECK_NAMES,
  type VisitKit,
  visitChecks,
} from "./conformance-visits.ts";
import type { Listener } from "./listener.ts";
import { answerDoubt, type Jwk, type OwnKey, signedHeaders } from "./signing.ts";

export interface ConformanceOptions {
  /** The server under test, without `/partner/v1`. */
  readonly url: string;
  /** Our side of the border; the server is the other one. */
  readonly side: "vn" | "cn";
  /** A key that the server knows as ours. */
  readonly key: OwnKey;
  readonly nowMs: () => number;
  /** Where visits of ours begin, and ground of the server's for them: of its toy pad, if not given. */
  readonly visit?: { readonly handoffPointId: string; readonly stretchId: string };
  /** Where the server says what it says to us. Without, what can only be heard is not checked. */
  readonly listener?: Pick<Listener, "heard">;
}

export interface Finding {
  readonly name: string;
  /** What is wrong; undefined when it passed, or was skipped. */
  readonly failure: string | undefined;
  /** Why it was not checked. */
  readonly skipped?: string;
}

type Check = readonly [name: string, run: () => Promise<void>];

interface Said {
  readonly status: number;
  readonly contentType: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly doubt: string | undefined;
}

interface Twist {
  readonly key?: OwnKey;
  readonly nonce?: string;
  readonly ageMs?: number;
  readonly sent?: Buffer;
  readonly unsigned?: boolean;
}

class Failed extends Error {}

/**
 * What a server of the partner protocol has to do, asked from outside: it needs no vehicle, only that the server knows our
 * key. Each offer that it leaves behind is withdrawn. The mode `host-grants` is checked of servers that serve it; a whole visit, which
 * leaves two custody records without our signature, when we hear what the server says.
 */
export async function checkConformance(options: ConformanceOptions): Promise<readonly Finding[]> {
  const { url: base, side, key, nowMs } = options;
  const other = side === "vn" ? "cn" : "vn";
  let keys: readonly Jwk[] = [];

  const ask = async (handoffId: string, content: unknown, twist: Twist = {}): Promise<Said> => {
    const url = new URL(`/partner/v1/handoffs/${handoffId}/messages`, base);
    const body = Buffer.from(JSON.stringify(content));
    const request = { method: "POST", host: url.host, target: url.pathname, body };
    const signed = signedHeaders(request, twist.key ?? key, nowMs() - (twist.ageMs ?? 0), twist.nonce);
    const headers = twist.unsigned === true ? { "content-type": "application/json" } : signed;
    const answer = await fetch(url, { method: "POST", headers, body: Buffer.from(twist.sent ?? body) });
    const text = Buffer.from(await answer.arrayBuffer());
    const doubt = answerDoubt(
      { status: answer.status, headers: Object.fromEntries(answer.headers), body: text },
      { ...request, headers: signed },
      keys,
      nowMs(),
    );
    const contentType = answer.headers.get("content-type") ?? "";
    return { status: answer.status, contentType, body: parsed(text), doubt };
  };
  const message = (handoffId: string, type: string, body: unknown, over: object = {}) => ({
    messageId: `${handoffId}.${type}`,
    handoffId,
    from: side,
    to: other,
    sentAtMs: nowMs(),
    type,
    body,
    ...over,
  });
  const offer = (handoffId: string, etaMs = Math.round(nowMs()) + 60_000) =>
    message(handoffId, "offer", {
      mode: "control-passes",
      handoffPointId: side === "vn" ? "export-1" : "import-1",
      direction: side === "vn" ? "export" : "import",
      vehicleId: "conformance.vehicle-01",
      vehicleHome: side,
      manifest: MANIFEST(side),
      etaMs,
      expiresAtMs: Math.round(nowMs()) + 600_000,
    });
  const withdraw = (handoffId: string) =>
    ask(handoffId, message(handoffId, "withdraw", { how: "withdrawn", reason: "conformance" }));
  const expectProblem = (said: Said, status: number, code: string): void => {
    if (said.status !== status || said.body.code !== code)
      throw new Failed(`expected ${status} ${code}, got ${said.status} ${String(said.body.code)}`);
    if (!said.contentType.startsWith("application/problem+json"))
      throw new Failed(`the problem came as ${said.contentType}`);
  };
  const expectTaken = (said: Said, duplicate: boolean): void => {
    if (said.status !== 202)
      throw new Failed(`expected 202, got ${said.status} ${JSON.stringify(said.body)}`);
    if (said.body.duplicate !== duplicate) throw new Failed(`expected duplicate: ${duplicate}`);
    if (said.doubt !== undefined) throw new Failed(`the answer is not signed as it should be: ${said.doubt}`);
  };

  const id = (): string => `conformance-${randomUUID()}`;
  const checks: readonly Check[] = [
    [
      "publishes its Ed25519 keys at /partner/v1/keys",
      async () => {
        const answer = await fetch(new URL("/partner/v1/keys", base));
        const said: { keys?: Jwk[] } = await answer.json();
        keys = (said.keys ?? []).filter(({ crv }) => crv === "Ed25519");
        if (keys.length === 0) throw new Failed("no Ed25519 key in `keys`");
      },
    ],
    [
      "takes an offer, signs its answer, knows it again, and lets it be withdrawn",
      async () => {
        const handoffId = id();
        const content = offer(handoffId);
        expectTaken(await ask(handoffId, content), false);
        expectTaken(await ask(handoffId, content), true);
        expectTaken(await withdraw(handoffId), false);
      },
    ],
    [
      "refuses the same message with other content",
      async () => {
        const handoffId = id();
        expectTaken(await ask(handoffId, offer(handoffId)), false);
        expectProblem(await ask(handoffId, offer(handoffId, 1)), 409, "message-conflict");
        await withdraw(handoffId);
      },
    ],
    [
      "refuses a request without a signature",
      async () => expectProblem(await ask("x", offer("x"), { unsigned: true }), 401, "missing-signature"),
    ],
    [
      "refuses a body that was changed after it was signed",
      async () => expectProblem(await ask("x", offer("x"), { sent: Buffer.from("{}") }), 401, "bad-digest"),
    ],
    [
      "refuses our key id with another key",
      async () => {
        const { privateKey } = generateKeyPairSync("ed25519");
        expectProblem(
          await ask("x", offer("x"), { key: { kid: key.kid, privateKey } }),
          401,
          "bad-signature",
        );
      },
    ],
    [
      "refuses a key that it does not know",
      async () => {
        const unknown = { kid: "nobody", privateKey: key.privateKey };
        expectProblem(await ask("x", offer("x"), { key: unknown }), 401, "unknown-key");
      },
    ],
    [
      "refuses a signature that is older than 300 s",
      async () => expectProblem(await ask("x", offer("x"), { ageMs: 310_000 }), 401, "expired"),
    ],
    [
      "refuses a nonce that it has seen",
      async () => {
        const [handoffId, nonce] = [id(), randomUUID()];
        expectTaken(await ask(handoffId, offer(handoffId), { nonce }), false);
        expectProblem(await ask(handoffId, offer(handoffId), { nonce }), 401, "replayed");
        await withdraw(handoffId);
      },
    ],
    [
      "says that it does not know a hand-off",
      async () => expectProblem(await withdraw(id()), 404, "handoff-unknown"),
    ],
    [
      "says that a step does not belong to the phase",
      async () => {
        const handoffId = id();
        expectTaken(await ask(handoffId, offer(handoffId)), false);
        expectProblem(await ask(handoffId, message(handoffId, "go", {})), 409, "out-of-phase");
        await withdraw(handoffId);
      },
    ],
    [
      "refuses what is no envelope, and what is meant for another hand-off",
      async () => {
        expectProblem(await ask("x", { hello: "world" }), 422, "invalid-message");
        expectProblem(await ask("x", offer("y")), 422, "wrong-recipient");
      },
    ],
  ];
  const findings: Finding[] = [];
  const check = async ([name, run]: Check): Promise<void> => {
    const failure = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    findings.push({ name, failure });
  };
  for (const one of checks) await check(one);

  const { visit = { handoffPointId: `visit-${side === "vn" ? "export" : "import"}`, stretchId: "pad-in" } } =
    options;
  const kit: VisitKit = {
    side,
    other,
    nowMs,
    stretchId: visit.stretchId,
    newId: id,
    manifest: MANIFEST(side),
    fail: (what) => {
      throw new Failed(what);
    },
    offer(handoffId, vehicleId) {
      const { body, ...head } = offer(handoffId);
      const more = { mode: "host-grants", handoffPointId: visit.handoffPointId, vehicleId };
      return ask(handoffId, { ...head, body: { ...Object(body), ...more } });
    },
    say: (handoffId, type, step, body) =>
      ask(handoffId, message(handoffId, type, body, { messageId: `${handoffId}.${step}` })),
  };
  const { listener } = options;
  const heard: Heard | undefined = listener && (() => listener.heard(keys));
  const isServed = await servesVisits(kit).catch(() => true);
  const visits = isServed ? visitChecks(kit) : [];
  const wholeVisits = isServed && heard !== undefined ? heardVisitChecks(kit, heard) : [];
  for (const one of [...visits, ...wholeVisits]) await check(one);
  const skipped = isServed ? "we do not hear what it says" : "it says that it does not serve the mode";
  for (const name of Object.values(VISIT_CHECK_NAMES))
    if (!findings.some((one) => one.name === name)) findings.push({ name, failure: undefined, skipped });
  return findings;
}

const MANIFEST = (side: "vn" | "cn") => ({
  container: {
    containerNo: "CSQU3054383",
    sizeType: "45G1",
    declaredGrossKg: 21_000,
    seals: [{ sealNo: "C-1", sealClass: "H", state: "armed" }],
    goodsSummary: "conformance",
  },
  consignment: { orderId: "conformance", declarationNo: "C-1", channel: "green" },
  scan: { scanReference: "c-1", sha256: createHash("sha256").update("c-1").digest("hex"), verdict: "clear" },
  vehicle: { manufacturer: "conformance", serialNumber: "01", lengthM: 15, widthM: 3, batteryPct: 80 },
  direction: side === "vn" ? "export" : "import",
  priority: 0,
});

function parsed(text: Buffer): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text.toString()));
  } catch {
    return {};
  }
}
