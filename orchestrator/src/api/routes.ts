import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { AuditEntry } from "../audit/audit-log.ts";
import {
  AlarmView,
  BorderlineView,
  CustodyRecordView,
  MissionView,
  SiteView,
  Step,
  TransportOrderRequest,
  VehicleView,
} from "../contract/index.ts";
import type { OrderOutcome } from "./desk.ts";
import { dispatchRoutes } from "./dispatch-routes.ts";
import { groundRoutes } from "./ground-routes.ts";
import { permissionOf } from "./permission.ts";
import { PROBLEMS, Problem, type ProblemCode, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { ServerOptions } from "./server-options.ts";

const Placed = Type.Object({ missionId: Type.String(), existed: Type.Boolean() });

const isProblemCode = (code: string): code is ProblemCode => code in PROBLEMS;

/** The routes for people and customers of this side, each behind the permission of a named account. */
export function controlRoutes(options: ServerOptions): FastifyPluginAsyncTypebox {
  const { desk, accounts, audit } = options;

  const allow = permissionOf(accounts);

  const outcome = (placed: OrderOutcome, fallback: ProblemCode): { missionId: string; existed: boolean } => {
    if (placed.kind === "refused") {
      throw new ProblemError(isProblemCode(placed.code) ? placed.code : fallback, placed.detail);
    }
    return { missionId: placed.missionId, existed: placed.kind === "exists" };
  };

  return async (app) => {
    const read = { tags: ["read"] };
    const act = { tags: ["act"] };

    app.get(
      "/site",
      { schema: { ...read, summary: "Everything static about the crossing", response: { 200: SiteView } } },
      async (request) => {
        allow(request, "site:read");
        return desk.site();
      },
    );

    app.get(
      "/missions",
      { schema: { ...read, summary: "Missions of this side", response: { 200: Type.Array(MissionView) } } },
      async (request) => {
        allow(request, "site:read");
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
        allow(request, "site:read");
        const mission = desk.mission(request.params.missionId);
        if (mission === undefined) throw new ProblemError("mission.unknown", request.params.missionId);
        return mission;
      },
    );

    app.get(
      "/vehicles",
      { schema: { ...read, summary: "Vehicles heard of", response: { 200: Type.Array(VehicleView) } } },
      async (request) => {
        allow(request, "site:read");
        return [...desk.vehicles()];
      },
    );

    app.get(
      "/alarms",
      { schema: { ...read, summary: "Alarms in the book", response: { 200: Type.Array(AlarmView) } } },
      async (request) => {
        allow(request, "site:read");
        return [...desk.alarms()];
      },
    );

    app.get(
      "/borderline",
      { schema: { ...read, summary: "Hand-offs that are not over", response: { 200: BorderlineView } } },
      async (request) => {
        allow(request, "site:read");
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
        allow(request, "site:read");
        return [...(await desk.custody())];
      },
    );

    app.get(
      "/audit",
      {
        schema: {
          ...read,
          summary: "The newest entries of the audit log, newest last",
          querystring: Type.Object({
            count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
            token: Type.Optional(Type.String()),
          }),
          response: { 200: Type.Array(AuditEntry) },
        },
      },
      async (request) => {
        allow(request, "audit:read");
        return [...(await audit.newest(request.query.count ?? 100))];
      },
    );

    app.post(
      "/transport-orders",
      {
        schema: {
          ...act,
          summary: "Place a transport order; the same order again changes nothing",
          body: TransportOrderRequest,
          response: { 200: Placed, 201: Placed, 422: Problem },
        },
      },
      async (request, reply) => {
        const account = allow(request, "order:place");
        const placed = outcome(await desk.placeOrder(request.body), "order.refused");
        if (!placed.existed) {
          await audit.record({
            account: account.name,
            act: "order:place",
            subject: request.body.orderId,
            reason: "customer's order",
            outcome: placed.missionId,
          });
        }
        return reply.code(placed.existed ? 200 : 201).send(placed);
      },
    );

    app.post(
      "/missions/adopt",
      {
        schema: {
          ...act,
          summary: "Take over a container that is on its way already, at a station and a step",
          body: Type.Object({
            order: TransportOrderRequest,
            vehicleId: Type.String({ minLength: 1, maxLength: 128 }),
            atStationId: Type.String({ minLength: 1, maxLength: 64 }),
            step: Step,
          }),
          response: { 200: Placed, 201: Placed, 422: Problem },
        },
      },
      async (request, reply) => {
        const account = allow(request, "mission:adopt");
        const placed = outcome(await desk.adopt(request.body, account), "adopt.refused");
        if (!placed.existed) {
          await audit.record({
            account: account.name,
            act: "mission:adopt",
            subject: request.body.order.orderId,
            reason: `found at ${request.body.atStationId}, step ${request.body.step}`,
            outcome: placed.missionId,
          });
        }
        return reply.code(placed.existed ? 200 : 201).send(placed);
      },
    );

    app.post(
      "/missions/:missionId/resume",
      {
        schema: {
          ...act,
          summary:
            "Let a held mission go on: retry the step, override what was found, or return the container",
          params: Type.Object({ missionId: Type.String() }),
          body: Type.Object({
            how: Type.Union([Type.Literal("retry"), Type.Literal("override"), Type.Literal("return")]),
            reason: Reason,
          }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const account = allow(request, "mission:resume");
        const { missionId } = request.params;
        const resumed = await desk.resume(missionId, request.body.how, account);
        await audit.record({
          account: account.name,
          act: `mission:resume:${request.body.how}`,
          subject: missionId,
          reason: request.body.reason,
          outcome: resumed,
        });
        if (resumed === "unknown") throw new ProblemError("mission.unknown", missionId);
        if (resumed === "not-possible") throw new ProblemError("mission.not-possible", missionId);
        if (resumed === "not-held") throw new ProblemError("mission.not-held", missionId);
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/missions/:missionId/priority",
      {
        schema: {
          ...act,
          summary: "How urgent a mission is from now on, on its way too as far as that is not granted",
          params: Type.Object({ missionId: Type.String() }),
          body: Type.Object({ priority: Type.Integer({ minimum: 0, maximum: 9 }), reason: Reason }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const account = allow(request, "mission:prioritise");
        const { missionId } = request.params;
        const { priority, reason } = request.body;
        const outcome = await desk.prioritise(missionId, priority);
        await audit.record({
          account: account.name,
          act: `mission:prioritise:${priority}`,
          subject: missionId,
          reason,
          outcome,
        });
        if (outcome === "unknown") throw new ProblemError("mission.unknown", missionId);
        if (outcome === "over") throw new ProblemError("mission.over", missionId);
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/alarms/:alarmId/acknowledge",
      {
        schema: {
          ...act,
          summary: "Acknowledge an alarm",
          params: Type.Object({ alarmId: Type.String() }),
          response: { 204: Type.Null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const account = allow(request, "alarm:acknowledge");
        const { alarmId } = request.params;
        if (desk.acknowledge(alarmId) === "unknown") throw new ProblemError("alarm.unknown", alarmId);
        await audit.record({
          account: account.name,
          act: "alarm:acknowledge",
          subject: alarmId,
          reason: "seen",
          outcome: "acknowledged",
        });
        return reply.code(204).send(null);
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
            params: Type.Object({ vehicleId: Type.String() }),
            body: Type.Object({ reason: Reason }),
            response: { 202: Type.Null(), 404: Problem },
          },
        },
        async (request, reply) => {
          const account = allow(request, command === "stop-request" ? "vehicle:stop" : "vehicle:resume");
          const { vehicleId } = request.params;
          const sent =
            command === "stop-request" ? desk.stopRequest(vehicleId) : desk.resumeVehicle(vehicleId);
          await audit.record({
            account: account.name,
            act: `vehicle:${command}`,
            subject: vehicleId,
            reason: request.body.reason,
            outcome: sent,
          });
          if (sent === "unknown") throw new ProblemError("vehicle.unknown", vehicleId);
          return reply.code(202).send(null);
        },
      );
    }

    await app.register(groundRoutes(options));
    await app.register(dispatchRoutes(options));

    app.get("/feed", { websocket: true, schema: { hide: true } }, (socket, request) => {
      try {
        allow(request, "site:read");
      } catch {
        socket.close(4401, "no valid access token");
        return;
      }
      const leave = options.hub.join(socket, options.greeting());
      socket.on("close", leave);
      socket.on("error", leave);
    });
  };
}
