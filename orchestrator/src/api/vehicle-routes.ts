import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Permission } from "../accounts/roles.ts";
import { ExplanationView, ProposalView } from "../contract/index.ts";
import { answerDone } from "./acts.ts";
import type { Desk, VehicleActOutcome } from "./desk.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const VehicleParams = Type.Object({ vehicleId: Type.String() });
const BecauseOf = Type.Object({ reason: Reason });

/** What is asked of a vehicle in a word, with nothing to say but why. */
interface VehicleCommand {
  readonly command: string;
  readonly permission: Permission;
  readonly act?: string;
  readonly summary: string;
  /** Whether a vehicle that is known may be one of which this cannot be asked now. */
  readonly refusals: boolean;
  ask(vehicleId: string, reason: string): ReturnType<Desk["sleep"]> | VehicleActOutcome;
}

function commandsTo(desk: Desk): readonly VehicleCommand[] {
  return [
    {
      command: "stop-request",
      permission: "vehicle:stop",
      act: "vehicle:stop-request",
      summary: "Ask a vehicle to stop inside its grants",
      refusals: false,
      ask: (vehicleId) => desk.stopRequest(vehicleId),
    },
    {
      command: "resume",
      permission: "vehicle:resume",
      act: "vehicle:resume",
      summary: "Lift this side's stop request",
      refusals: false,
      ask: (vehicleId) => desk.resumeVehicle(vehicleId),
    },
    {
      command: "sleep",
      permission: "vehicle:park",
      act: "vehicle:sleep",
      summary: "Let an idle vehicle hibernate: it stands, saves power, and is not dispatched (VDA 5050 3.0)",
      refusals: true,
      ask: (vehicleId) => desk.sleep(vehicleId, "hibernate"),
    },
    {
      command: "wake",
      permission: "vehicle:park",
      act: "vehicle:wake",
      summary: "Wake a vehicle that hibernates",
      refusals: true,
      ask: (vehicleId) => desk.sleep(vehicleId, "wake"),
    },
    {
      command: "failed",
      permission: "vehicle:fail",
      summary:
        "Mark a vehicle as failed: it is an obstacle around which others are planned, and gets nothing new",
      refusals: true,
      ask: (vehicleId, reason) => desk.failVehicle(vehicleId, reason),
    },
    {
      command: "recovered",
      permission: "vehicle:recover",
      summary: "Put a vehicle back to work: its way is planned again",
      refusals: true,
      ask: (vehicleId) => desk.recoverVehicle(vehicleId),
    },
  ];
}

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

    for (const { command, permission, act: named, summary, refusals, ask } of commandsTo(desk)) {
      const response = { 202: Type.Null(), 404: Problem };
      app.post(
        `/vehicles/:vehicleId/${command}`,
        {
          schema: {
            ...act,
            summary,
            params: VehicleParams,
            body: BecauseOf,
            response: refusals ? { ...response, 409: Problem } : response,
          },
        },
        async (request, reply) => {
          const { vehicleId } = request.params;
          const { reason } = request.body;
          const done = await acts.perform(request, {
            permission,
            ...(named === undefined ? {} : { act: named }),
            subject: vehicleId,
            reason,
            carryOut() {
              const answer = ask(vehicleId, reason);
              if (answer === "sent" || answer === "asked") return answer;
              throw new ProblemError(`vehicle.${answer}`, vehicleId);
            },
            outcome: (answer) => answer,
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

    app.post(
      "/vehicles/:vehicleId/vouched",
      {
        schema: {
          ...act,
          summary:
            "Vouch for a vehicle that was not accounted for after the ledger lost ticks. `where-it-says`: you see it where it reports itself. `stands-idle`: it stands at a node and is stopped, or has failed and driven all that it was released; its order is cancelled and it is admitted there anew. `removed`: it is off the ground (a second account has to agree). It is asked itself, too",
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
