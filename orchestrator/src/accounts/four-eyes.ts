import type { Account } from "./accounts.ts";
import { type Permission, permits, rolesFor } from "./roles.ts";

/** Nobody agrees to what was asked an hour ago: the ground has changed since. */
export const PROPOSAL_MS = 10 * 60_000;
const MAX_PROPOSALS = 100;

/** An act that lowers a barrier of safety or law, asked for by one account and waiting for another. */
export interface Proposal {
  readonly proposalId: string;
  readonly permission: Permission;
  readonly act: string;
  readonly subject: string;
  readonly reason: string;
  readonly by: string;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
}

export type Agreement<T> =
  | { readonly kind: "agreed"; readonly proposal: Proposal; readonly carryOut: T }
  | { readonly kind: "unknown" }
  /** One pair of eyes is not four. */
  | { readonly kind: "own" }
  | { readonly kind: "forbidden"; readonly roles: readonly string[] };

export interface FourEyes<T> {
  /** The same act on the same subject by the same account is the same proposal. Undefined when too many wait. */
  propose(
    asked: Omit<Proposal, "proposalId" | "askedAtMs" | "expiresAtMs">,
    carryOut: T,
  ): Proposal | undefined;
  agree(proposalId: string, account: Account): Agreement<T>;
  /** By whoever asked, or by whoever could have agreed. */
  refuse(proposalId: string, account: Account): Proposal | undefined;
  waiting(): readonly Proposal[];
}

/** Proposals are kept in memory: after a restart they are asked for again, by somebody who has looked again. */
export function createFourEyes<T>(options: {
  readonly nowMs: () => number;
  readonly nextId: () => string;
}): FourEyes<T> {
  const open = new Map<string, { readonly proposal: Proposal; readonly carryOut: T }>();
  const drop = (): void => {
    for (const [proposalId, { proposal }] of open)
      if (proposal.expiresAtMs <= options.nowMs()) open.delete(proposalId);
  };
  return {
    propose(asked, carryOut) {
      drop();
      for (const { proposal } of open.values())
        if (proposal.act === asked.act && proposal.subject === asked.subject && proposal.by === asked.by)
          return proposal;
      if (open.size >= MAX_PROPOSALS) return undefined;
      const askedAtMs = options.nowMs();
      const proposal = {
        ...asked,
        proposalId: options.nextId(),
        askedAtMs,
        expiresAtMs: askedAtMs + PROPOSAL_MS,
      };
      open.set(proposal.proposalId, { proposal, carryOut });
      return proposal;
    },
    agree(proposalId, account) {
      drop();
      const found = open.get(proposalId);
      if (found === undefined) return { kind: "unknown" };
      const { proposal, carryOut } = found;
      if (proposal.by === account.name) return { kind: "own" };
      if (!permits(account, proposal.permission))
        return { kind: "forbidden", roles: rolesFor(proposal.permission) };
      open.delete(proposalId);
      return { kind: "agreed", proposal, carryOut };
    },
    refuse(proposalId, account) {
      drop();
      const found = open.get(proposalId);
      if (found === undefined) return undefined;
      const { proposal } = found;
      if (proposal.by !== account.name && !permits(account, proposal.permission)) return undefined;
      open.delete(proposalId);
      return proposal;
    },
    waiting() {
      drop();
      return [...open.values()].map(({ proposal }) => proposal);
    },
  };
}
