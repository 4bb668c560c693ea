import type { Side } from "@baton/maps";
import type { MissionView, Rooms } from "@baton/orchestrator/rooms";
import type { Answer, ApiClient, Placed } from "../demand/api-client.ts";

/** The missions of a side that are not over, by id; kept by whoever hears of every change. */
export type OpenMissions = ReadonlyMap<string, MissionView>;

/** One side's counter for customers, without HTTP between: what they ask for is asked of the missions themselves. */
export function customersOf(side: Side, rooms: Rooms, open: OpenMissions): ApiClient {
  const placed = async (asked: ReturnType<Rooms["missions"]["place"]>): Promise<Answer<Placed>> => {
    const outcome = await asked;
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
    placeOrder: (order) => placed(rooms.missions.place(order)),
    adopt: (request) => placed(rooms.missions.adopt({ ...request, account: `${side}-simulation` })),
    missions: async () => ({ kind: "ok", value: [...open.values()] }),
  };
}
