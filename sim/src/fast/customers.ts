import type { Side } from "@baton/maps";
import type { MissionView, Rooms } from "@baton/orchestrator/rooms";
import type { Answer, ApiClient, Placed } from "../demand/api-client.ts";

/** The missions of a side that are not over, by id; kept by whoever hears of every change. */
export type OpenMissions = ReadonlyMap<string, MissionView>;

/** One side's counter for customers, while somebody is there, without HTTP between: what they ask for is asked of the missions themselves. */
export function customersOf(side: Side, roomsNow: () => Rooms | undefined, open: OpenMissions): ApiClient {
  const placed = async (
    ask: (missions: Rooms["missions"]) => ReturnType<Rooms["missions"]["place"]>,
  ): Promise<Answer<Placed>> => {
    const rooms = roomsNow();
    if (rooms === undefined) return { kind: "away", detail: `nobody is there on ${side}` };
    const outcome = await ask(rooms.missions);
    switch (outcome.kind) {
      case "created":
      case "exists":
        return {
          kind: "ok",
          value: { missionId: outcome.missionId, existed: outcome.kind === "exists" },
        };
      case "refused":
        return { kind: "refused", status: 409, code: outcome.code, detail: outcome.detail };
      default:
        return outcome satisfies never;
    }
  };
  return {
    placeOrder: (order) => placed((missions) => missions.place(order)),
    adopt: (request) => placed((missions) => missions.adopt({ ...request, account: `${side}-simulation` })),
    missions: async () => ({ kind: "ok", value: [...open.values()] }),
  };
}
