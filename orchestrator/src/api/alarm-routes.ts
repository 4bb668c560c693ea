import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { AlarmKpiView, AlarmView } from "../contract/index.ts";
import { answerDone } from "./acts.ts";
import { Problem, ProblemError } from "./problems.ts";
import { Reason } from "./reason.ts";
import type { RouteRooms } from "./route-rooms.ts";

const AlarmParams = Type.Object({ alarmId: Type.String() });
const MAX_SHELF_MINUTES = 8 * 60;

/** What needs a person: the book, how much of it there is, and what people do about it (ISA-18.2). */
export function alarmRoutes({ desk, senders, acts }: RouteRooms): FastifyPluginAsyncTypebox {
  return async (app) => {
    const read = { tags: ["read"] };
    const act = { tags: ["act"] };

    app.get(
      "/alarms",
      { schema: { ...read, summary: "Alarms in the book", response: { 200: Type.Array(AlarmView) } } },
      async (request) => {
        senders.allow(request, "site:read");
        return [...desk.alarms()];
      },
    );

    app.get(
      "/alarms/kpi",
      {
        schema: {
          ...read,
          summary: "How many alarms come, after EEMUA 191",
          response: { 200: AlarmKpiView },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        return desk.alarmKpi();
      },
    );

    app.get(
      "/alarms/journal",
      {
        schema: {
          ...read,
          summary: "What became of alarms, oldest first; the newest thousand within the time asked for",
          querystring: Type.Object({
            fromMs: Type.Optional(Type.Integer({ minimum: 0 })),
            toMs: Type.Optional(Type.Integer({ minimum: 0 })),
            token: Type.Optional(Type.String()),
          }),
          response: { 200: Type.Array(Type.Object({ atMs: Type.Number(), alarm: AlarmView })) },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        const { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = request.query;
        return [...(await desk.alarmJournal(fromMs, toMs))];
      },
    );

    app.post(
      "/alarms/:alarmId/acknowledge",
      {
        schema: {
          ...act,
          summary: "Acknowledge an alarm: it has been seen and somebody sees to it",
          params: AlarmParams,
          response: { 204: Type.Null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const { alarmId } = request.params;
        const done = await acts.perform(request, {
          permission: "alarm:acknowledge",
          subject: alarmId,
          reason: "seen",
          carryOut(account) {
            if (desk.acknowledge(alarmId, account.name) === "unknown")
              throw new ProblemError("alarm.unknown", alarmId);
          },
          outcome: () => "acknowledged",
        });
        return answerDone(reply, done, 204);
      },
    );

    app.post(
      "/alarms/:alarmId/shelve",
      {
        schema: {
          ...act,
          summary: "Put an alarm out of sight for a time; it comes back by itself",
          params: AlarmParams,
          body: Type.Object({
            minutes: Type.Integer({ minimum: 1, maximum: MAX_SHELF_MINUTES }),
            reason: Reason,
          }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { alarmId } = request.params;
        const { minutes, reason } = request.body;
        const done = await acts.perform(request, {
          permission: "alarm:shelve",
          act: `alarm:shelve:${minutes}min`,
          subject: alarmId,
          reason,
          carryOut(account) {
            const outcome = desk.shelve(alarmId, account.name, minutes * 60_000, reason);
            if (outcome === "unknown") throw new ProblemError("alarm.unknown", alarmId);
            if (outcome === "over-already") throw new ProblemError("alarm.over", alarmId);
            if (outcome === "too-long") throw new ProblemError("alarm.shelf-too-long", alarmId);
          },
          outcome: () => "shelved",
        });
        return answerDone(reply, done, 204);
      },
    );

    app.post(
      "/alarms/:alarmId/out-of-service",
      {
        schema: {
          ...act,
          summary:
            "Put an alarm out of service: its cause is known and being mended, it calls nobody until it is put back",
          params: AlarmParams,
          body: Type.Object({ reason: Reason }),
          response: { 204: Type.Null(), 404: Problem },
        },
      },
      async (request, reply) => {
        const { alarmId } = request.params;
        const { reason } = request.body;
        const done = await acts.perform(request, {
          permission: "alarm:suppress",
          subject: alarmId,
          reason,
          carryOut(account) {
            if (desk.suppressAlarm(alarmId, account.name, reason) === "unknown")
              throw new ProblemError("alarm.unknown", alarmId);
          },
          outcome: () => "out-of-service",
        });
        return answerDone(reply, done, 204);
      },
    );

    app.post(
      "/alarms/:alarmId/back",
      {
        schema: {
          ...act,
          summary: "Take an alarm from the shelf, or put it back into service",
          params: AlarmParams,
          body: Type.Object({ reason: Reason }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { alarmId } = request.params;
        const done = await acts.perform(request, {
          permission: "alarm:shelve",
          act: "alarm:back",
          subject: alarmId,
          reason: request.body.reason,
          carryOut() {
            const outcome = desk.alarmBack(alarmId);
            if (outcome === "unknown") throw new ProblemError("alarm.unknown", alarmId);
            if (outcome === "as-it-was") throw new ProblemError("alarm.as-it-was", alarmId);
          },
          outcome: () => "back",
        });
        return answerDone(reply, done, 204);
      },
    );
  };
}
