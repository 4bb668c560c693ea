import { SIDES } from "@baton/maps";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import Type from "typebox";
import { Calendar, jointOpeningAt } from "../dispatch/calendar.ts";
import { PARTNER_TAGS, PartnerProblem } from "../handoff/partner-routes.ts";
import { Problem } from "../handoff/problems.ts";
import type { PartnerApiOptions } from "./api-options.ts";
import {
  handoffView,
  missionView,
  PartnerCalendars,
  PartnerHandoff,
  PartnerMission,
  PartnerSlot,
  slotsTaken,
} from "./views.ts";

const HORIZON_MS = 14 * 24 * 3_600_000;
const MAX_OPENINGS = 64;

/** What the partner may look at: hand-offs, missions, slots, opening hours. */
export function calendarRoutes(
  scope: FastifyInstance,
  { site, clock, handoffs, missions, policy }: PartnerApiOptions,
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const calendars = SIDES.map((each) => {
    const { calendar, utcOffsetMinutes: offset } = site.file.sides[each];
    return { side: each, utcOffsetMinutes: offset, openingHours: calendar };
  });

  app.get(
    "/handoffs",
    {
      schema: {
        tags: [PARTNER_TAGS.handoffs],
        operationId: "listHandoffs",
        summary: "Hand-offs that are not over",
        response: { 200: Type.Array(PartnerHandoff), default: Problem },
      },
    },
    async () =>
      handoffs.open().flatMap(({ handoffId }) => {
        const look = handoffs.look(handoffId);
        return look === undefined ? [] : [handoffView(look)];
      }),
  );

  app.get(
    "/handoffs/:handoffId",
    {
      schema: {
        tags: [PARTNER_TAGS.handoffs],
        operationId: "getHandoff",
        summary: "One hand-off: where it stands, and what was said to you that you have not acknowledged",
        params: Type.Object({ handoffId: Type.String() }),
        response: { 200: PartnerHandoff, default: Problem },
      },
    },
    async (request) => {
      const look = handoffs.look(request.params.handoffId);
      if (look === undefined) throw new PartnerProblem("handoff-unknown", request.params.handoffId);
      return handoffView(look);
    },
  );

  app.get(
    "/missions",
    {
      schema: {
        tags: [PARTNER_TAGS.traffic],
        operationId: "listMissions",
        summary: "Containers on their way over the line, as far as the sharing policy lets them be seen",
        response: { 200: Type.Array(PartnerMission), default: Problem },
      },
    },
    async () => missions().map((mission) => missionView(mission, policy)),
  );

  app.get(
    "/slots",
    {
      schema: {
        tags: [PARTNER_TAGS.traffic],
        operationId: "listSlots",
        summary: "Slots at the line that containers have, over the next two weeks unless told otherwise",
        querystring: Type.Object({
          fromMs: Type.Optional(Type.Integer({ minimum: 0 })),
          toMs: Type.Optional(Type.Integer({ minimum: 0 })),
        }),
        response: { 200: Type.Array(PartnerSlot), default: Problem },
      },
    },
    async (request) => {
      const { fromMs = clock.nowMs(), toMs = fromMs + HORIZON_MS } = request.query;
      return policy.shareMissionFields.includes("slot") ? [...slotsTaken(missions(), fromMs, toMs)] : [];
    },
  );

  app.get(
    "/calendars",
    {
      schema: {
        tags: [PARTNER_TAGS.traffic],
        operationId: "getCalendars",
        summary: "Opening hours of both sides, and when both are open over the next two weeks",
        response: { 200: PartnerCalendars, default: Problem },
      },
    },
    async (): Promise<PartnerCalendars> => ({
      sides: Object.fromEntries(
        calendars.map(({ side: each, ...hours }) => [
          each,
          { ...hours, openingHours: hours.openingHours.map((day) => ({ ...day })) },
        ]),
      ),
      joint: jointOpenings(
        calendars.map((each) => new Calendar(each.openingHours, each.utcOffsetMinutes)),
        clock.nowMs(),
      ),
    }),
  );
}

/** The opening that holds now or comes next, and those after it; a bound that is missing is no bound. */
function jointOpenings(calendars: readonly Calendar[], nowMs: number): PartnerCalendars["joint"] {
  const openings: PartnerCalendars["joint"] = [];
  for (let atMs = nowMs; atMs < nowMs + HORIZON_MS && openings.length < MAX_OPENINGS; ) {
    const opening = jointOpeningAt(calendars, atMs);
    if (opening === undefined) break;
    const { fromMs, toMs } = opening;
    openings.push({
      ...(Number.isFinite(fromMs) ? { fromMs } : {}),
      ...(Number.isFinite(toMs) ? { toMs } : {}),
    });
    atMs = toMs;
  }
  return openings;
}
