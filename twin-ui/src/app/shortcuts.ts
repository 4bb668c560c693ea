import { useEffect } from "react";
import { COMMANDS, type CommandPorts, isPaletteKey } from "./commands.ts";

/** The keys of the whole page. Not while someone types, nor while a dialog is open: a dialog has keys of its own. */
export function useShortcuts({ live, room, sound }: CommandPorts): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (room.getState().dialog !== undefined) return;
      if (isTyping(event.target) && !isPaletteKey(event)) return;
      const command = COMMANDS.find((each) => each.isFor(event));
      if (command === undefined) return;
      command.run({ live, room, sound }, event);
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [live, room, sound]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
