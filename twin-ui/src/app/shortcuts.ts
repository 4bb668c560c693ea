import { useEffect } from "react";
import { VIEW_SLOTS } from "../scene/camera/views.ts";
import type { LiveTwin } from "./live-twin.ts";

/**
 * Keys of the whole page: 1-4 views (with Shift: keep), F follow, A the vehicle of the most urgent alarm, Escape lets go.
 * R five minutes ago, L live again. Not while someone types.
 */
export function useShortcuts(live: LiveTwin): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const slot = VIEW_SLOTS.find((each) => event.code === `Digit${each}`);
      if (slot !== undefined) {
        if (event.shiftKey) live.commands?.keep(slot);
        else live.commands?.goTo(slot);
      } else if (event.code === "KeyF") {
        live.commands?.toggleFollow();
      } else if (event.code === "KeyR") {
        void live.playback?.replay();
      } else if (event.code === "KeyL") {
        live.playback?.live();
      } else if (event.code === "KeyA") {
        showMostUrgent(live);
      } else if (event.code === "Escape") {
        live.store.getState().select(undefined);
      } else {
        return;
      }
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [live]);
}

/** Alarms are kept in the order of their urgency; one without a vehicle has nothing to show in the scene. */
function showMostUrgent({ store, commands }: LiveTwin): void {
  const { alarms, select } = store.getState();
  const vehicleId = alarms.find(
    (alarm) => alarm.vehicleId !== undefined && alarm.state !== "returned" && alarm.shelved === undefined,
  )?.vehicleId;
  if (vehicleId === undefined) return;
  select(vehicleId);
  commands?.show(vehicleId);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
