import type { AlarmView } from "@baton/orchestrator/contract";

/** Each priority has a shape of its own: never colour alone. */
export const ALARM_SHAPES: Readonly<Record<AlarmView["priority"], string>> = {
  critical: "■",
  high: "▲",
  medium: "◆",
  low: "●",
};
