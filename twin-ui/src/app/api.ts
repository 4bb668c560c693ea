import { MeView, ProposalView as ProposalSchema, type ProposalView } from "@baton/orchestrator/contract";
import { conforms } from "../feed/conforms.ts";

/** What an act came to. A refusal says what to do about it, in the orchestrator's words. */
export type ActAnswer =
  | { readonly kind: "done" }
  | { readonly kind: "proposed"; readonly proposal: ProposalView }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly title: string;
      /** What it is about in this case: an id, or a code of dispatch. */
      readonly detail: string;
      readonly hint: string;
    }
  | { readonly kind: "unreachable" };

export interface ActRequest {
  readonly method: "POST" | "DELETE";
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The page's own orchestrator: each side acts on its own. Nothing here throws. */
export interface Api {
  act(request: ActRequest): Promise<ActAnswer>;
  /** An answer that fits its schema; undefined for any other, and for none. */
  read<T>(path: string, isExpected: (value: unknown) => value is T): Promise<T | undefined>;
}

export const isMe = (value: unknown): value is MeView => conforms(MeView, value);
export const areProposals = (value: unknown): value is readonly ProposalView[] =>
  Array.isArray(value) && value.every((each) => conforms(ProposalSchema, each));
export const isRange = (value: unknown): value is { readonly fromMs: number; readonly toMs: number } =>
  typeof value === "object" &&
  value !== null &&
  "fromMs" in value &&
  "toMs" in value &&
  typeof value.fromMs === "number" &&
  typeof value.toMs === "number";
const isProposal = (value: unknown): value is ProposalView => conforms(ProposalSchema, value);

/** `onRefused`: the orchestrator does not know whose token this is any more (401): the session is over. */
export function createApi(token: string | undefined, pageUrl: string, onRefused: () => void): Api {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await fetch(new URL(`/api/v1${path}`, pageUrl), {
      ...init,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(init.body === undefined ? {} : { "content-type": "application/json" }),
      },
    });
    if (answer.status === 401) onRefused();
    return answer;
  };
  const got = async (path: string): Promise<Response | undefined> => {
    try {
      const answer = await ask(path);
      return answer.ok ? answer : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    async act({ method, path, body }) {
      try {
        const answer = await ask(path, {
          method,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        const said: unknown = text === "" ? undefined : JSON.parse(text);
        if (answer.ok) return isProposal(said) ? { kind: "proposed", proposal: said } : { kind: "done" };
        return refusalOf(said);
      } catch {
        return { kind: "unreachable" };
      }
    },
    async read(path, isExpected) {
      const said: unknown = await (await got(path))?.json().catch(() => undefined);
      return isExpected(said) ? said : undefined;
    },
  };
}

/** Problem details (RFC 9457), as far as a person needs them. */
function refusalOf(said: unknown): ActAnswer {
  const text = (key: string): string =>
    typeof said === "object" && said !== null ? String(Reflect.get(said, key) ?? "") : "";
  return {
    kind: "refused",
    code: text("code"),
    title: text("title"),
    detail: text("detail"),
    hint: text("hint"),
  };
}
