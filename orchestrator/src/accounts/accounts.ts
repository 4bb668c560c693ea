import { createHash, timingSafeEqual } from "node:crypto";
import Type, { type Static } from "typebox";
import { Compile } from "typebox/compile";

/** What an account may do. A role is a responsibility, not a rank. */
export const ROLES = ["viewer", "operator", "order-desk", "engineer"] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = {
  "site:read": ["viewer", "operator", "order-desk", "engineer"],
  "order:place": ["order-desk", "engineer"],
  "mission:adopt": ["engineer"],
  "mission:resume": ["operator", "engineer"],
  "vehicle:stop": ["viewer", "operator", "engineer"],
  "vehicle:resume": ["operator", "engineer"],
  "vehicle:fail": ["operator", "engineer"],
  "vehicle:recover": ["operator", "engineer"],
  "vehicle:vouch": ["operator", "engineer"],
  "ground:close": ["operator", "engineer"],
  "ground:open": ["operator", "engineer"],
  "mission:prioritise": ["operator", "engineer"],
  "alarm:acknowledge": ["operator", "engineer"],
  "audit:read": ["operator", "engineer"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof PERMISSIONS;

export interface Account {
  readonly name: string;
  readonly role: Role;
}

/** The accounts file: names, roles and the SHA-256 of each token; a token itself is never stored. */
export const AccountsFile = Type.Object({
  accounts: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 64 }),
      role: Type.Enum([...ROLES]),
      tokenSha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    }),
    { minItems: 1 },
  ),
});
const accountsFile = Compile(AccountsFile);

export interface Accounts {
  /** Whose token it is; undefined for nobody's. */
  byToken(token: string): Account | undefined;
}

export const permits = (account: Account, permission: Permission): boolean =>
  PERMISSIONS[permission].some((role) => role === account.role);

/** Who may do what this account may not: for the answer that refuses it. */
export const rolesFor = (permission: Permission): readonly Role[] => PERMISSIONS[permission];

/**
 * @throws {Error} when the file's content is not an accounts file; there is no account by default.
 */
export function accountsFrom(content: unknown): Accounts {
  if (!accountsFile.Check(content)) {
    const first = accountsFile.Errors(content)[0];
    throw new Error(`accounts file: ${first?.instancePath ?? ""} ${first?.message ?? "is not valid"}`);
  }
  const file: Static<typeof AccountsFile> = content;
  const known = file.accounts.map((entry) => ({
    account: { name: entry.name, role: entry.role },
    digest: Buffer.from(entry.tokenSha256, "hex"),
  }));
  return {
    byToken(token) {
      const digest = createHash("sha256").update(token, "utf8").digest();
      // Every entry is compared, so that the time taken tells nothing of which one matched.
      let found: Account | undefined;
      for (const entry of known) if (timingSafeEqual(entry.digest, digest)) found = entry.account;
      return found;
    },
  };
}
