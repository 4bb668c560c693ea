import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { keepLayers, SCENE_LAYERS } from "../store/scene-layers.ts";

/** Which parts of the scene are shown, kept for this account in this browser; and parts that could not be drawn. */
export function LayersMenu() {
  const { t } = useTranslation();
  const { store } = useLive();
  const layers = useSlow((state) => state.layers);
  const account = useSlow((state) => state.me?.name ?? "");
  const faults = useSlow((state) => state.layerFaults);
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!isOpen) return;
    const onDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    addEventListener("pointerdown", onDown);
    return () => removeEventListener("pointerdown", onDown);
  }, [isOpen]);

  return (
    <div
      ref={root}
      data-over-scene
      className="layers"
      role="toolbar"
      aria-label={t("layers.title")}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
      }}
    >
      <button
        className="layers-button"
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen((open) => !open)}
      >
        {faults.length > 0 ? "▲ " : ""}
        {t("layers.title")}
      </button>
      <fieldset data-over-scene id={id} hidden={!isOpen}>
        <legend className="visually-hidden">{t("layers.title")}</legend>
        {SCENE_LAYERS.map((layer) => (
          <label key={layer}>
            <input
              type="checkbox"
              checked={layers[layer]}
              onChange={(event) => {
                const choice = { ...layers, [layer]: event.currentTarget.checked };
                store.getState().setLayers(choice);
                keepLayers(localStorage, account, choice);
              }}
            />
            {t(`layers.${layer}`)}
          </label>
        ))}
        <p className="dim">{t("layers.always")}</p>
        {faults.map(({ layer, message }) => (
          <p key={layer} className="layer-fault">
            ▲ {t("layers.fault", { layer, message })}
          </p>
        ))}
      </fieldset>
    </div>
  );
}
