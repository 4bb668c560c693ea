import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ClosureView } from "../contract/index.ts";
import { answerDone } from "./acts.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const EdgeIds = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 200 });
const ClosureName = Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._:-]+$" });

/** Ground that is out of use. What is asked takes effect with the next tick. */
export function groundRoutes({ desk, senders, acts }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    const act = { tags: ["act"] };

    app.get(
      "/closures",
      {
        schema: {
          tags: ["read"],
          summary: "Ground that is closed",
          response: { 200: Type.Array(ClosureView) },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return [...desk.closures()];
      },
    );

    app.post(
      "/closures",
      {
        schema: {
          ...act,
          summary:
            "Close ground, named by the edges that lead over it: nothing new is granted or planned there; what is granted stays",
          body: Type.Object({
            closureId: Type.Optional(ClosureName),
            edgeIds: EdgeIds,
            reason: Reason,
          }),
          response: { 202: Type.Object({ closureId: Type.String() }), 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const { edgeIds, reason, closureId: given } = request.body;
        const closureId = given ?? desk.newClosureId();
        const done = await acts.perform(request, {
          permission: "ground:close",
          subject: `${closureId}: ${edgeIds.join(" ")}`,
          reason,
          carryOut() {
            const outcome = desk.close({ closureId, edgeIds, reason });
            if (outcome.kind === "edge-unknown")
              throw new ProblemError("closure.edge-unknown", outcome.edgeId);
            if (outcome.kind === "conflict") throw new ProblemError("closure.conflict", closureId);
            if (outcome.kind === "kept") throw new ProblemError("closure.kept", closureId);
          },
          outcome: () => "asked",
        });
        return answerDone(reply, done, 202, { closureId });
      },
    );

    app.delete(
      "/closures/:closureId",
      {
        schema: {
          ...act,
          summary: "Open ground that was closed; who waited for it goes on by itself",
          params: Type.Object({ closureId: Type.String() }),
          querystring: Type.Object({ reason: Reason }),
          response: { 202: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { closureId } = request.params;
        const done = await acts.perform(request, {
          permission: "ground:open",
          subject: closureId,
          reason: request.query.reason,
          carryOut() {
            const outcome = desk.open(closureId);
            if (outcome === "unknown") throw new ProblemError("closure.unknown", closureId);
            if (outcome === "kept") throw new ProblemError("closure.kept", closureId);
          },
          outcome: () => "asked",
        });
        return answerDone(reply, done, 202);
      },
    );
  };
}
