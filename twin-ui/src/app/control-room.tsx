import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { KeysDialog } from "../palette/keys-dialog.tsx";
import { PaletteDialog } from "../palette/palette-dialog.tsx";
import { AlarmsPanel } from "../panels/alarms-panel.tsx";
import { BorderlinePanel } from "../panels/borderline-panel.tsx";
import { DESK_TABS, Desk } from "../panels/desk.tsx";
import { GapNotice } from "../panels/gap-notice.tsx";
import { Header } from "../panels/header.tsx";
import { PerformanceHud } from "../panels/performance-hud.tsx";
import { ProposalsPanel } from "../panels/proposals-panel.tsx";
import { SceneTools } from "../panels/scene-tools.tsx";
import { TimeBar } from "../panels/time-bar.tsx";
import { VehiclePanel } from "../panels/vehicle-panel.tsx";
import { TwinScene } from "../scene/twin-scene.tsx";
import { type AlarmSound, startAlarmSound } from "../sound/alarm-sound.ts";
import { type LiveTwin, LiveTwinContext } from "./live-twin.ts";
import { sightIn } from "./permalink.ts";
import { createRoom, type Room, RoomContext } from "./room.ts";
import { useShortcuts } from "./shortcuts.ts";

/** The main screen: the scene, and around it what an operator reads. */
export function ControlRoom({ live }: { readonly live: LiveTwin }) {
  const [room] = useState(createRoom);
  const isDeskOpen = useStore(room, (state) => state.isDeskOpen);
  const sound = useAlarmSound(live, room);
  useLinkedSight(live);
  return (
    <LiveTwinContext value={live}>
      <RoomContext value={room}>
        <div className="room" data-desk={isDeskOpen ? "open" : "closed"}>
          <Header onSound={() => sound?.toggle()} />
          <main className="room-scene">
            <TwinScene />
            <GapNotice />
            <TimeBar />
            <PerformanceHud />
            <SceneTools />
          </main>
          <aside className="room-side">
            <BorderlinePanel />
            <ProposalsPanel />
            <VehiclePanel />
            <AlarmsPanel />
          </aside>
          <Desk />
        </div>
        {sound === undefined ? null : <Keyboard live={live} room={room} sound={sound} />}
      </RoomContext>
    </LiveTwinContext>
  );
}

/** Who came by a link sees what it is about: the vehicle, and the moment when that is not now. The scene takes the view. */
function useLinkedSight(live: LiveTwin): void {
  useEffect(() => {
    const { vehicleId, atMs } = sightIn(location.href);
    if (vehicleId !== undefined) live.store.getState().select(vehicleId);
    if (atMs !== undefined) void live.playback?.replay(atMs);
  }, [live]);
}

function useAlarmSound(live: LiveTwin, room: Room): AlarmSound | undefined {
  const [sound, setSound] = useState<AlarmSound | undefined>(undefined);
  useEffect(() => {
    const started = startAlarmSound(live, room);
    setSound(started);
    return () => started.stop();
  }, [live, room]);
  return sound;
}

/** The page's keys, and the dialogs that they open. */
function Keyboard({
  live,
  room,
  sound,
}: {
  readonly live: LiveTwin;
  readonly room: Room;
  readonly sound: AlarmSound;
}) {
  useShortcuts({ live, room, sound });
  const dialog = useStore(room, (state) => state.dialog);
  if (dialog === "keys") return <KeysDialog />;
  return dialog === "palette" ? <PaletteDialog ports={{ live, room, sound }} lists={DESK_TABS} /> : null;
}
