import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { VIEW_SLOTS } from "../scene/camera/views.ts";

/** Buttons for what the keys do in the scene, and what the ribbons mean. */
export function SceneTools() {
  const { t } = useTranslation();
  const live = useLive();
  const followed = useSlow((state) => state.followedVehicleId);
  const anyClosed = useSlow((state) => state.closures.length > 0);
  return (
    <>
      <div className="scene-tools" role="toolbar" aria-label={t("view.label")} title={t("view.hint")}>
        {VIEW_SLOTS.map((slot) => (
          <button key={slot} type="button" onClick={() => live.commands?.goTo(slot)}>
            <kbd>{slot}</kbd>
            {t(`view.${slot}`)}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={followed !== undefined}
          onClick={() => live.commands?.toggleFollow()}
        >
          <kbd>F</kbd>
          {t("view.follow")}
        </button>
        <span className="scene-hint">
          <kbd>A</kbd>
          {t("view.alarm")}
        </span>
      </div>
      <ul className="legend" aria-label={t("legend.label")}>
        <li>
          <span className="legend-line" aria-hidden="true" />
          {t("legend.granted")}
        </li>
        <li>
          <span className="legend-line is-dashed" aria-hidden="true" />
          {t("legend.planned")}
        </li>
        {anyClosed ? (
          <li>
            <span className="legend-line is-closed" aria-hidden="true" />
            {t("legend.closed")}
          </li>
        ) : null}
      </ul>
    </>
  );
}
