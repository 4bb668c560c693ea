import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Permission } from "../accounts/roles.ts";
import { ProposalView } from "../contract/index.ts";
import { answerDone } from "./acts.ts";
import type { ResumeHow } from "./desk.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const MissionParams = Type.Object({ missionId: Type.String() });

/** To try again is one thing, to go on against what was found another. */
const PERMISSION_TO: Readonly<Record<ResumeHow, Permission>> = {
  retry: "mission:resume",
  override: "mission:override",
  return: "mission:return",
};

/** What people do about one container's mission. */
export function missionRoutes({ desk, acts }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    const act = { tags: ["act"] };

    app.post(
      "/missions/:missionId/resume",
      {
        schema: {
          ...act,
          summary:
            "Let a held mission go on: retry the step, override what was found (a second account has to agree), or return the container",
          params: MissionParams,
          body: Type.Object({
            how: Type.Union([Type.Literal("retry"), Type.Literal("override"), Type.Literal("return")]),
            reason: Reason,
          }),
          response: { 202: ProposalView, 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { missionId } = request.params;
        const { how, reason } = request.body;
        const done = await acts.perform(request, {
          permission: PERMISSION_TO[how],
          act: `mission:resume:${how}`,
          subject: missionId,
          reason,
          async carryOut(account) {
            const resumed = await desk.resume(missionId, how, account);
            if (resumed === "unknown") throw new ProblemError("mission.unknown", missionId);
            if (resumed === "not-possible") throw new ProblemError("mission.not-possible", missionId);
            if (resumed === "not-held") throw new ProblemError("mission.not-held", missionId);
          },
          outcome: () => "resumed",
        });
        return done.kind === "proposed" ? reply.code(202).send(done.proposal) : reply.code(204).send(null);
      },
    );

    app.post(
      "/missions/:missionId/priority",
      {
        schema: {
          ...act,
          summary: "How urgent a mission is from now on, on its way too as far as that is not granted",
          params: MissionParams,
          body: Type.Object({ priority: Type.Integer({ minimum: 0, maximum: 9 }), reason: Reason }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { missionId } = request.params;
        const { priority, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "mission:prioritise",
          act: `mission:prioritise:${priority}`,
          subject: missionId,
          reason,
          async carryOut() {
            const outcome = await desk.prioritise(missionId, priority);
            if (outcome === "unknown") throw new ProblemError("mission.unknown", missionId);
            if (outcome === "over") throw new ProblemError("mission.over", missionId);
          },
          outcome: () => "prioritised",
        });
        return answerDone(reply, done, 204);
      },
    );
  };
}
