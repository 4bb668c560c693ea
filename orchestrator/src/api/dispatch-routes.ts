import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { WaitingReasonsView } from "../contract/index.ts";
import { permissionOf } from "./permission.ts";
import type { ServerOptions } from "./server-options.ts";

/** What dispatch decides, and why it does not. */
export function dispatchRoutes({
  desk,
  accounts,
}: Pick<ServerOptions, "desk" | "accounts">): FastifyPluginAsyncTypebox {
  const allow = permissionOf(accounts);
  return async (app) => {
    app.get(
      "/dispatch/reasons",
      {
        schema: {
          tags: ["read"],
          summary: "Why missions and vehicles are not on their way, as of the last round of dispatch",
          response: { 200: WaitingReasonsView },
        },
      },
      async (request) => {
        allow(request, "site:read");
        return desk.whyNotDispatched();
      },
    );
  };
}
