import type { SiteView } from "@baton/orchestrator/contract";
import { createContext, useContext, useEffect, useReducer } from "react";
import { useStore } from "zustand";
import { Fleet } from "../feed/fleet.ts";
import { GroundUse } from "../feed/ground-use.ts";
import type { Deck } from "../feed/replay.ts";
import type { FeedMessage, FeedSource } from "../feed/source.ts";
import { YardWatch } from "../feed/yard-watch.ts";
import type { ViewSlot } from "../scene/camera/views.ts";
import type { TwinProbe } from "../scene/probe.ts";
import { keptLayers } from "../store/scene-layers.ts";
import { createSlowStore, type SlowStore, type SlowStoreApi } from "../store/slow-state.ts";
import { type Api, isMe, isRange } from "./api.ts";
import { createPlayback, type Playback } from "./playback.ts";

const GROUND_EVERY_MS = 1_000;

/** What panels may ask of the scene. */
export interface SceneCommands {
  goTo(slot: ViewSlot): void;
  keep(slot: ViewSlot): void;
  /** Brings a vehicle into view. */
  show(vehicleId: string): void;
  /** Brings several into view at once. */
  showAll(vehicleIds: readonly string[]): void;
  /** Looks at a place of the ground; site frame. */
  lookAt(xM: number, yM: number): void;
  /** Where the corners of the picture meet the ground. */
  footprint(): readonly { readonly xM: number; readonly yM: number }[];
  /** What is looked at now, as text. */
  viewText(): string;
  /** What drawing costs. */
  probe(): TwinProbe;
  /** Ties the camera to the selected vehicle, or lets go. */
  toggleFollow(): void;
}

/** One page's live world: the moving part, the slow part, and the scene's commands once there is a scene. */
export interface LiveTwin {
  readonly site: SiteView;
  readonly fleet: Fleet;
  /** Who has which ground; looked at once a second. */
  readonly groundUse: GroundUse;
  /** Who is in which place of the yards; looked at once a second. */
  readonly yard: YardWatch;
  readonly store: SlowStoreApi;
  readonly api: Api;
  /** Ends the session and asks who is there. */
  readonly signOut: () => void;
  /** Called after new poses; the scene draws then. */
  onPoses: () => void;
  commands: SceneCommands | undefined;
  /** Live, or another time. */
  playback: Playback | undefined;
}

/** Connects a feed to a new live world; the returned function ends both. */
export function startLiveTwin(
  site: SiteView,
  apiFor: (onRefused: () => void) => Api,
  sources: { readonly live: () => FeedSource; readonly decks: readonly Deck[] },
  signOut: () => void,
): { readonly live: LiveTwin; stop(): void } {
  const store = createSlowStore();
  // The picture stays, since the feed goes on: somebody may be in the middle of something. Acts wait for a new sign-in.
  const api = apiFor(() => store.getState().setMe(undefined, "refused"));
  const live: LiveTwin = {
    site,
    fleet: new Fleet(),
    groundUse: new GroundUse(site.roads),
    yard: new YardWatch(site.stations),
    store,
    api,
    signOut,
    onPoses: () => {},
    commands: undefined,
    playback: undefined,
  };
  void api.read("/me", isMe).then((me) => {
    if (me === undefined) return;
    store.getState().setMe(me);
    store.getState().setLayers(keptLayers(localStorage, me.name));
  });
  const roadOf: RoadOf = new Map(site.roads.map(({ edgeId }, i) => [edgeId, i]));
  const ground = setInterval(() => lookAtGround(live, roadOf), GROUND_EVERY_MS);
  const hear = (message: FeedMessage): void => {
    const nowMs = performance.now();
    if (message.kind === "poses") {
      live.fleet.onPoses(message.side, message.frame, nowMs);
      live.onPoses();
      return;
    }
    if (message.kind === "hold") live.fleet.hold(message.isHeld, nowMs);
    if (message.kind === "control") live.fleet.onControl(message.side, message.frame);
    live.store.getState().receive(message, nowMs);
  };
  live.playback = createPlayback({
    ...sources,
    range: () => api.read("/replay/range", isRange),
    onMessage: hear,
    onReplay: (replay) => live.store.getState().setReplay(replay),
  });
  const stop = (): void => {
    clearInterval(ground);
    live.playback?.stop();
  };
  return { live, stop };
}

function lookAtGround({ site, fleet, groundUse, yard, store }: LiveTwin, roadOf: RoadOf): void {
  const siteNowMs = fleet.siteNowMs(performance.now());
  if (siteNowMs === undefined) return;
  const { vehicles, sides } = store.getState();
  const placeOf = (vehicleId: string) => {
    const i = fleet.indexOf(vehicleId);
    return i === undefined ? undefined : { xM: fleet.poses.xM[i] ?? 0, yM: fleet.poses.yM[i] ?? 0 };
  };
  const endOf = (edgeId: string) => {
    const road = site.roads[roadOf.get(edgeId) ?? -1];
    return road === undefined ? undefined : { xM: road.xM.at(-1) ?? 0, yM: road.yM.at(-1) ?? 0 };
  };
  const closures = { vn: sides.vn.closures, cn: sides.cn.closures };
  groundUse.look({ vehicles, closures, placeOf }, siteNowMs);
  yard.look({ vehicles, placeOf, endOf }, siteNowMs);
}

/** Where a road is among the site's. */
type RoadOf = ReadonlyMap<string, number>;

export const LiveTwinContext = createContext<LiveTwin | undefined>(undefined);

export function useLive(): LiveTwin {
  const live = useContext(LiveTwinContext);
  if (live === undefined) throw new Error("useLive is for components inside the control room");
  return live;
}

/** A part of the slow state; renders again only when that part changes. */
export function useSlow<Part>(select: (state: SlowStore) => Part): Part {
  return useStore(useLive().store, select);
}

/** Renders again every second; gives the site's clock, undefined before the first frame. */
export function useSiteNowMs(): number | undefined {
  const live = useLive();
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(again, 1000);
    return () => clearInterval(timer);
  }, []);
  return live.fleet.siteNowMs(performance.now());
}

/** Selects a vehicle and brings it into view, from any list. */
export function useShowVehicle(): (vehicleId: string) => void {
  const live = useLive();
  return (vehicleId) => {
    live.store.getState().select(vehicleId);
    live.commands?.show(vehicleId);
  };
}
