import type { Account, Accounts } from "./accounts.ts";
import type { IdentityProvider } from "./oidc.ts";
import type { Sessions } from "./sessions.ts";

/** Whose a token is, whichever way it was come by: an account's own, of a session, or of the identity provider. */
export function identifier(sources: {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly provider: IdentityProvider | undefined;
}): (token: string) => Promise<Account | undefined> {
  const { accounts, sessions, provider } = sources;
  return async (token) => {
    const known = accounts.byToken(token) ?? sessions.byToken(token);
    if (known !== undefined) return known;
    // Only a JWT has dots; nothing else is worth asking a provider for.
    return token.includes(".") ? await provider?.accountOf(token) : undefined;
  };
}
