import type { FastifyRequest } from "fastify";
import { type Account, type Accounts, type Permission, permits, rolesFor } from "../accounts/accounts.ts";
import { ProblemError } from "./problems.ts";

/**
 * Who sends a request, when the account may do what it asks.
 * Throws `ProblemError` `account.unauthenticated` or `account.forbidden`.
 */
export function permissionOf(
  accounts: Accounts,
): (request: FastifyRequest, permission: Permission) => Account {
  return (request, permission) => {
    const token = tokenOf(request);
    const account = token === undefined ? undefined : accounts.byToken(token);
    if (account === undefined) throw new ProblemError("account.unauthenticated", "no account has this token");
    if (!permits(account, permission)) {
      throw new ProblemError(
        "account.forbidden",
        `${permission} is for ${rolesFor(permission).join(" or ")}; ${account.name} is ${account.role}`,
      );
    }
    return account;
  };
}

/** A browser cannot set headers on a WebSocket, so that the feed's token may stand in the query. */
function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header?.startsWith("Bearer ") === true) return header.slice("Bearer ".length);
  const { query } = request;
  if (typeof query === "object" && query !== null && "token" in query && typeof query.token === "string") {
    return query.token;
  }
  return undefined;
}
