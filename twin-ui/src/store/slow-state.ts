import type { Side } from "@baton/maps";
import type {
  AlarmView,
  ClosureView,
  DeviceView,
  MeView,
  MissionView,
  ProposalView,
} from "@baton/orchestrator/contract";
import { createStore } from "zustand/vanilla";
import {
  applyControl,
  EMPTY_SIDE,
  type MergedVehicle,
  mergeAlarms,
  mergeMissions,
  mergeVehicles,
  type SideState,
} from "../feed/merge.ts";
import type { ReplayState } from "../feed/replay.ts";
import type { FeedMessage, LinkState } from "../feed/source.ts";
import { DEFAULT_LAYERS, type LayerChoice } from "./scene-layers.ts";

/** How one side's feed is, and since when (viewer's clock). */
export interface Link {
  readonly state: LinkState;
  readonly sinceMs: number;
}

/** Everything that changes now and then. Poses are not here: they change with every frame and live in `Fleet`. */
export interface SlowStore {
  readonly sides: Readonly<Record<Side, SideState>>;
  readonly links: Readonly<Partial<Record<Side, Link>>>;
  readonly speed: number;
  readonly vehicles: readonly MergedVehicle[];
  readonly missions: readonly MissionView[];
  readonly alarms: readonly AlarmView[];
  /** Closed ground of both sides; the same array as before while none of it changed. */
  readonly closures: readonly ClosureView[];
  /** Devices of both sides; the same array as before while none of them changed. */
  readonly devices: readonly DeviceView[];
  readonly selectedVehicleId: string | undefined;
  readonly hoveredVehicleId: string | undefined;
  readonly followedVehicleId: string | undefined;
  /** Numbers under which this viewer keeps views. */
  readonly keptViews: readonly number[];
  /** What this viewer wants to see in the scene. */
  readonly layers: LayerChoice;
  /** Layers of the scene that are drawn no more, since they threw. */
  readonly layerFaults: readonly { readonly layer: string; readonly message: string }[];
  /** Whose page this is; undefined until the orchestrator has said, or when it does not. */
  readonly me: MeView | undefined;
  /** The orchestrator does not know this account's token any more. */
  readonly isSessionOver: boolean;
  /** Acts on this side that wait for a second account. */
  readonly proposals: readonly ProposalView[];
  /** Which other time is shown; undefined while the feed is live. */
  readonly replay: (ReplayState & { readonly fromMs: number; readonly toMs: number }) | undefined;
  receive(message: FeedMessage, nowMs: number): void;
  select(vehicleId: string | undefined): void;
  hover(vehicleId: string | undefined): void;
  setFollowed(vehicleId: string | undefined): void;
  setKeptViews(slots: readonly number[]): void;
  setLayers(layers: LayerChoice): void;
  addLayerFault(fault: SlowStore["layerFaults"][number]): void;
  setMe(me: MeView | undefined, why?: "refused"): void;
  setProposals(proposals: readonly ProposalView[]): void;
  setReplay(replay: SlowStore["replay"]): void;
}

/** The slow state of a page; one a page, made by whoever starts the feed. */
export function createSlowStore() {
  return createStore<SlowStore>()((set, get) => ({
    sides: { vn: EMPTY_SIDE, cn: EMPTY_SIDE },
    links: {},
    speed: 1,
    vehicles: [],
    missions: [],
    alarms: [],
    closures: [],
    devices: [],
    selectedVehicleId: undefined,
    hoveredVehicleId: undefined,
    followedVehicleId: undefined,
    keptViews: [],
    layers: DEFAULT_LAYERS,
    layerFaults: [],
    me: undefined,
    isSessionOver: false,
    proposals: [],
    replay: undefined,
    receive(message, nowMs) {
      if (message.kind === "link") {
        // Every failed attempt says "lost" again: the gap has lasted since the first.
        if (get().links[message.side]?.state === message.state) return;
        set({ links: { ...get().links, [message.side]: { state: message.state, sinceMs: nowMs } } });
      } else if (message.kind === "control") {
        if (message.frame.kind === "hello") {
          set({ speed: message.frame.speed });
          return;
        }
        const sides = {
          ...get().sides,
          [message.side]: applyControl(get().sides[message.side], message.frame),
        };
        const before = get();
        const isSame = (part: keyof SideState): boolean =>
          sides[message.side][part] === before.sides[message.side][part];
        // What is the same array as before is not looked at again by whoever shows it.
        set({
          sides,
          vehicles: isSame("vehicles") ? before.vehicles : mergeVehicles(sides.vn, sides.cn),
          missions: isSame("missions") ? before.missions : mergeMissions(sides.vn, sides.cn),
          alarms: isSame("alarms") ? before.alarms : mergeAlarms(sides.vn, sides.cn),
          closures: isSame("closures") ? before.closures : [...sides.vn.closures, ...sides.cn.closures],
          devices: isSame("devices")
            ? before.devices
            : [...sides.vn.devices.values(), ...sides.cn.devices.values()],
        });
      }
    },
    select(vehicleId) {
      if (get().selectedVehicleId !== vehicleId) set({ selectedVehicleId: vehicleId });
    },
    hover(vehicleId) {
      if (get().hoveredVehicleId !== vehicleId) set({ hoveredVehicleId: vehicleId });
    },
    setKeptViews(keptViews) {
      set({ keptViews });
    },
    setLayers(layers) {
      set({ layers });
    },
    addLayerFault(fault) {
      set({ layerFaults: [...get().layerFaults.filter(({ layer }) => layer !== fault.layer), fault] });
    },
    setMe(me, why) {
      if (me === undefined && get().isSessionOver) return;
      set({ me, isSessionOver: why === "refused" });
    },
    setReplay(replay) {
      set({ replay });
    },
    setProposals(proposals) {
      if (proposals.length > 0 || get().proposals.length > 0) set({ proposals });
    },
    setFollowed(vehicleId) {
      if (get().followedVehicleId !== vehicleId) set({ followedVehicleId: vehicleId });
    },
  }));
}

export type SlowStoreApi = ReturnType<typeof createSlowStore>;
