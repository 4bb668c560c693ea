import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Compile } from "typebox/compile";
import { Envelope, VisitEnvelope } from "./messages.ts";
import { type Jwk, type OwnKey, requestDoubt, signedAnswerHeaders, type WireRequest } from "./signing.ts";

/** What a server under test says to the kit, which takes everything and does nothing of it. */
export interface Listener {
  readonly url: string;
  /** All that was said with one of these keys, oldest first. */
  heard(keys: readonly Jwk[]): readonly (Envelope | VisitEnvelope)[];
  stop(): Promise<void>;
}

const envelopeCheck = Compile(Envelope);
const visitCheck = Compile(VisitEnvelope);

export async function startListener(key: OwnKey, port: number, nowMs: () => number): Promise<Listener> {
  const taken: { readonly request: WireRequest; readonly atMs: number }[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "GET", url: target = "/" } = incoming;
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
      );
      const body = Buffer.concat(chunks);
      const request: WireRequest = { method, host: incoming.headers.host ?? "", target, headers, body };
      const said = method === "POST" ? read(body) : undefined;
      if (said !== undefined) taken.push({ request, atMs: nowMs() });
      const status = said === undefined ? 404 : 202;
      const text = Buffer.from(
        JSON.stringify(said ? { messageId: said.messageId, duplicate: false } : { code: "route-unknown" }),
      );
      const contentType = said ? "application/json" : "application/problem+json";
      response
        .writeHead(status, signedAnswerHeaders(request, status, contentType, text, key, nowMs()))
        .end(text);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    heard: (keys) =>
      taken.flatMap(({ request, atMs }) => {
        const said = read(request.body);
        return said !== undefined && requestDoubt(request, keys, atMs) === undefined ? [said] : [];
      }),
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function read(body: Buffer): Envelope | VisitEnvelope | undefined {
  try {
    const said: unknown = JSON.parse(body.toString());
    return envelopeCheck.Check(said) || visitCheck.Check(said) ? said : undefined;
  } catch {
    return undefined;
  }
}
