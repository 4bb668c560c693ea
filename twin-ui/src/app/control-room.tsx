import { useState } from "react";
import { AlarmsPanel } from "../panels/alarms-panel.tsx";
import { BorderlinePanel } from "../panels/borderline-panel.tsx";
import { GapNotice } from "../panels/gap-notice.tsx";
import { Header } from "../panels/header.tsx";
import { MissionsPanel } from "../panels/missions-panel.tsx";
import { ProposalsPanel } from "../panels/proposals-panel.tsx";
import { SceneTools } from "../panels/scene-tools.tsx";
import { VehiclePanel } from "../panels/vehicle-panel.tsx";
import { TwinScene } from "../scene/twin-scene.tsx";
import { type LiveTwin, LiveTwinContext } from "./live-twin.ts";
import { useShortcuts } from "./shortcuts.ts";

/** The main screen: the scene, and around it what an operator reads. */
export function ControlRoom({ live }: { readonly live: LiveTwin }) {
  const [missionsOpen, setMissionsOpen] = useState(true);
  useShortcuts(live);
  return (
    <LiveTwinContext value={live}>
      <div className="room" data-missions={missionsOpen ? "open" : "closed"}>
        <Header />
        <main className="room-scene">
          <TwinScene />
          <GapNotice />
          <SceneTools />
        </main>
        <aside className="room-side">
          <BorderlinePanel />
          <ProposalsPanel />
          <VehiclePanel />
          <AlarmsPanel />
        </aside>
        <MissionsPanel open={missionsOpen} onToggle={() => setMissionsOpen((open) => !open)} />
      </div>
    </LiveTwinContext>
  );
}
