import type { AlarmView } from "@baton/orchestrator/contract";
import type { TFunction } from "i18next";
import { NAMED_SLOTS, OWN_SLOTS, VIEW_SLOTS, type ViewSlot } from "../scene/camera/views.ts";
import type { AlarmSound } from "../sound/alarm-sound.ts";
import { wallAddress } from "../wall/wall-view.ts";
import { keepLink } from "./keep-link.ts";
import type { LiveTwin } from "./live-twin.ts";
import type { Room } from "./room.ts";

export interface CommandPorts {
  readonly live: LiveTwin;
  readonly room: Room;
  readonly sound: AlarmSound;
}

/** What a key does in the whole page. The list is what `?` shows, and what the palette offers. */
export interface Command {
  readonly id: string;
  text(t: TFunction): string;
  /** As they are printed on keyboards. */
  readonly keys: readonly string[];
  /** Not asked while someone types. */
  isFor(key: KeyPress): boolean;
  run(ports: CommandPorts, key?: KeyPress): void;
  /** It means something only with its key. */
  readonly isKeyOnly?: boolean;
}

/** A key as the page hears it (`KeyboardEvent`). */
export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const isAlone = ({ shiftKey, ctrlKey, metaKey, altKey }: KeyPress): boolean =>
  !shiftKey && !ctrlKey && !metaKey && !altKey;
const letter = (code: string) => (press: KeyPress) => press.code === code && isAlone(press);
const slotOf = ({ code }: KeyPress): ViewSlot | undefined =>
  VIEW_SLOTS.find((slot) => code === `Digit${slot}`);

/** Opens the palette from anywhere, also while someone types. */
export const isPaletteKey = ({ code, ctrlKey, metaKey, altKey }: KeyPress): boolean =>
  code === "KeyK" && (ctrlKey || metaKey) && !altKey;

export const COMMANDS: readonly Command[] = [
  ...NAMED_SLOTS.map(
    (slot): Command => ({
      id: `view-${slot}`,
      text: (t) => t("command.view", { view: t(`view.${slot}`) }),
      keys: [String(slot)],
      isFor: letter(`Digit${slot}`),
      run: ({ live }) => live.commands?.goTo(slot),
    }),
  ),
  {
    id: "own-view",
    text: (t) => t("command.ownView"),
    keys: [`${OWN_SLOTS[0]}–${OWN_SLOTS.at(-1) ?? OWN_SLOTS[0]}`],
    isFor: (press) => isAlone(press) && OWN_SLOTS.some((slot) => slot === slotOf(press)),
    run({ live }, press) {
      const slot = press === undefined ? undefined : slotOf(press);
      if (slot !== undefined) live.commands?.goTo(slot);
    },
    isKeyOnly: true,
  },
  {
    id: "keep-view",
    text: (t) => t("command.keepView"),
    keys: ["Shift", `1–${VIEW_SLOTS.at(-1) ?? 1}`],
    isFor: (press) => press.shiftKey && isAlone({ ...press, shiftKey: false }) && slotOf(press) !== undefined,
    run({ live }, press) {
      const slot = press === undefined ? undefined : slotOf(press);
      if (slot !== undefined) live.commands?.keep(slot);
    },
    isKeyOnly: true,
  },
  {
    id: "follow",
    text: (t) => t("command.follow"),
    keys: ["F"],
    isFor: letter("KeyF"),
    run: ({ live }) => live.commands?.toggleFollow(),
  },
  {
    id: "alarm",
    text: (t) => t("command.alarm"),
    keys: ["A"],
    isFor: letter("KeyA"),
    run: ({ live }) => showMostUrgent(live),
  },
  {
    id: "replay",
    text: (t) => t("command.replay"),
    keys: ["R"],
    isFor: letter("KeyR"),
    run: ({ live }) => void live.playback?.replay(),
  },
  {
    id: "live",
    text: (t) => t("command.live"),
    keys: ["L"],
    isFor: letter("KeyL"),
    run: ({ live }) => live.playback?.live(),
  },
  {
    id: "mute",
    text: (t) => t("command.mute"),
    keys: ["M"],
    isFor: letter("KeyM"),
    run: ({ sound }) => sound.toggle(),
  },
  {
    id: "link",
    text: (t) => t("command.link"),
    keys: ["C"],
    isFor: letter("KeyC"),
    run: ({ live, room }) => keepLink(live, room),
  },
  {
    id: "hud",
    text: (t) => t("command.hud"),
    keys: ["P"],
    isFor: letter("KeyP"),
    run: ({ room }) => room.getState().toggleHud(),
  },
  {
    id: "wall",
    text: (t) => t("command.wall"),
    // It leaves the room: not for a key that is hit by chance.
    keys: ["Shift", "W"],
    isFor: (press) => press.code === "KeyW" && press.shiftKey && isAlone({ ...press, shiftKey: false }),
    run: () => location.assign(wallAddress(location.href)),
  },
  {
    id: "deselect",
    text: (t) => t("command.deselect"),
    keys: ["Esc"],
    isFor: letter("Escape"),
    run: ({ live }) => live.store.getState().select(undefined),
  },
  {
    id: "palette",
    text: (t) => t("command.palette"),
    keys: ["Ctrl", "K"],
    isFor: isPaletteKey,
    run: ({ room }) => room.getState().openDialog("palette"),
    isKeyOnly: true,
  },
  {
    id: "keys",
    text: (t) => t("command.keys"),
    keys: ["?"],
    // Where `?` lies differs from keyboard to keyboard: by its meaning, not by its place.
    isFor: ({ key, ctrlKey, metaKey }) => key === "?" && !ctrlKey && !metaKey,
    run: ({ room }) => room.getState().openDialog("keys"),
  },
];

/** Alarms are kept in the order of their urgency; one without a vehicle has nothing to show in the scene. */
export const mostUrgentVehicle = (alarms: readonly AlarmView[]): string | undefined =>
  alarms.find(
    (alarm) => alarm.vehicleId !== undefined && alarm.state !== "returned" && alarm.shelved === undefined,
  )?.vehicleId;

export function showMostUrgent({ store, commands }: LiveTwin): void {
  const { alarms, select } = store.getState();
  const vehicleId = mostUrgentVehicle(alarms);
  if (vehicleId === undefined) return;
  select(vehicleId);
  commands?.show(vehicleId);
}
