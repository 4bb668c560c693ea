import type { Side } from "@baton/maps";

const STORED = "baton.token";

/** The access token of this tab: from the page's address, else as entered before; none for a viewer without one. */
export function currentToken(): string | undefined {
  return new URL(location.href).searchParams.get("token") ?? sessionStorage.getItem(STORED) ?? undefined;
}

/**
 * The token for one side's feed. Each side has accounts of its own: `token.vn` and `token.cn` in the page's address
 * name them, else the page's own token is tried.
 */
export function tokenFor(side: Side, own: string | undefined): string | undefined {
  return new URL(location.href).searchParams.get(`token.${side}`) ?? own;
}

/** Keeps a token for as long as the tab lives, instead of one that was there before. */
export function keepToken(token: string): void {
  dropToken();
  sessionStorage.setItem(STORED, token);
}

/** Forgets the token of this tab, also the one in the page's address, which would come back with a reload. */
export function dropToken(): void {
  sessionStorage.removeItem(STORED);
  const url = new URL(location.href);
  if (!url.searchParams.has("token")) return;
  url.searchParams.delete("token");
  history.replaceState(history.state, "", url);
}
