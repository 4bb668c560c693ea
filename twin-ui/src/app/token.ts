const STORED = "baton.token";

/** The access token of this tab: from the page's address, else as entered before; none for a viewer without one. */
export function currentToken(): string | undefined {
  return new URL(location.href).searchParams.get("token") ?? sessionStorage.getItem(STORED) ?? undefined;
}

/** Keeps a token for as long as the tab lives. */
export function keepToken(token: string): void {
  sessionStorage.setItem(STORED, token);
}
