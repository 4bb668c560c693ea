import type { SiteView } from "@baton/orchestrator/contract";
import { isSiteView } from "../feed/conforms.ts";

/** What asking for the site came to. */
export type SiteAnswer =
  | { readonly kind: "site"; readonly site: SiteView }
  | { readonly kind: "login"; readonly refused: boolean }
  | { readonly kind: "unreachable" }
  | { readonly kind: "malformed" };

/** Asks the page's own orchestrator for its site. Never throws. */
export async function fetchSite(token: string | undefined, pageUrl: string): Promise<SiteAnswer> {
  let answer: Response;
  try {
    answer = await fetch(new URL("/api/v1/site", pageUrl), {
      headers: {
        accept: "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  } catch {
    return { kind: "unreachable" };
  }
  if (answer.status === 401 || answer.status === 403) return { kind: "login", refused: token !== undefined };
  if (!answer.ok) return { kind: "unreachable" };
  try {
    const body: unknown = await answer.json();
    return isSiteView(body) ? { kind: "site", site: body } : { kind: "malformed" };
  } catch {
    return { kind: "malformed" };
  }
}
