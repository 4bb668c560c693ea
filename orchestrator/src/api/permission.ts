import type { FastifyRequest } from "fastify";
import type { Account } from "../accounts/accounts.ts";
import { type Permission, permits, rolesFor } from "../accounts/roles.ts";
import { ProblemError } from "./problems.ts";

/** Who sent each request that is being answered, as found when it came in. */
export interface Senders {
  /** To be called once for each request, before its route. */
  identify(request: FastifyRequest): Promise<void>;
  /** Throws `ProblemError` `account.unauthenticated`. */
  of(request: FastifyRequest): Account;
  /**
   * Who sends a request, when the account may do what it asks.
   * Throws `ProblemError` `account.unauthenticated` or `account.forbidden`.
   */
  allow(request: FastifyRequest, permission: Permission): Account;
}

export function createSenders(accountOf: (token: string) => Promise<Account | undefined>): Senders {
  const senders = new WeakMap<FastifyRequest, Account>();
  const of = (request: FastifyRequest): Account => {
    const account = senders.get(request);
    if (account === undefined) throw new ProblemError("account.unauthenticated", "no account has this token");
    return account;
  };
  return {
    async identify(request) {
      const token = tokenOf(request);
      const account = token === undefined ? undefined : await accountOf(token);
      if (account !== undefined) senders.set(request, account);
    },
    of,
    allow(request, permission) {
      const account = of(request);
      if (!permits(account, permission)) {
        throw new ProblemError(
          "account.forbidden",
          `${permission} is for ${rolesFor(permission).join(" or ")}; ${account.name} is ${account.role}`,
        );
      }
      return account;
    },
  };
}

/** A browser cannot set headers on a WebSocket, so that the feed's token may stand in the query. */
export function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header?.startsWith("Bearer ") === true) return header.slice("Bearer ".length);
  const { query } = request;
  if (typeof query === "object" && query !== null && "token" in query && typeof query.token === "string") {
    return query.token;
  }
  return undefined;
}
