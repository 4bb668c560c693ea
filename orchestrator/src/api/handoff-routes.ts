import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { answerDone } from "./acts.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

/** What a person decides about a hand-off: who holds a vehicle that is lost for good, together with an account of the partner's. */
export function handoffRoutes({ desk, acts }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      "/handoffs/:handoffId/resolution",
      {
        schema: {
          tags: ["act"],
          summary:
            "Say who holds a vehicle whose register can never be read again: final, and done once an account of the partner's has said the same",
          description:
            "For a vehicle that is lost for good. Whoever says it has made sure that the vehicle obeys nobody any more; before it " +
            "returns to service its register is set anew, above every epoch that either side knows.",
          params: Type.Object({ handoffId: Type.String() }),
          body: Type.Object({
            holder: Type.Union([Type.Literal("giver"), Type.Literal("taker")]),
            reason: Reason,
          }),
          response: { 202: Type.Object({ agreed: Type.Boolean() }), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { handoffId } = request.params;
        const { holder, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "handoff:resolve",
          act: `handoff:resolve:${holder}`,
          subject: handoffId,
          reason,
          async carryOut(account) {
            const outcome = await desk.resolveHandoff(handoffId, { holder, account: account.name, reason });
            if (outcome.kind === "said") return outcome.agreed;
            const { why } = outcome;
            if (why === "handoff-unknown") throw new ProblemError("handoff.unknown", handoffId);
            if (why === "not-durable") throw new ProblemError("ledger.unreachable", why);
            throw new ProblemError("handoff.not-resolved", why);
          },
          outcome: (agreed) => (agreed ? "agreed" : "said"),
        });
        const agreed = done.kind === "done" && done.result;
        return answerDone(reply, done, 202, { agreed });
      },
    );
  };
}
