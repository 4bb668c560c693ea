import { createContext, useContext } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** What this page shows of itself; nothing here is the site's. */
export interface RoomState {
  /** The list that is open on the desk, by its name. */
  readonly deskTab: string;
  readonly isDeskOpen: boolean;
  readonly dialog: "keys" | "palette" | undefined;
  /** Acts that can be done at this moment, where they are on the page. */
  readonly acts: ReadonlyMap<string, OfferedAct>;
  readonly sound: SoundState;
  /** What drawing costs is shown over the scene. */
  readonly isHudShown: boolean;
  /** A link to what is shown was kept a moment ago. */
  readonly isLinkKept: boolean;
  showDesk(tab: string): void;
  toggleDesk(): void;
  openDialog(dialog: RoomState["dialog"]): void;
  /** Until the returned function is called. */
  offerAct(id: string, act: OfferedAct): () => void;
  setSound(sound: SoundState): void;
  toggleHud(): void;
  setLinkKept(isLinkKept: boolean): void;
}

export interface OfferedAct {
  readonly label: string;
  /** Whom it is about. */
  readonly about: string;
  /** As if pressed where it is. */
  press(): void;
}

/** `blocked`: browsers play nothing before somebody has pressed something on the page. Viewer's clock. */
export type SoundState =
  | { readonly kind: "on" }
  | { readonly kind: "blocked" }
  | { readonly kind: "muted"; readonly untilMs: number };

export function createRoom() {
  return createStore<RoomState>()((set, get) => ({
    deskTab: "missions",
    isDeskOpen: true,
    dialog: undefined,
    acts: new Map(),
    sound: { kind: "blocked" },
    isHudShown: false,
    isLinkKept: false,
    showDesk: (deskTab) => set({ deskTab, isDeskOpen: true }),
    toggleDesk: () => set({ isDeskOpen: !get().isDeskOpen }),
    openDialog: (dialog) => set({ dialog }),
    offerAct(id, act) {
      set({ acts: new Map(get().acts).set(id, act) });
      return () => {
        const acts = new Map(get().acts);
        acts.delete(id);
        set({ acts });
      };
    },
    setSound: (sound) => set({ sound }),
    toggleHud: () => set({ isHudShown: !get().isHudShown }),
    setLinkKept: (isLinkKept) => set({ isLinkKept }),
  }));
}

export type Room = ReturnType<typeof createRoom>;

export const RoomContext = createContext<Room | undefined>(undefined);

export function useRoomStore(): Room {
  const room = useContext(RoomContext);
  if (room === undefined) throw new Error("useRoom is for components inside the control room");
  return room;
}

/** A part of what the page shows of itself; renders again only when that part changes. */
export function useRoom<Part>(select: (state: RoomState) => Part): Part {
  return useStore(useRoomStore(), select);
}
