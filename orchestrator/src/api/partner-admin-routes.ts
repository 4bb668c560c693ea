import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ProposalView } from "../contract/index.ts";
import { PublicJwk } from "../handoff/keys.ts";
import { DeliveryView, type PartnerDeliveries } from "../partner/deliveries.ts";
import { EnrolRequest } from "../partner/key-routes.ts";
import type { PartnerKeys } from "../partner/partner-keys.ts";
import { answerDone } from "./acts.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

/**
 * What people of this side do about the partner: its first key, which no request of its own can bring, and events that
 * could not be brought to it.
 */
export function partnerAdminRoutes(
  { senders, acts }: RouteRooms,
  keys: Pick<PartnerKeys, "enrol" | "theirs">,
  deliveries: PartnerDeliveries,
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

    app.get(
      "/partner/deliveries",
      {
        schema: {
          tags: ["read"],
          summary: "The partner's webhooks: how far each has come, and the events that were given up",
          response: { 200: Type.Array(DeliveryView) },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return [...(await deliveries.list())];
      },
    );

    app.post(
      "/partner/deliveries/:webhookId/redeliver",
      {
        schema: {
          tags: ["act"],
          summary: "Bring the partner again, now, what was given up; what it takes is a dead letter no more",
          params: Type.Object({ webhookId: Type.String() }),
          body: Type.Object({
            /** Which of them; all if not given. */
            sequences: Type.Optional(
              Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 256 }),
            ),
            reason: Reason,
          }),
          response: { 200: Type.Object({ taken: Type.Integer() }), 404: Problem },
        },
      },
      async (request, reply) => {
        const { webhookId } = request.params;
        const { sequences, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "partner:redeliver",
          subject: webhookId,
          reason,
          async carryOut() {
            const taken = await deliveries.redeliver(webhookId, sequences);
            if (taken === undefined) throw new ProblemError("partner.webhook-unknown", webhookId);
            return taken;
          },
          outcome: (taken) => `taken:${taken}`,
        });
        return reply.code(200).send({ taken: done.kind === "done" ? done.result : 0 });
      },
    );
  };
}
