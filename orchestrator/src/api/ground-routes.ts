import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ClosureView, ExplanationView } from "../contract/index.ts";
import { permissionOf } from "./permission.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { ServerOptions } from "./server-options.ts";

const EdgeIds = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { minItems: 1, maxItems: 200 });
const ClosureName = Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._:-]+$" });

/** Why vehicles wait, and what is out of use: closed ground, failed vehicles. What is asked takes effect with the next tick. */
export function groundRoutes({
  desk,
  accounts,
  audit,
}: Pick<ServerOptions, "desk" | "accounts" | "audit">): FastifyPluginAsyncTypebox {
  const allow = permissionOf(accounts);
  return async (app) => {
    const read = { tags: ["read"] };
    const act = { tags: ["act"] };

    app.get(
      "/vehicles/:vehicleId/explanation",
      {
        schema: {
          ...read,
          summary:
            "Why a vehicle stands or waits: the chain of who waits for whom, to the one that has to move first",
          params: Type.Object({ vehicleId: Type.String() }),
          response: { 200: ExplanationView, 404: Problem },
        },
      },
      async (request) => {
        allow(request, "site:read");
        const explanation = desk.explain(request.params.vehicleId);
        if (explanation === undefined) throw new ProblemError("vehicle.unknown", request.params.vehicleId);
        return explanation;
      },
    );

    app.get(
      "/closures",
      {
        schema: { ...read, summary: "Ground that is closed", response: { 200: Type.Array(ClosureView) } },
      },
      async (request) => {
        allow(request, "site:read");
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
        const account = allow(request, "ground:close");
        const { edgeIds, reason } = request.body;
        const outcome = desk.close(request.body);
        await audit.record({
          account: account.name,
          act: "ground:close",
          subject:
            outcome.kind === "edge-unknown"
              ? edgeIds.join(" ")
              : `${outcome.closureId}: ${edgeIds.join(" ")}`,
          reason,
          outcome: outcome.kind,
        });
        if (outcome.kind === "edge-unknown") throw new ProblemError("closure.edge-unknown", outcome.edgeId);
        if (outcome.kind === "conflict") throw new ProblemError("closure.conflict", outcome.closureId);
        return reply.code(202).send({ closureId: outcome.closureId });
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
          response: { 202: Type.Null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const account = allow(request, "ground:open");
        const { closureId } = request.params;
        const outcome = desk.open(closureId);
        const { reason } = request.query;
        await audit.record({
          account: account.name,
          act: "ground:open",
          subject: closureId,
          reason,
          outcome,
        });
        if (outcome === "unknown") throw new ProblemError("closure.unknown", closureId);
        return reply.code(202).send(null);
      },
    );

    for (const [command, permission, summary] of [
      [
        "failed",
        "vehicle:fail",
        "Mark a vehicle as failed: it is an obstacle around which others are planned, and gets nothing new",
      ],
      ["recovered", "vehicle:recover", "Put a vehicle back to work: its way is planned again"],
    ] as const) {
      app.post(
        `/vehicles/:vehicleId/${command}`,
        {
          schema: {
            ...act,
            summary,
            params: Type.Object({ vehicleId: Type.String() }),
            body: Type.Object({ reason: Reason }),
            response: { 202: Type.Null(), 404: Problem, 409: Problem },
          },
        },
        async (request, reply) => {
          const account = allow(request, permission);
          const { vehicleId } = request.params;
          const { reason } = request.body;
          const outcome =
            command === "failed" ? desk.failVehicle(vehicleId, reason) : desk.recoverVehicle(vehicleId);
          await audit.record({ account: account.name, act: permission, subject: vehicleId, reason, outcome });
          if (outcome === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
          if (outcome === "not-admitted") throw new ProblemError("vehicle.not-admitted", vehicleId);
          return reply.code(202).send(null);
        },
      );
    }

    app.post(
      "/vehicles/:vehicleId/vouched",
      {
        schema: {
          ...act,
          summary:
            "Vouch for a vehicle that was not accounted for after the ledger lost ticks. `where-it-says`: you see it where it reports itself. `stands-idle`: it stands at a node; its order is cancelled and it is admitted there anew. `removed`: it is off the ground. It is asked itself, too",
          params: Type.Object({ vehicleId: Type.String() }),
          body: Type.Object({
            found: Type.Enum(["where-it-says", "stands-idle", "removed"]),
            reason: Reason,
          }),
          response: { 202: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const account = allow(request, "vehicle:vouch");
        const { vehicleId } = request.params;
        const { found, reason } = request.body;
        const answer = await desk.vouch(vehicleId, found);
        const outcome = answer.kind === "refused" ? `refused: ${answer.why}` : answer.kind;
        await audit.record({
          account: account.name,
          act: "vehicle:vouch",
          subject: `${vehicleId}: ${found}`,
          reason,
          outcome,
        });
        if (answer.kind === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
        if (answer.kind === "not-admitted") throw new ProblemError("vehicle.not-admitted", vehicleId);
        if (answer.kind === "refused")
          throw new ProblemError("vehicle.not-vouched", `${vehicleId}: ${answer.why}`);
        return reply.code(202).send(null);
      },
    );
  };
}
