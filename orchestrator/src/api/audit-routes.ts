import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { AuditEntry } from "../audit/audit-log.ts";
import { AlarmView, CustodyRecordView, MissionView } from "../contract/index.ts";
import { Problem, ProblemError } from "./problems.ts";
import type { RouteRooms } from "./route-rooms.ts";

const MAX_ENTRIES = 1_000;
const Part = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }));

/** All that is known of one container on this side, in one document that can be handed on. */
const CaseFile = Type.Object({
  madeAtMs: Type.Number(),
  mission: MissionView,
  /** What accounts did about the mission, its order, its container and its vehicle. */
  audit: Type.Array(AuditEntry),
  alarms: Type.Array(Type.Object({ atMs: Type.Number(), alarm: AlarmView })),
  custody: Type.Array(CustodyRecordView),
});

/** Who did what: search, proof that nothing was changed, and the case file of one container. */
export function auditRoutes({
  desk,
  audit,
  senders,
  nowMs,
}: RouteRooms & { readonly nowMs: () => number }): FastifyPluginAsyncTypebox {
  return async (app) => {
    const read = { tags: ["read"] };

    app.get(
      "/audit",
      {
        schema: {
          ...read,
          summary:
            "Entries of the audit log that fit, newest last; the newest hundred unless `count` says more",
          querystring: Type.Object({
            count: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ENTRIES })),
            fromMs: Type.Optional(Type.Integer({ minimum: 0 })),
            toMs: Type.Optional(Type.Integer({ minimum: 0 })),
            account: Part,
            act: Part,
            subject: Part,
            text: Part,
            beforeSequence: Type.Optional(Type.Integer({ minimum: 1 })),
            token: Type.Optional(Type.String()),
          }),
          response: { 200: Type.Array(AuditEntry) },
        },
      },
      async (request) => {
        senders.allow(request, "audit:read");
        const { count = 100, token: _token, ...query } = request.query;
        return [...(await audit.search(query, count))];
      },
    );

    app.get(
      "/audit/verify",
      {
        schema: {
          ...read,
          summary: "Whether the audit log's chain of hashes holds, from its first entry",
          response: {
            200: Type.Object({ entries: Type.Integer(), brokenAt: Type.Optional(Type.Integer()) }),
          },
        },
      },
      async (request) => {
        senders.allow(request, "audit:read");
        const { entries, brokenAt } = await audit.verify();
        return { entries, ...(brokenAt === undefined ? {} : { brokenAt }) };
      },
    );

    app.get(
      "/missions/:missionId/case-file",
      {
        schema: {
          ...read,
          summary: "All that is known of one container on this side",
          params: Type.Object({ missionId: Type.String() }),
          response: { 200: CaseFile, 404: Problem },
        },
      },
      async (request) => {
        senders.allow(request, "audit:read");
        const mission = desk.mission(request.params.missionId);
        if (mission === undefined) throw new ProblemError("mission.unknown", request.params.missionId);
        const { missionId, orderId, containerNo, vehicleId, handoffId } = mission;
        const names = [missionId, orderId, containerNo, vehicleId].filter((name) => name !== undefined);
        const fromMs = mission.timeline[0]?.atMs ?? 0;
        const entries = await audit.search({ fromMs }, MAX_ENTRIES);
        const alarms = await desk.alarmJournal(fromMs, nowMs());
        const custody = await desk.custody();
        return {
          madeAtMs: nowMs(),
          mission,
          audit: entries.filter(({ subject }) => names.some((name) => subject.includes(name))),
          alarms: alarms.filter(
            ({ alarm }) =>
              alarm.missionId === missionId ||
              (vehicleId !== undefined && alarm.vehicleId === vehicleId && alarm.missionId === undefined),
          ),
          custody: custody.filter((record) => record.handoffId === handoffId),
        };
      },
    );
  };
}
