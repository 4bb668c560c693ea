import { useTranslation } from "react-i18next";
import { mostUrgentVehicle, showMostUrgent } from "../app/commands.ts";
import { useLive, useSlow } from "../app/live-twin.ts";
import { NAMED_SLOTS, OWN_SLOTS, type ViewSlot } from "../scene/camera/views.ts";
import { wallAddress } from "../wall/wall-view.ts";
import { LayersMenu } from "./layers-menu.tsx";
import { Legend } from "./legend.tsx";
import { LinkButton } from "./link-button.tsx";
import { Minimap } from "./minimap.tsx";

/** Over the scene: views, layers, the small map, and what the signs on the ground mean. */
export function SceneTools() {
  const { t } = useTranslation();
  const live = useLive();
  const followed = useSlow((state) => state.followedVehicleId);
  const urgent = useSlow(({ alarms }) => mostUrgentVehicle(alarms));
  const kept = useSlow((state) => state.keptViews);
  const view = (slot: ViewSlot, name: string) => (
    <button key={slot} type="button" onClick={() => live.commands?.goTo(slot)}>
      <kbd>{slot}</kbd>
      {name}
    </button>
  );
  return (
    <>
      <div className="scene-tools">
        <div data-over-scene role="toolbar" aria-label={t("view.label")} title={t("view.hint")}>
          {NAMED_SLOTS.map((slot) => view(slot, t(`view.${slot}`)))}
          {OWN_SLOTS.filter((slot) => kept.includes(slot)).map((slot) => view(slot, t("view.own", { slot })))}
          <button
            type="button"
            aria-pressed={followed !== undefined}
            onClick={() => live.commands?.toggleFollow()}
          >
            <kbd>F</kbd>
            {t("view.follow")}
          </button>
          <button
            type="button"
            aria-disabled={urgent === undefined}
            title={urgent === undefined ? t("alarms.empty") : undefined}
            onClick={() => showMostUrgent(live)}
          >
            <kbd>A</kbd>
            {t("view.alarm")}
          </button>
        </div>
        <LayersMenu />
        <div data-over-scene>
          <LinkButton />
          <button
            type="button"
            title={t("command.wall")}
            onClick={() => location.assign(wallAddress(location.href))}
          >
            <kbd>⇧ W</kbd>
            {t("view.wall")}
          </button>
        </div>
      </div>
      <div className="scene-corner">
        <Minimap />
        <Legend />
      </div>
    </>
  );
}
