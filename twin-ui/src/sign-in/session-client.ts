/** An OpenID Connect provider to which this orchestrator sends people. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
}

/** What a name and a password came to. */
export type SessionAnswer =
  | { readonly kind: "signed-in"; readonly token: string }
  | { readonly kind: "wrong" }
  /** Too many wrong passwords, or too many attempts from here: one has to wait. */
  | { readonly kind: "locked" }
  | { readonly kind: "unreachable" };

const textOf = (value: unknown, key: string): string | undefined => {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === "string" && found !== "" ? found : undefined;
};

/** Where else people may sign in; undefined when nowhere, or when that cannot be learnt. Never throws. */
export async function providerOf(pageUrl: string, ask = fetch): Promise<Provider | undefined> {
  try {
    const answer = await ask(new URL("/api/v1/sign-in", pageUrl));
    if (!answer.ok) return undefined;
    const said: unknown = await answer.json();
    const provider: unknown =
      typeof said === "object" && said !== null ? Reflect.get(said, "provider") : undefined;
    const issuer = textOf(provider, "issuer");
    const clientId = textOf(provider, "clientId");
    return issuer === undefined || clientId === undefined ? undefined : { issuer, clientId };
  } catch {
    return undefined;
  }
}

/** Signs in with a name and a password. Never throws. */
export async function openSession(
  name: string,
  password: string,
  pageUrl: string,
  ask = fetch,
): Promise<SessionAnswer> {
  try {
    const answer = await ask(new URL("/api/v1/session", pageUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, password }),
    });
    if (answer.status === 401) return { kind: "wrong" };
    if (answer.status === 429) return { kind: "locked" };
    const token = answer.ok ? textOf(await answer.json(), "token") : undefined;
    return token === undefined ? { kind: "unreachable" } : { kind: "signed-in", token };
  } catch {
    return { kind: "unreachable" };
  }
}

/** Ends a session where it is kept. A token that is no session's stays good; this tab forgets it all the same. */
export async function closeSession(token: string, pageUrl: string, ask = fetch): Promise<void> {
  await ask(new URL("/api/v1/session", pageUrl), {
    method: "DELETE",
    headers: { authorization: `Bearer ${token}` },
  }).catch(() => undefined);
}
