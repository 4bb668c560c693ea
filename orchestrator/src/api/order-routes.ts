import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { Step, TransportOrderRequest } from "../contract/index.ts";
import type { OrderOutcome } from "./desk.ts";
import { PROBLEMS, Problem, type ProblemCode, ProblemError } from "./problems.ts";
import type { RouteRooms } from "./route-rooms.ts";

const Placed = Type.Object({ missionId: Type.String(), existed: Type.Boolean() });

const isProblemCode = (code: string): code is ProblemCode => code in PROBLEMS;

function placedOf(placed: OrderOutcome, fallback: ProblemCode): { missionId: string; existed: boolean } {
  if (placed.kind === "refused")
    throw new ProblemError(isProblemCode(placed.code) ? placed.code : fallback, placed.detail);
  return { missionId: placed.missionId, existed: placed.kind === "exists" };
}

/** How containers come to be carried. An order that is posted again changes nothing, and is not on record again. */
export function orderRoutes({ desk, senders, audit }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    const act = { tags: ["act"] };

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
        const account = senders.allow(request, "order:place");
        const placed = placedOf(await desk.placeOrder(request.body), "order.refused");
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
        const account = senders.allow(request, "mission:adopt");
        const placed = placedOf(await desk.adopt(request.body, account), "adopt.refused");
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
  };
}
