import type { FastifyReply, FastifyRequest } from "fastify";
import type { Account } from "../accounts/accounts.ts";
import type { FourEyes } from "../accounts/four-eyes.ts";
import { FOUR_EYES, type Permission } from "../accounts/roles.ts";
import type { AuditLog } from "../audit/audit-log.ts";
import type { ProposalView } from "../contract/index.ts";
import type { Senders } from "./permission.ts";
import { ProblemError } from "./problems.ts";

/** What a person asks for: as it will stand in the audit log, and how it is done. */
export interface Act<T> {
  readonly permission: Permission;
  /** As the audit log calls it; the permission's name unless there is more to say. */
  readonly act?: string;
  readonly subject: string;
  readonly reason: string;
  /** `agreedBy`: the second account, where it takes two. */
  carryOut(account: Account, agreedBy?: Account): T | Promise<T>;
  /** What came of it, for the log: a word, not a sentence. */
  outcome(result: T): string;
}

/** An act whose result nobody here has to know any more: what the second account sets going. */
export type CarryOut = (agreedBy: Account) => Promise<string>;

export type Done<T> =
  | { readonly kind: "done"; readonly result: T; readonly account: Account }
  | { readonly kind: "proposed"; readonly proposal: ProposalView };

/** The one way from a request to something done: permission, four eyes where they are asked for, audit log. */
export interface Acts {
  /**
   * Throws `ProblemError` `account.unauthenticated`, `account.forbidden`, `proposal.too-many`, and whatever the act throws
   * (on record as refused by its code).
   */
  perform<T>(request: FastifyRequest, act: Act<T>): Promise<Done<T>>;
}

export function createActs(rooms: {
  readonly senders: Senders;
  readonly audit: AuditLog;
  readonly fourEyes: FourEyes<CarryOut>;
}): Acts {
  const { senders, audit, fourEyes } = rooms;

  const done = async <T>(act: Act<T>, account: Account, agreedBy?: Account): Promise<T> => {
    const entry = {
      account: agreedBy === undefined ? account.name : `${account.name} + ${agreedBy.name}`,
      act: act.act ?? act.permission,
      subject: act.subject,
      reason: act.reason,
    };
    let result: T;
    try {
      result = await act.carryOut(account, agreedBy);
    } catch (error) {
      if (error instanceof ProblemError) await audit.record({ ...entry, outcome: error.problem.code });
      throw error;
    }
    await audit.record({ ...entry, outcome: act.outcome(result) });
    return result;
  };

  return {
    async perform(request, act) {
      const account = senders.allow(request, act.permission);
      if (!FOUR_EYES.has(act.permission)) return { kind: "done", result: await done(act, account), account };
      const { permission, subject, reason } = act;
      const asked = { permission, act: act.act ?? permission, subject, reason, by: account.name };
      const proposal = fourEyes.propose(asked, async (agreedBy) =>
        act.outcome(await done(act, account, agreedBy)),
      );
      if (proposal === undefined) throw new ProblemError("proposal.too-many", permission);
      await audit.record({
        account: account.name,
        act: `propose:${asked.act}`,
        subject,
        reason,
        outcome: proposal.proposalId,
      });
      return { kind: "proposed", proposal };
    },
  };
}

/** The answer to an act that was done, or waits for a second account. */
export function answerDone(
  reply: FastifyReply,
  done: Done<unknown>,
  status: 202 | 204,
  body: object | null = null,
) {
  if (done.kind === "proposed") return reply.code(202).send(done.proposal);
  return reply.code(status).send(body);
}
