import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { createFourEyes } from "../accounts/four-eyes.ts";
import { identifier } from "../accounts/identify.ts";
import { createGuessGuard, createSessions } from "../accounts/sessions.ts";
import { accountRoutes } from "./account-routes.ts";
import { type CarryOut, createActs } from "./acts.ts";
import { alarmRoutes } from "./alarm-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { byHandRoutes } from "./by-hand-routes.ts";
import { groundRoutes } from "./ground-routes.ts";
import { handoffRoutes } from "./handoff-routes.ts";
import { missionRoutes } from "./mission-routes.ts";
import { orderRoutes } from "./order-routes.ts";
import { partnerAdminRoutes } from "./partner-admin-routes.ts";
import { createSenders } from "./permission.ts";
import { readRoutes } from "./read-routes.ts";
import { replayRoutes } from "./replay-routes.ts";
import type { ServerOptions } from "./server-options.ts";
import { stationRoutes } from "./station-routes.ts";
import { vehicleRoutes } from "./vehicle-routes.ts";
import { viewerSocket } from "./viewer-socket.ts";
import { wordRoutes } from "./word-routes.ts";

/** The routes for people and customers of this side, each behind the permission of a named account. */
export function controlRoutes(options: ServerOptions): FastifyPluginAsyncTypebox {
  const { desk, accounts, audit, nowMs, nextId, newToken, provider } = options;
  const sessions = createSessions({ nowMs, newToken });
  const senders = createSenders(identifier({ accounts, sessions, provider: provider?.identities }));
  const fourEyes = createFourEyes<CarryOut>({ nowMs, nextId });
  const acts = createActs({ senders, audit, fourEyes });
  const rooms = { desk, accounts, audit, senders, acts, fourEyes };

  return async (app) => {
    app.addHook("onRequest", (request) => senders.identify(request));

    await app.register(readRoutes(rooms));
    await app.register(orderRoutes(rooms));
    await app.register(missionRoutes(rooms));
    await app.register(byHandRoutes(rooms));
    await app.register(wordRoutes(rooms));
    await app.register(handoffRoutes(rooms));
    await app.register(vehicleRoutes(rooms));
    await app.register(groundRoutes(rooms));
    await app.register(stationRoutes(rooms));
    await app.register(alarmRoutes(rooms));
    await app.register(replayRoutes(rooms, options.tape));
    await app.register(partnerAdminRoutes(rooms, options.partnerKeys, options.partnerDeliveries));
    await app.register(auditRoutes({ ...rooms, nowMs }));
    await app.register(
      accountRoutes(rooms, { sessions, guesses: createGuessGuard(nowMs), provider: provider?.shown }),
    );

    app.get("/feed", { websocket: true, schema: { hide: true } }, (socket, request) => {
      try {
        senders.allow(request, "site:read");
      } catch {
        socket.close(4401, "no valid access token");
        return;
      }
      const leave = options.hub.join(viewerSocket(socket), options.greeting());
      socket.on("close", leave);
      socket.on("error", leave);
    });
  };
}
