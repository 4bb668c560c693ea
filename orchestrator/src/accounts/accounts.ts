import { createHash, timingSafeEqual } from "node:crypto";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";
import { isPassword, PASSWORD_HASH } from "./password.ts";
import { ROLES, type Role } from "./roles.ts";

export interface Account {
  /** A person's or a system's own name; it is what the audit log shows. */
  readonly name: string;
  readonly role: Role;
  /** What it is responsible for, in the site's own words, e.g. "unmanned export lane, night shift". */
  readonly responsibility?: string;
}

const Name = Type.String({ minLength: 1, maxLength: 64 });

/**
 * The accounts file. A person has a password's hash (`npm run accounts -- hash`), a system the SHA-256 of its token;
 * neither secret is ever stored. There is no account by default.
 */
export const AccountsFile = Type.Object({
  accounts: Type.Array(
    Type.Object({
      name: Name,
      role: Type.Enum([...ROLES]),
      responsibility: Type.Optional(Type.String({ maxLength: 256 })),
      tokenSha256: Type.Optional(Type.String({ pattern: "^[0-9a-f]{64}$" })),
      passwordHash: Type.Optional(Type.String({ pattern: PASSWORD_HASH })),
    }),
    { minItems: 1 },
  ),
});
type AccountEntry = Static<typeof AccountsFile>["accounts"][number];
const accountsFile = Compile(AccountsFile);

export interface Accounts {
  /** Whose token it is; undefined for nobody's. */
  byToken(token: string): Account | undefined;
  /** Whose name and password these are; undefined for nobody's. As slow for a name that is not known. */
  byPassword(name: string, password: string): Promise<Account | undefined>;
  list(): readonly Account[];
}

/** Compared with when a name is not known, so that the time taken does not tell; the hash of no password. */
const NOBODYS = `scrypt$131072$8$1$${"A".repeat(22)}$${"A".repeat(43)}`;

/**
 * @throws {Error} when the file's content is not an accounts file, or an account has neither token nor password.
 */
export function accountsFrom(content: unknown): Accounts {
  if (!accountsFile.Check(content)) {
    const first = accountsFile.Errors(content)[0];
    throw new Error(`accounts file: ${first?.instancePath ?? ""} ${first?.message ?? "is not valid"}`);
  }
  const known = content.accounts.map(entryOf);
  // One at a time: each costs 128 MiB and a third of a second, and many at once would be an attack's whole point.
  let turn: Promise<unknown> = Promise.resolve();
  const names = new Set(known.map(({ account }) => account.name));
  if (names.size < known.length) throw new Error("accounts file: a name stands in it twice");
  return {
    byToken(token) {
      const digest = createHash("sha256").update(token, "utf8").digest();
      // Every entry is compared, so that the time taken tells nothing of which one matched.
      let found: Account | undefined;
      for (const entry of known)
        if (entry.digest !== undefined && timingSafeEqual(entry.digest, digest)) found = entry.account;
      return found;
    },
    async byPassword(name, password) {
      const entry = known.find((each) => each.account.name === name);
      const judged = turn.then(() => isPassword(password, entry?.passwordHash ?? NOBODYS));
      turn = judged.catch(() => undefined);
      const isRight = await judged;
      return isRight && entry?.passwordHash !== undefined ? entry.account : undefined;
    },
    list: () => known.map(({ account }) => account),
  };
}

function entryOf({ name, role, responsibility, tokenSha256, passwordHash }: AccountEntry) {
  if (tokenSha256 === undefined && passwordHash === undefined)
    throw new Error(`accounts file: ${name} has neither tokenSha256 nor passwordHash`);
  const account: Account = { name, role, ...(responsibility === undefined ? {} : { responsibility }) };
  return {
    account,
    digest: tokenSha256 === undefined ? undefined : Buffer.from(tokenSha256, "hex"),
    passwordHash,
  };
}
