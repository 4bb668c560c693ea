import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ExplanationView, ProposalView } from "../contract/index.ts";
import { answerDone } from "./acts.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const VehicleParams = Type.Object({ vehicleId: Type.String() });
const BecauseOf = Type.Object({ reason: Reason });

/** What people ask of one vehicle, and why it waits. What is asked of the ground takes effect with the next tick. */
export function vehicleRoutes({ desk, senders, acts }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    const act = { tags: ["act"] };

    app.get(
      "/vehicles/:vehicleId/explanation",
      {
        schema: {
          tags: ["read"],
          summary:
            "Why a vehicle stands or waits: the chain of who waits for whom, to the one that has to move first",
          params: VehicleParams,
          response: { 200: ExplanationView, 404: Problem },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        const explanation = desk.explain(request.params.vehicleId);
        if (explanation === undefined) throw new ProblemError("vehicle.unknown", request.params.vehicleId);
        return explanation;
      },
    );

    for (const command of ["stop-request", "resume"] as const) {
      app.post(
        `/vehicles/:vehicleId/${command}`,
        {
          schema: {
            ...act,
            summary:
              command === "stop-request"
                ? "Ask a vehicle to stop inside its grants"
                : "Lift this side's stop request",
            params: VehicleParams,
            body: BecauseOf,
            response: { 202: Type.Null(), 404: Problem },
          },
        },
        async (request, reply) => {
          const { vehicleId } = request.params;
          const done = await acts.perform(request, {
            permission: command === "stop-request" ? "vehicle:stop" : "vehicle:resume",
            act: `vehicle:${command}`,
            subject: vehicleId,
            reason: request.body.reason,
            carryOut() {
              const sent =
                command === "stop-request" ? desk.stopRequest(vehicleId) : desk.resumeVehicle(vehicleId);
              if (sent === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
            },
            outcome: () => "sent",
          });
          return answerDone(reply, done, 202);
        },
      );
    }

    for (const [command, how, summary] of [
      [
        "sleep",
        "hibernate",
        "Let an idle vehicle hibernate: it stands, saves power, and is not dispatched (VDA 5050 3.0)",
      ],
      ["wake", "wake", "Wake a vehicle that hibernates"],
    ] as const) {
      app.post(
        `/vehicles/:vehicleId/${command}`,
        {
          schema: {
            ...act,
            summary,
            params: VehicleParams,
            body: BecauseOf,
            response: { 202: Type.Null(), 404: Problem, 409: Problem },
          },
        },
        async (request, reply) => {
          const { vehicleId } = request.params;
          const done = await acts.perform(request, {
            permission: "vehicle:park",
            act: `vehicle:${command}`,
            subject: vehicleId,
            reason: request.body.reason,
            carryOut() {
              const sent = desk.sleep(vehicleId, how);
              if (sent === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
              if (sent !== "sent") throw new ProblemError(`vehicle.${sent}`, vehicleId);
            },
            outcome: () => "sent",
          });
          return answerDone(reply, done, 202);
        },
      );
    }

    app.post(
      "/vehicles/:vehicleId/waiting-actions",
      {
        schema: {
          ...act,
          summary:
            "Answer a vehicle whose action failed and waits: `retry` it, or `skip` it, which fails it (VDA 5050 3.0 section 6.6.9)",
          params: VehicleParams,
          body: Type.Object({ answer: Type.Enum(["retry", "skip"]), reason: Reason }),
          response: { 202: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { vehicleId } = request.params;
        const { answer, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "vehicle:resume",
          act: `vehicle:${answer}-action`,
          subject: vehicleId,
          reason,
          carryOut() {
            const sent = desk.answerActions(vehicleId, answer);
            if (sent === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
            if (sent === "nothing-waits") throw new ProblemError("vehicle.nothing-waits", vehicleId);
          },
          outcome: () => "sent",
        });
        return answerDone(reply, done, 202);
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
            params: VehicleParams,
            body: BecauseOf,
            response: { 202: Type.Null(), 404: Problem, 409: Problem },
          },
        },
        async (request, reply) => {
          const { vehicleId } = request.params;
          const { reason } = request.body;
          const done = await acts.perform(request, {
            permission,
            subject: vehicleId,
            reason,
            carryOut() {
              const outcome =
                command === "failed" ? desk.failVehicle(vehicleId, reason) : desk.recoverVehicle(vehicleId);
              if (outcome === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
              if (outcome === "not-admitted") throw new ProblemError("vehicle.not-admitted", vehicleId);
            },
            outcome: () => "asked",
          });
          return answerDone(reply, done, 202);
        },
      );
    }

    app.post(
      "/vehicles/:vehicleId/vouched",
      {
        schema: {
          ...act,
          summary:
            "Vouch for a vehicle that was not accounted for after the ledger lost ticks. `where-it-says`: you see it where it reports itself. `stands-idle`: it stands at a node; its order is cancelled and it is admitted there anew. `removed`: it is off the ground (a second account has to agree). It is asked itself, too",
          params: VehicleParams,
          body: Type.Object({
            found: Type.Enum(["where-it-says", "stands-idle", "removed"]),
            reason: Reason,
          }),
          response: { 202: Type.Union([Type.Null(), ProposalView]), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { vehicleId } = request.params;
        const { found, reason } = request.body;
        const done = await acts.perform(request, {
          permission: found === "removed" ? "vehicle:vouch-removed" : "vehicle:vouch",
          act: "vehicle:vouch",
          subject: `${vehicleId}: ${found}`,
          reason,
          async carryOut() {
            const answer = await desk.vouch(vehicleId, found);
            if (answer.kind === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
            if (answer.kind === "not-admitted") throw new ProblemError("vehicle.not-admitted", vehicleId);
            if (answer.kind === "refused")
              throw new ProblemError("vehicle.not-vouched", `${vehicleId}: ${answer.why}`);
          },
          outcome: () => "vouched",
        });
        return answerDone(reply, done, 202);
      },
    );
  };
}
