import type { Side } from "@baton/maps";
import Type, { type Static } from "typebox";
import { contentDigest } from "../handoff/content-digest.ts";
import { baseLines, componentText, type SignedRequest } from "../handoff/http-signatures.ts";
import type { KeyRing } from "../handoff/keys.ts";
import { coveredOf, readSignature, SIGNATURE_TAG, verifyRequest } from "../handoff/signatures.ts";

/** What a signature looks like from here, for whoever cannot make it fit. */
export const SignatureReport = Type.Object({
  verdict: Type.String({ description: "`good`, or the reason for which the request would be refused" }),
  detail: Type.String(),
  /** The base as this side makes it, line by line: what was to be signed. */
  base: Type.Array(Type.Object({ component: Type.String(), value: Type.String() })),
  signatureParams: Type.Optional(Type.String()),
  /** What the digest of the body is here. */
  contentDigest: Type.Optional(Type.String()),
  notCovered: Type.Array(Type.String()),
  /** Lines of the signer's own base that differ from the base here, when it was sent in `Baton-Signature-Base`. */
  differs: Type.Array(
    Type.Object({
      component: Type.String(),
      here: Type.Optional(Type.String()),
      yours: Type.Optional(Type.String()),
    }),
  ),
});
export type SignatureReport = Static<typeof SignatureReport>;

/**
 * Explains a request's signature and changes nothing. With the signer's own base (base64) as the header
 * `Baton-Signature-Base` it says which component differs.
 */
export function explainSignature(
  request: SignedRequest,
  body: Uint8Array,
  keys: KeyRing,
  from: Side,
  nowMs: number,
): SignatureReport {
  const verified = verifyRequest(request, body, keys, from, nowMs);
  const reading = readSignature(request.headers, SIGNATURE_TAG);
  const digest = body.byteLength === 0 ? {} : { contentDigest: contentDigest(body) };
  const verdict = verified.ok
    ? {
        verdict: "good",
        detail: `signed ${(verified.skewMs / 1000).toFixed(1)} s ago with ${verified.keyId}`,
      }
    : { verdict: verified.reason, detail: verified.detail };
  const wanted = coveredOf(request.target, body.byteLength > 0).map(componentText);
  if ("ok" in reading) return { ...verdict, ...digest, base: [], notCovered: wanted, differs: [] };
  const covered = new Set(reading.components.map(componentText));
  const { lines } = baseLines(request, reading.components);
  const base = [...lines];
  const params = { component: '"@signature-params"', value: reading.input.text };
  return {
    ...verdict,
    ...digest,
    base,
    signatureParams: params.value,
    notCovered: wanted.filter((text) => !covered.has(text)),
    differs: differences([...base, params], request.headers["baton-signature-base"]),
  };
}

function differences(
  here: readonly { component: string; value: string }[],
  theirs: string | undefined,
): SignatureReport["differs"] {
  if (theirs === undefined) return [];
  const yours = new Map(
    Buffer.from(theirs, "base64")
      .toString()
      .split("\n")
      .map((line): [string, string] => {
        const colon = line.indexOf(": ");
        return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 2)];
      }),
  );
  const ours = new Map(here.map(({ component, value }) => [component, value]));
  return [...new Set([...ours.keys(), ...yours.keys()])].flatMap((component) => {
    const a = ours.get(component);
    const b = yours.get(component);
    if (a === b) return [];
    return [{ component, ...(a === undefined ? {} : { here: a }), ...(b === undefined ? {} : { yours: b }) }];
  });
}
