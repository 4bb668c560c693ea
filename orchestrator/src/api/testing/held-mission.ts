import type { MissionView } from "../../contract/index.ts";

/** A mission that is held, of which people may say what a test says. */
export const heldMission: MissionView = {
  missionId: "m-1",
  orderId: "o-1",
  side: "vn",
  direction: "export",
  bound: "outbound",
  step: "identify",
  stepSinceMs: 0,
  status: "held",
  steps: ["identify"],
  timeline: [],
};
