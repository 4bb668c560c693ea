import { useEffect, useReducer } from "react";
import { useTranslation } from "react-i18next";
import { useRoom } from "../app/room.ts";
import { durationText } from "../i18n/duration.ts";
import { MUTE_MINUTES } from "../sound/alarm-sound.ts";

/** Whether alarms are heard; muted it says for how long, and ends by itself. */
export function SoundSwitch({ onToggle }: { readonly onToggle: () => void }) {
  const { t } = useTranslation();
  const sound = useRoom((state) => state.sound);
  const [, again] = useReducer((n: number) => n + 1, 0);
  const isMuted = sound.kind === "muted";
  useEffect(() => {
    if (!isMuted) return;
    const timer = setInterval(again, 1000);
    return () => clearInterval(timer);
  }, [isMuted]);
  const text =
    sound.kind === "muted"
      ? t("sound.muted", { left: durationText(t, Math.max(0, sound.untilMs - performance.now())) })
      : t(`sound.${sound.kind}`);
  return (
    <button
      type="button"
      className="act-button sound"
      data-state={sound.kind}
      aria-pressed={isMuted}
      title={isMuted ? t("sound.unmute") : t("sound.mute", { minutes: MUTE_MINUTES })}
      onClick={onToggle}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" fill="currentColor" aria-hidden="true">
        <path d="M2 6h3l4-3.5v11L5 10H2z" />
        {sound.kind === "on" ? (
          <path
            d="M11 5.2a4 4 0 0 1 0 5.6M12.8 3.4a6.5 6.5 0 0 1 0 9.2"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.3"
          />
        ) : (
          <path d="M11 6l4 4M15 6l-4 4" fill="none" stroke="currentColor" strokeWidth="1.3" />
        )}
      </svg>
      {text}
    </button>
  );
}
