import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ProposalView } from "../contract/index.ts";
import { PublicJwk } from "../handoff/keys.ts";
import { EnrolRequest } from "../partner/key-routes.ts";
import type { PartnerKeys } from "../partner/partner-keys.ts";
import { answerDone } from "./acts.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

/** What people of this side do about the partner: its first key, which no request of its own can bring. */
export function partnerAdminRoutes(
  { senders, acts }: RouteRooms,
  keys: Pick<PartnerKeys, "enrol" | "theirs">,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      "/partner/keys",
      {
        schema: {
          tags: ["read"],
          summary: "The partner's public keys, retired ones too",
          response: { 200: Type.Array(Type.Object({ jwk: PublicJwk, isRetired: Type.Boolean() })) },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return [...keys.theirs()];
      },
    );

    app.post(
      "/partner/keys",
      {
        schema: {
          tags: ["act"],
          summary:
            "Enrol a key of the partner, after its people have confirmed it on another way; two accounts agree",
          body: Type.Object({ ...EnrolRequest.properties, reason: Reason }),
          response: { 202: ProposalView, 204: Type.Null(), 422: Problem },
        },
      },
      async (request, reply) => {
        const { jwk, proof, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "partner:enrol",
          subject: jwk.kid,
          reason,
          async carryOut() {
            const outcome = await keys.enrol(jwk, proof);
            if (outcome === "unproven" || outcome === "conflict") {
              throw new ProblemError("partner.key-refused", `${jwk.kid}: ${outcome}`);
            }
            return outcome;
          },
          outcome: (outcome) => outcome,
        });
        return answerDone(reply, done, 204);
      },
    );
  };
}
