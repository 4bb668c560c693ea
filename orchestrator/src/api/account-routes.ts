import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Account } from "../accounts/accounts.ts";
import { AGENCY_OF, FOUR_EYES, PERMISSION_NAMES, permits, rolesFor } from "../accounts/roles.ts";
import type { createGuessGuard, Sessions } from "../accounts/sessions.ts";
import { AccountView, MeView, ProposalView } from "../contract/index.ts";
import { tokenOf } from "./permission.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

/** An identity provider that a browser may go to, for the page that signs people in. */
export interface ProviderView {
  readonly issuer: string;
  readonly clientId: string;
}

const SignedIn = Type.Object({ token: Type.String(), expiresAtMs: Type.Number(), me: MeView });

/** Who somebody is, and what it takes two for. */
export function accountRoutes(
  { accounts, audit, senders, fourEyes }: RouteRooms,
  entry: {
    readonly sessions: Sessions;
    readonly guesses: ReturnType<typeof createGuessGuard>;
    readonly provider: ProviderView | undefined;
  },
): FastifyPluginAsyncTypebox {
  const { sessions, guesses, provider } = entry;
  return async (app) => {
    const account = { tags: ["account"] };

    app.get(
      "/sign-in",
      {
        schema: {
          ...account,
          summary: "How people sign in here",
          security: [],
          response: {
            200: Type.Object({
              password: Type.Boolean(),
              provider: Type.Optional(Type.Object({ issuer: Type.String(), clientId: Type.String() })),
            }),
          },
        },
      },
      async () => ({ password: true, ...(provider === undefined ? {} : { provider: { ...provider } }) }),
    );

    app.post(
      "/session",
      {
        schema: {
          ...account,
          summary:
            "Sign in with a name and a password; the token is good for a shift, and for half an hour unused",
          security: [],
          body: Type.Object({
            name: Type.String({ minLength: 1, maxLength: 64 }),
            password: Type.String({ minLength: 1, maxLength: 1024 }),
          }),
          response: { 201: SignedIn, 401: Problem, 429: Problem },
        },
        config: { rateLimit: { max: 30, timeWindow: "1 minute" } },
      },
      async (request, reply) => {
        const { name, password } = request.body;
        if (guesses.isLocked(name)) throw new ProblemError("account.locked", name);
        const found = await accounts.byPassword(name, password);
        if (found === undefined) {
          guesses.failed(name);
          await audit.record({
            account: name,
            act: "account:sign-in",
            subject: name,
            reason: "password",
            outcome: "wrong-password",
          });
          throw new ProblemError("account.wrong-password", name);
        }
        guesses.succeeded(name);
        await audit.record({
          account: name,
          act: "account:sign-in",
          subject: name,
          reason: "password",
          outcome: "signed-in",
        });
        return reply.code(201).send({ ...sessions.open(found), me: meOf(found) });
      },
    );

    app.delete(
      "/session",
      { schema: { ...account, summary: "Sign out", response: { 204: Type.Null() } } },
      async (request, reply) => {
        senders.of(request);
        const token = tokenOf(request);
        if (token !== undefined) sessions.close(token);
        return reply.code(204).send(null);
      },
    );

    app.get(
      "/me",
      {
        schema: {
          ...account,
          summary: "Whose token this is, and what that account may do",
          response: { 200: MeView },
        },
      },
      async (request) => meOf(senders.of(request)),
    );

    app.get(
      "/accounts",
      {
        schema: {
          ...account,
          summary: "Local accounts of this side",
          response: { 200: Type.Array(AccountView) },
        },
      },
      async (request) => {
        senders.allow(request, "account:read");
        return accounts.list().map((each) => ({ ...each, agency: AGENCY_OF[each.role] }));
      },
    );

    app.get(
      "/proposals",
      {
        schema: {
          ...account,
          summary: "Acts that wait for a second account",
          response: { 200: Type.Array(ProposalView) },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return [...fourEyes.waiting()];
      },
    );

    const ProposalParams = Type.Object({ proposalId: Type.String() });
    app.post(
      "/proposals/:proposalId/agree",
      {
        schema: {
          ...account,
          summary: "Agree to what another account asked for: it is done now",
          params: ProposalParams,
          response: {
            200: Type.Object({ outcome: Type.String() }),
            403: Problem,
            404: Problem,
            409: Problem,
          },
        },
      },
      async (request) => {
        const sender = senders.of(request);
        const { proposalId } = request.params;
        const agreement = fourEyes.agree(proposalId, sender);
        if (agreement.kind === "unknown") throw new ProblemError("proposal.unknown", proposalId);
        if (agreement.kind === "own") throw new ProblemError("proposal.own", sender.name);
        if (agreement.kind === "forbidden")
          throw new ProblemError("account.forbidden", `to agree is for ${agreement.roles.join(" or ")}`);
        return { outcome: await agreement.carryOut(sender) };
      },
    );

    app.post(
      "/proposals/:proposalId/refuse",
      {
        schema: {
          ...account,
          summary: "Refuse what another account asked for, or take back what one asked for oneself",
          params: ProposalParams,
          body: Type.Object({ reason: Reason }),
          response: { 204: Type.Null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const sender = senders.of(request);
        const proposal = fourEyes.refuse(request.params.proposalId, sender);
        if (proposal === undefined) throw new ProblemError("proposal.unknown", request.params.proposalId);
        await audit.record({
          account: sender.name,
          act: `refuse:${proposal.act}`,
          subject: proposal.subject,
          reason: request.body.reason,
          outcome: proposal.proposalId,
        });
        return reply.code(204).send(null);
      },
    );
  };
}

function meOf(account: Account) {
  return {
    ...account,
    agency: AGENCY_OF[account.role],
    permissions: PERMISSION_NAMES.map((permission) => ({
      permission,
      isAllowed: permits(account, permission),
      roles: [...rolesFor(permission)],
      isFourEyes: FOUR_EYES.has(permission),
    })),
  };
}
