/** What a browser remembers while it is at the identity provider. Kept in the tab's own storage, used once. */
export interface PendingSignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly state: string;
  readonly nonce: string;
  /** The secret of PKCE (RFC 7636): it never leaves this browser before the code is redeemed. */
  readonly verifier: string;
  /** What the page's address asked for before (`?lang=vi`), to have it back. */
  readonly query: string;
}

const PARTS = ["issuer", "clientId", "state", "nonce", "verifier", "query"] as const;

export function parsePending(text: string | null): PendingSignIn | undefined {
  try {
    const found: unknown = JSON.parse(text ?? "null");
    return isPending(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

const isPending = (value: unknown): value is PendingSignIn =>
  typeof value === "object" &&
  value !== null &&
  PARTS.every((part) => typeof Reflect.get(value, part) === "string");

/** The address to which the provider sends people back: the page's own, without what was asked of it. */
export function returnAddress(pageUrl: string): string {
  const url = new URL(pageUrl);
  url.search = "";
  url.hash = "";
  return url.href;
}

/** Whether the page was opened by a provider that sends somebody back (OpenID Connect Core, 3.1.2.5 and 3.1.2.6). */
export function isReturn(pageUrl: string): boolean {
  const { searchParams } = new URL(pageUrl);
  return searchParams.has("state") && (searchParams.has("code") || searchParams.has("error"));
}
