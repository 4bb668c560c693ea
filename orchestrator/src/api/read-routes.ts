import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import {
  BorderlineView,
  CustodyRecordView,
  MissionView,
  SiteView,
  VehicleView,
  WaitingReasonsView,
} from "../contract/index.ts";
import { Problem, ProblemError } from "./problems.ts";
import type { RouteRooms } from "./route-rooms.ts";

/** What there is to see on this side. */
export function readRoutes({ desk, senders }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    const read = { tags: ["read"] };

    app.get(
      "/site",
      { schema: { ...read, summary: "Everything static about the crossing", response: { 200: SiteView } } },
      async (request) => {
        senders.allow(request, "site:read");
        return desk.site();
      },
    );

    app.get(
      "/missions",
      { schema: { ...read, summary: "Missions of this side", response: { 200: Type.Array(MissionView) } } },
      async (request) => {
        senders.allow(request, "site:read");
        return [...desk.missions()];
      },
    );

    app.get(
      "/missions/:missionId",
      {
        schema: {
          ...read,
          summary: "One mission with its timeline",
          params: Type.Object({ missionId: Type.String() }),
          response: { 200: MissionView, 404: Problem },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        const mission = desk.mission(request.params.missionId);
        if (mission === undefined) throw new ProblemError("mission.unknown", request.params.missionId);
        return mission;
      },
    );

    app.get(
      "/vehicles",
      { schema: { ...read, summary: "Vehicles heard of", response: { 200: Type.Array(VehicleView) } } },
      async (request) => {
        senders.allow(request, "site:read");
        return [...desk.vehicles()];
      },
    );

    app.get(
      "/dispatch/reasons",
      {
        schema: {
          ...read,
          summary: "Why missions and vehicles are not on their way, as of the last round of dispatch",
          response: { 200: WaitingReasonsView },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return desk.whyNotDispatched();
      },
    );

    app.get(
      "/borderline",
      { schema: { ...read, summary: "Hand-offs that are not over", response: { 200: BorderlineView } } },
      async (request) => {
        senders.allow(request, "site:read");
        return desk.borderline();
      },
    );

    app.get(
      "/custody",
      {
        schema: {
          ...read,
          summary: "This side's custody records, oldest first",
          response: { 200: Type.Array(CustodyRecordView) },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return [...(await desk.custody())];
      },
    );
  };
}
