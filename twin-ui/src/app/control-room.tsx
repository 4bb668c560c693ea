import { useState } from "react";
import { AlarmsPanel } from "../panels/alarms-panel.tsx";
import { BorderlinePanel } from "../panels/borderline-panel.tsx";
import { Desk } from "../panels/desk.tsx";
import { GapNotice } from "../panels/gap-notice.tsx";
import { Header } from "../panels/header.tsx";
import { ProposalsPanel } from "../panels/proposals-panel.tsx";
import { SceneTools } from "../panels/scene-tools.tsx";
import { TimeBar } from "../panels/time-bar.tsx";
import { VehiclePanel } from "../panels/vehicle-panel.tsx";
import { TwinScene } from "../scene/twin-scene.tsx";
import { type LiveTwin, LiveTwinContext } from "./live-twin.ts";
import { useShortcuts } from "./shortcuts.ts";

/** The main screen: the scene, and around it what an operator reads. */
export function ControlRoom({ live }: { readonly live: LiveTwin }) {
  const [isDeskOpen, setDeskOpen] = useState(true);
  useShortcuts(live);
  return (
    <LiveTwinContext value={live}>
      <div className="room" data-desk={isDeskOpen ? "open" : "closed"}>
        <Header />
        <main className="room-scene">
          <TwinScene />
          <GapNotice />
          <TimeBar />
          <SceneTools />
        </main>
        <aside className="room-side">
          <BorderlinePanel />
          <ProposalsPanel />
          <VehiclePanel />
          <AlarmsPanel />
        </aside>
        <Desk isOpen={isDeskOpen} onToggle={() => setDeskOpen((isOpen) => !isOpen)} />
      </div>
    </LiveTwinContext>
  );
}
