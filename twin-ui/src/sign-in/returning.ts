import { isReturn, type PendingSignIn, parsePending } from "./pending.ts";
import type { Provider } from "./session-client.ts";

const STORED = "baton.sign-in";

/** Sends the browser to the provider. Rejects when the provider does not answer. The library comes only when it is needed. */
export async function goToProvider(provider: Provider): Promise<void> {
  const { beginSignIn } = await import("./oidc.ts");
  const { goTo, pending } = await beginSignIn(provider, location.href);
  sessionStorage.setItem(STORED, JSON.stringify(pending satisfies PendingSignIn));
  location.assign(goTo);
}

export const isBackFromProvider = (): boolean => isReturn(location.href);

/** The token that the provider gave, once; the address is again what it was before. Undefined when it gave none. */
export async function tokenFromProvider(): Promise<string | undefined> {
  const kept = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  const said = location.href;
  const url = new URL(said);
  url.search = parsePending(kept)?.query ?? "";
  history.replaceState(history.state, "", url);
  const { finishSignIn } = await import("./oidc.ts");
  return finishSignIn(kept, said);
}
