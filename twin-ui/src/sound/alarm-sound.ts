import type { LiveTwin } from "../app/live-twin.ts";
import type { Room } from "../app/room.ts";
import { AlarmBell } from "./alarm-bell.ts";
import { TonePlayer } from "./tone-player.ts";

export const MUTE_MINUTES = 5;
const LOOK_EVERY_MS = 500;

/** The alarms of this page's side, heard; a replay is silent. */
export interface AlarmSound {
  /** Mutes for a while, or ends that before its time. */
  toggle(): void;
  stop(): void;
}

/** Begins to listen; what it does shows in the room's state. */
export function startAlarmSound(live: LiveTwin, room: Room): AlarmSound {
  const bell = new AlarmBell();
  const player = new TonePlayer();

  const show = (): void => {
    const untilMs = bell.mutedUntilMs(performance.now());
    const before = room.getState().sound;
    const kind = untilMs !== undefined ? "muted" : player.isBlocked ? "blocked" : "on";
    if (kind === before.kind && (before.kind !== "muted" || before.untilMs === untilMs)) return;
    room
      .getState()
      .setSound(
        untilMs === undefined ? { kind: kind === "blocked" ? kind : "on" } : { kind: "muted", untilMs },
      );
  };
  const look = (): void => {
    const { alarms, replay } = live.store.getState();
    const own = replay === undefined ? alarms.filter(({ side }) => side === live.site.side) : [];
    const priority = bell.hear(own, performance.now());
    if (priority !== undefined) player.play(priority);
    show();
  };
  const unblock = (): void => void player.unblock().then(show);

  const timer = setInterval(look, LOOK_EVERY_MS);
  const unsubscribe = live.store.subscribe(look);
  addEventListener("pointerdown", unblock);
  addEventListener("keydown", unblock);
  look();

  return {
    toggle() {
      const nowMs = performance.now();
      if (bell.mutedUntilMs(nowMs) === undefined) bell.mute(nowMs + MUTE_MINUTES * 60_000);
      else bell.unmute();
      show();
    },
    stop() {
      clearInterval(timer);
      unsubscribe();
      removeEventListener("pointerdown", unblock);
      removeEventListener("keydown", unblock);
      player.close();
    },
  };
}
