import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { StationClosureView } from "../contract/index.ts";
import type { StationOutcome } from "../mission/control-port.ts";
import { answerDone } from "./acts.ts";
import type { Desk } from "./desk.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const StationParams = Type.Object({ stationId: Type.String({ minLength: 1, maxLength: 256 }) });

/** Cranes, bays, docks, parking places and chargers out of use, one by one. */
export function stationRoutes({
  desk,
  senders,
  acts,
}: Pick<RouteRooms, "senders" | "acts"> & {
  readonly desk: Pick<Desk, "closedStations" | "closeStation" | "openStation">;
}): FastifyPluginAsyncTypebox {
  return async (app) => {
    const act = { tags: ["act"], params: StationParams };

    app.get(
      "/stations/closures",
      {
        schema: {
          tags: ["read"],
          summary: "Stations that are closed",
          response: { 200: Type.Array(StationClosureView) },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return [...desk.closedStations()];
      },
    );

    app.post(
      "/stations/:stationId/closure",
      {
        schema: {
          ...act,
          summary:
            "Close a crane, bay, dock, parking place or charger: nobody is sent there any more; who has it already still uses it. Closing it again changes nothing",
          body: Type.Object({ reason: Reason }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { stationId } = request.params;
        const { reason } = request.body;
        const done = await acts.perform(request, {
          permission: "station:close",
          subject: stationId,
          reason,
          async carryOut(account) {
            const outcome = await desk.closeStation(stationId, account.name, reason);
            mustBeDone(outcome, stationId);
            return outcome;
          },
          outcome: (outcome) => (outcome === "done" ? "closed" : outcome),
        });
        return answerDone(reply, done, 204);
      },
    );

    app.delete(
      "/stations/:stationId/closure",
      {
        schema: {
          ...act,
          summary: "Open a station that was closed",
          querystring: Type.Object({ reason: Reason }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { stationId } = request.params;
        const done = await acts.perform(request, {
          permission: "station:open",
          subject: stationId,
          reason: request.query.reason,
          async carryOut() {
            const outcome = await desk.openStation(stationId);
            if (outcome === "as-it-was") throw new ProblemError("station.not-closed", stationId);
            mustBeDone(outcome, stationId);
          },
          outcome: () => "opened",
        });
        return answerDone(reply, done, 204);
      },
    );
  };
}

function mustBeDone(outcome: StationOutcome, stationId: string): void {
  if (outcome === "unknown") throw new ProblemError("station.unknown", stationId);
  if (outcome === "not-closable") throw new ProblemError("station.not-closable", stationId);
  if (outcome === "not-kept") throw new ProblemError("ledger.unreachable", "missions are led elsewhere");
}
