import { type BareItem, type Parameters, serializeBytes, serializeString } from "./structured-fields.ts";

/**
 * What RFC 9421 signs: the signature base of a request or of an answer, over any of its components. Which of them a
 * signature must cover is a profile's business (`signatures.ts`); nothing here decides whether a message is to be believed.
 */

/** A request as its signature sees it. Header names in lower case; a header given several times is joined by ", ". */
export interface SignedRequest {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  /** Path and query as they stood in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** An answer as its signature sees it, with the request that it answers: its components may be covered, too (`;req`). */
export interface SignedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly request: SignedRequest;
}

/** One member of the list of covered components (RFC 9421, 2): a name in lower case and its parameters. */
export interface Component {
  readonly name: string;
  readonly parameters: Parameters;
}

const NONE: Parameters = new Map();

/** A component by its name; `req` is the one of the request that an answer belongs to. */
export function component(name: string, of?: "req"): Component {
  return {
    name,
    parameters: of === undefined ? NONE : new Map([["req", { kind: "boolean", value: true }]]),
  };
}

/** The component as it is written in `Signature-Input` and in the base. Throws for a name that cannot stand in a header. */
export function componentText({ name, parameters }: Component): string {
  const text = serializeString(name);
  if (text === undefined) throw new Error(`${JSON.stringify(name)} cannot stand in a signature header`);
  return text + [...parameters].map(parameterText).join("");
}

function parameterText([name, item]: readonly [string, BareItem]): string {
  switch (item.kind) {
    case "boolean":
      return item.value ? `;${name}` : `;${name}=?0`;
    case "bytes":
      return `;${name}=${serializeBytes(item.value)}`;
    case "string":
      return `;${name}=${serializeString(item.value) ?? '""'}`;
    case "integer":
    case "token":
      return `;${name}=${item.value}`;
  }
}

/** One line of a signature base. */
export interface BaseLine {
  readonly component: string;
  readonly value: string;
}

/**
 * The lines of the base, one a component; a component that the message does not have, or that is of a kind not used
 * here (`sf`, `key`, `bs`, `tr`), is named as `missing`.
 */
export function baseLines(
  message: SignedRequest | SignedAnswer,
  components: readonly Component[],
): { readonly lines: readonly BaseLine[]; readonly missing: string | undefined } {
  const lines: BaseLine[] = [];
  for (const one of components) {
    const value = componentValue(message, one);
    if (value === undefined) return { lines, missing: componentText(one) };
    lines.push({ component: componentText(one), value });
  }
  return { lines, missing: undefined };
}

/**
 * The signature base (RFC 9421, 2.5). `input` is the member of `Signature-Input` as written. Undefined when a component
 * is not part of the message.
 */
export function signatureBase(
  message: SignedRequest | SignedAnswer,
  components: readonly Component[],
  input: string,
): string | undefined {
  const { lines, missing } = baseLines(message, components);
  if (missing !== undefined) return undefined;
  return [...lines.map((line) => `${line.component}: ${line.value}`), `"@signature-params": ${input}`].join(
    "\n",
  );
}

function componentValue(
  message: SignedRequest | SignedAnswer,
  { name, parameters }: Component,
): string | undefined {
  const isOfRequest = parameters.has("req");
  const own = [...parameters.keys()].filter((each) => each !== "req");
  if ("request" in message) {
    if (isOfRequest) return requestValue(message.request, name, parameters, own);
    if (own.length > 0) return undefined;
    if (name === "@status") return String(message.status);
    return fieldValue(message.headers, name);
  }
  return isOfRequest ? undefined : requestValue(message, name, parameters, own);
}

function requestValue(
  request: SignedRequest,
  name: string,
  parameters: Parameters,
  own: readonly string[],
): string | undefined {
  const { scheme, target } = request;
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  if (name === "@query-param") {
    const wanted = parameters.get("name");
    if (own.length !== 1 || wanted?.kind !== "string") return undefined;
    return queryParameter(question < 0 ? "" : target.slice(question + 1), wanted.value);
  }
  if (own.length > 0) return undefined;
  switch (name) {
    case "@method":
      return request.method;
    case "@scheme":
      return scheme.toLowerCase();
    case "@authority":
      return authority(scheme, request.authority);
    case "@path":
      return path === "" ? "/" : path;
    case "@query":
      return question < 0 ? "?" : target.slice(question);
    case "@request-target":
      return target;
    case "@target-uri":
      return `${scheme}://${request.authority}${target}`;
    default:
      return fieldValue(request.headers, name);
  }
}

/** A field that is there once (RFC 9421, 2.2.8); one that is given twice cannot be covered by its name. */
function queryParameter(query: string, name: string): string | undefined {
  const found = [...new URLSearchParams(query)].filter(([each]) => percentEncoded(each) === name);
  const [only] = found;
  return found.length === 1 && only !== undefined ? percentEncoded(only[1]) : undefined;
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Leading and trailing space and line folds do not count (RFC 9421, 2.1). */
function fieldValue(headers: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  if (name.startsWith("@") || name !== name.toLowerCase()) return undefined;
  return headers[name]?.trim().replace(/[\r\n]+[ \t]*/g, " ");
}

/** Lower case, and no port where it is the scheme's own (RFC 9421, 2.2.3). */
function authority(scheme: string, host: string): string {
  const lower = host.toLowerCase();
  const port = scheme === "https" ? ":443" : ":80";
  return lower.endsWith(port) ? lower.slice(0, -port.length) : lower;
}
