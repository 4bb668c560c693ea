import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import type { Tape } from "../tape/tape.ts";
import { Problem, ProblemError } from "./problems.ts";
import type { RouteRooms } from "./route-rooms.ts";

/** What viewers were shown at any time that is still kept. */
export function replayRoutes(
  { senders }: Pick<RouteRooms, "senders">,
  tape: Tape | undefined,
): FastifyPluginAsyncTypebox {
  return async (app) => {
    const read = { tags: ["read"] };

    app.get(
      "/replay/range",
      {
        schema: {
          ...read,
          summary: "From when to when there is something to replay",
          response: { 200: Type.Object({ fromMs: Type.Number(), toMs: Type.Number() }), 404: Problem },
        },
      },
      async (request) => {
        senders.allow(request, "site:read");
        const range = await tape?.range();
        if (range === undefined) throw new ProblemError("replay.nothing", "nothing is on tape");
        return range;
      },
    );

    app.get(
      "/replay",
      {
        schema: {
          ...read,
          summary:
            "The feed as it was, from the last snapshot before `fromMs`; fifteen minutes at most. Entries: f64 atMs, u32 length, the message; little-endian",
          querystring: Type.Object({
            fromMs: Type.Number({ minimum: 0 }),
            toMs: Type.Number({ minimum: 0 }),
            token: Type.Optional(Type.String()),
          }),
          produces: ["application/octet-stream"],
          response: { 200: Type.Unknown(), 404: Problem },
        },
      },
      async (request, reply) => {
        senders.allow(request, "site:read");
        if (tape === undefined) throw new ProblemError("replay.nothing", "nothing is on tape");
        const bytes = await tape.read(request.query.fromMs, request.query.toMs);
        if (bytes.byteLength === 0)
          throw new ProblemError("replay.nothing", "nothing is on tape of that time");
        return reply.type("application/octet-stream").send(bytes);
      },
    );
  };
}
