import Type, { type Static } from "typebox";

/** Who may sign in on a side, as what, and for what that account answers. */
export const AccountView = Type.Object({
  name: Type.String(),
  role: Type.String(),
  agency: Type.String(),
  responsibility: Type.Optional(Type.String()),
});
export type AccountView = Static<typeof AccountView>;

/** An act that lowers a barrier of safety or law, asked for by one account and waiting for another. */
export const ProposalView = Type.Object({
  proposalId: Type.String(),
  permission: Type.String(),
  act: Type.String(),
  subject: Type.String(),
  reason: Type.String(),
  by: Type.String(),
  askedAtMs: Type.Number(),
  expiresAtMs: Type.Number(),
});
export type ProposalView = Static<typeof ProposalView>;

/** Who asks, and what that account may do; for what it may not, who may. */
export const MeView = Type.Object({
  name: Type.String(),
  role: Type.String(),
  agency: Type.String(),
  responsibility: Type.Optional(Type.String()),
  permissions: Type.Array(
    Type.Object({
      permission: Type.String(),
      isAllowed: Type.Boolean(),
      /** Roles that have it. */
      roles: Type.Array(Type.String()),
      /** It takes a second account to agree. */
      isFourEyes: Type.Boolean(),
    }),
  ),
});
export type MeView = Static<typeof MeView>;
