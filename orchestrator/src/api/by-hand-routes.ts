import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { MissionActOutcome } from "../mission/control-port.ts";
import { answerDone } from "./acts.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const MissionParams = Type.Object({ missionId: Type.String() });
const VehicleParams = Type.Object({ vehicleId: Type.String() });
const answers = { 204: Type.Null(), 404: Problem, 409: Problem };

/** What dispatch usually decides, decided by a person: slots, vehicles for containers, places for vehicles, the way back. */
export function byHandRoutes({ desk, acts }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    const act = { tags: ["act"] };

    app.post(
      "/missions/:missionId/slot",
      {
        schema: {
          ...act,
          summary:
            "Another slot for a container whose truck was not called yet: the first with room from an instant on",
          params: MissionParams,
          body: Type.Object({ notBeforeMs: Type.Integer({ minimum: 0 }), reason: Reason }),
          response: answers,
        },
      },
      async (request, reply) => {
        const { missionId } = request.params;
        const { notBeforeMs, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "mission:reslot",
          subject: missionId,
          reason,
          async carryOut() {
            const outcome = await desk.reslot(missionId, notBeforeMs);
            if (outcome.kind === "given") return outcome.fromMs;
            throw refusalOf(outcome, missionId, "");
          },
          outcome: (fromMs) => `slot:${new Date(fromMs).toISOString()}`,
        });
        return answerDone(reply, done, 204);
      },
    );

    app.post(
      "/missions/:missionId/recall",
      {
        schema: {
          ...act,
          summary:
            "Call a container back on its way to the line: its hand-off is withdrawn, and it goes to the yard again; from the exit gate on it turns round at the line. Not inside the lane, and not once the partner may have it (then it is withdrawn), the crane at the line has hold of it, or it is over the line: `backBarred` of its view says which",
          params: MissionParams,
          body: Type.Object({ reason: Reason }),
          response: answers,
        },
      },
      async (request, reply) => {
        const { missionId } = request.params;
        const done = await acts.perform(request, {
          permission: "mission:recall",
          subject: missionId,
          reason: request.body.reason,
          async carryOut(account) {
            mustBeDone(await desk.recall(missionId, account.name), missionId, "");
          },
          outcome: () => "recalled",
        });
        return answerDone(reply, done, 204);
      },
    );

    app.post(
      "/missions/:missionId/vehicle",
      {
        schema: {
          ...act,
          summary:
            "Choose the vehicle for a container that waits for one; it is loaded at the free crane nearest to it",
          params: MissionParams,
          body: Type.Object({ vehicleId: Type.String({ minLength: 1, maxLength: 128 }), reason: Reason }),
          response: answers,
        },
      },
      async (request, reply) => {
        const { missionId } = request.params;
        const { vehicleId, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "mission:assign",
          subject: `${missionId}: ${vehicleId}`,
          reason,
          async carryOut() {
            mustBeDone(await desk.assign(missionId, vehicleId), missionId, vehicleId);
          },
          outcome: () => "assigned",
        });
        return answerDone(reply, done, 204);
      },
    );

    app.post(
      "/vehicles/:vehicleId/park",
      {
        schema: {
          ...act,
          summary: "Send an idle vehicle to the nearest free charger or parking place",
          params: VehicleParams,
          body: Type.Object({ to: Type.Enum(["charger", "parking"]), reason: Reason }),
          response: answers,
        },
      },
      async (request, reply) => {
        const { vehicleId } = request.params;
        const { to, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "vehicle:park",
          act: `vehicle:park:${to}`,
          subject: vehicleId,
          reason,
          async carryOut() {
            mustBeDone(await desk.park(vehicleId, to), "", vehicleId);
          },
          outcome: () => "sent",
        });
        return answerDone(reply, done, 204);
      },
    );
  };
}

function mustBeDone(outcome: MissionActOutcome, missionId: string, vehicleId: string): void {
  if (outcome.kind !== "done") throw refusalOf(outcome, missionId, vehicleId);
}

/** What a request is answered with whose act was not done. */
export function refusalOf(outcome: MissionActOutcome, missionId: string, vehicleId: string): ProblemError {
  if (outcome.kind === "not-possible") return new ProblemError("act.not-possible", outcome.why);
  return outcome.kind === "vehicle-unknown"
    ? new ProblemError("vehicle.unknown", vehicleId)
    : new ProblemError("mission.unknown", missionId);
}
