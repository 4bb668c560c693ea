import { otherSide } from "@baton/maps";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { PublicJwk } from "../handoff/keys.ts";
import { PARTNER_TAGS, PartnerProblem } from "../handoff/partner-routes.ts";
import { Problem } from "../handoff/problems.ts";
import type { PartnerApiOptions } from "./api-options.ts";
import { bodyOf } from "./body.ts";
import type { EnrolOutcome } from "./partner-keys.ts";

export const EnrolRequest = Type.Object({
  jwk: PublicJwk,
  /** base64url: the new key's Ed25519 signature of `baton key enrolment\n{your side}\n{kid}\n{x}`. */
  proof: Type.String({ minLength: 80, maxLength: 128 }),
});
export const EnrolAnswer = Type.Object({ kid: Type.String(), known: Type.Boolean() });

/** The answer to an enrolment. Throws `PartnerProblem`. */
export function enrolled(kid: string, outcome: EnrolOutcome): { kid: string; known: boolean } {
  if (outcome === "unproven") throw new PartnerProblem("key-unproven", kid);
  if (outcome === "conflict") throw new PartnerProblem("key-conflict", kid);
  return { kid, known: outcome === "known" };
}

function published(scope: FastifyInstance, { side, keys }: PartnerApiOptions): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    "/keys",
    {
      schema: {
        tags: [PARTNER_TAGS.keys],
        operationId: "getKeys",
        summary: "Public keys: ours (a JWK set, RFC 7517; the first signs) and yours as they are known here",
        security: [],
        response: {
          200: Type.Object({
            side: Type.String(),
            keys: Type.Array(PublicJwk),
            partner: Type.Object({
              side: Type.String(),
              keys: Type.Array(Type.Object({ jwk: PublicJwk, isRetired: Type.Boolean() })),
            }),
          }),
          default: Problem,
        },
      },
    },
    async () => ({
      side,
      keys: [...keys.ours()],
      partner: { side: otherSide(side), keys: [...keys.theirs()] },
    }),
  );
}

function enrolment(scope: FastifyInstance, { clock, keys }: PartnerApiOptions): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  app.put(
    "/keys/:kid",
    {
      schema: {
        tags: [PARTNER_TAGS.keys],
        operationId: "enrolKey",
        summary:
          "Enrol your next key with a request that a present one signs; the same again changes nothing",
        params: Type.Object({ kid: PublicJwk.properties.kid }),
        body: EnrolRequest,
        response: { 200: EnrolAnswer, default: Problem },
      },
    },
    async (request) => {
      const { jwk, proof } = bodyOf(request, EnrolRequest);
      if (jwk.kid !== request.params.kid)
        throw new PartnerProblem("invalid-message", "/jwk/kid must be the kid of the address");
      return enrolled(jwk.kid, await keys.enrol(jwk, proof));
    },
  );
  app.delete(
    "/keys/:kid",
    {
      schema: {
        tags: [PARTNER_TAGS.keys],
        operationId: "retireKey",
        summary: "Retire a key of yours: it signs nothing new, and still proves what it signed",
        params: Type.Object({ kid: PublicJwk.properties.kid }),
        response: { 200: Type.Object({ kid: Type.String() }), default: Problem },
      },
    },
    async (request) => {
      const { kid } = request.params;
      const outcome = await keys.retire(kid, clock.nowMs());
      if (outcome === "last") throw new PartnerProblem("last-key", kid);
      if (outcome === "unknown") throw new PartnerProblem("key-unknown", kid);
      return { kid };
    },
  );
}

export const keyRoutes = { published, enrolment };
