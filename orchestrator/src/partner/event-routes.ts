import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
import Type from "typebox";
import { PARTNER_TAGS, PartnerProblem } from "../handoff/partner-routes.ts";
import { Problem } from "../handoff/problems.ts";
import type { PartnerApiOptions } from "./api-options.ts";
import { EpcisDocument, epcisDocument, epcisEventOf } from "./epcis.ts";
import { CloudEvent, sequenceOf } from "./event.ts";
import { EventStreams } from "./sse.ts";

const Query = Type.Object({
  /** The last sequence number that is known already; 0 for the oldest that is kept. */
  since: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
});
const DEFAULT_COUNT = 100;

/** The event log, to be pulled page by page or as a stream that can be taken up again. */
export function eventRoutes(
  scope: FastifyInstance,
  { side, site, clock, log, feed, logger }: PartnerApiOptions,
): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const streams = new EventStreams({ log, feed, logger });
  scope.addHook("onClose", async () => streams.close());
  const place = { side, siteId: site.siteId, utcOffsetMinutes: site.file.sides[side].utcOffsetMinutes };

  /** Where a reader goes on. Throws `events-gone` when what comes next is not kept any more: a gap is never silent. */
  const cursorOf = async (request: FastifyRequest, since: number | undefined): Promise<number> => {
    const header = Number(request.headers["last-event-id"] ?? Number.NaN);
    const cursor = Number.isInteger(header) && header >= 0 ? header : since;
    const { first } = await log.extent();
    if (cursor === undefined || cursor === 0) return first - 1;
    if (cursor < first - 1) throw new PartnerProblem("events-gone", `the oldest that is kept is ${first}`);
    return cursor;
  };
  const wantsStream = (request: FastifyRequest): boolean =>
    request.headers.accept?.includes("text/event-stream") === true;

  app.get(
    "/events",
    {
      schema: {
        tags: [PARTNER_TAGS.events],
        operationId: "listEvents",
        summary:
          "Events after a sequence number, as a page or, with `Accept: text/event-stream`, as a stream",
        description:
          "CloudEvents 1.0. The extension `sequence` has no gaps. A stream sends each event with its sequence number as id and " +
          "goes on where `since` or `Last-Event-ID` says; a number so old that its successors are gone is answered with `events-gone`.",
        querystring: Query,
        produces: ["application/json", "text/event-stream"],
        response: { 200: Type.Array(CloudEvent), default: Problem },
      },
    },
    async (request, reply): Promise<CloudEvent[] | undefined> => {
      const cursor = await cursorOf(request, request.query.since);
      if (wantsStream(request)) {
        streams.open(reply, cursor, (event) => event);
        return undefined;
      }
      return [...(await log.after(cursor, request.query.count ?? DEFAULT_COUNT))];
    },
  );

  app.get(
    "/epcis/events",
    {
      schema: {
        tags: [PARTNER_TAGS.events],
        operationId: "listEpcisEvents",
        summary:
          "What containers went through, as EPCIS 2.0 events in JSON-LD: a document, or a stream of events",
        description:
          "The same log as `/events` in the words of GS1 EPCIS 2.0: ObjectEvent, AssociationEvent (container and vehicle), " +
          "TransactionEvent (a hand-off that both sides signed). `Baton-Last-Sequence` says where to go on with `since`.",
        querystring: Query,
        produces: ["application/json", "text/event-stream"],
        response: { 200: EpcisDocument, default: Problem },
      },
    },
    async (request, reply) => {
      const cursor = await cursorOf(request, request.query.since);
      if (wantsStream(request)) {
        streams.open(reply, cursor, (event) => epcisEventOf(event, place));
        return undefined;
      }
      const events = await log.after(cursor, request.query.count ?? DEFAULT_COUNT);
      const last = events.at(-1);
      reply.header("baton-last-sequence", String(last === undefined ? cursor : sequenceOf(last)));
      return epcisDocument(
        events.flatMap((event) => epcisEventOf(event, place) ?? []),
        clock.nowMs(),
      );
    },
  );
}
