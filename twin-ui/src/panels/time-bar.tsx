import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { REPLAY_SPEEDS } from "../feed/replay.ts";
import { timeOfSide } from "../i18n/local-time.ts";

const STEP_BACK_MS = 30_000;
const SLIDER_STEP_MS = 1_000;

/** Live or another time: the badge says which, and what is not live cannot be mistaken for it. */
export function TimeBar() {
  const { t } = useTranslation();
  const live = useLive();
  const time = timeOfSide(live.site);
  const replay = useSlow((state) => state.replay);
  const links = useSlow((state) => state.links);
  if (replay === undefined) {
    return (
      <div data-over-scene className="time-bar">
        {Object.values(links).some(({ state }) => state === "live") ? (
          <span className="badge is-live">{t("replay.live")}</span>
        ) : null}
        <button type="button" onClick={() => void live.playback?.replay()}>
          <kbd>R</kbd> {t("replay.back")}
        </button>
      </div>
    );
  }
  const { atMs, fromMs, toMs, isPlaying, isLoading, speed } = replay;
  return (
    <section data-over-scene className="time-bar is-replay" aria-label={t("replay.label")}>
      <span className="badge is-replay">{t("replay.badge")}</span>
      <button
        type="button"
        aria-label={t("replay.stepBack")}
        onClick={() => void live.playback?.replay(atMs - STEP_BACK_MS)}
      >
        <Icon path="M8 3 3 8l5 5zM14 3 9 8l5 5z" />
      </button>
      <button
        type="button"
        aria-label={isPlaying ? t("replay.pause") : t("replay.play")}
        onClick={() => live.playback?.play(!isPlaying)}
      >
        <Icon path={isPlaying ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 3l9 5-9 5z"} />
      </button>
      <input
        type="range"
        min={fromMs}
        max={toMs}
        step={SLIDER_STEP_MS}
        value={onStep(atMs, fromMs)}
        aria-label={t("replay.moment")}
        aria-valuetext={`${time.date(atMs)} ${time.zone}`}
        onChange={(event) => void live.playback?.replay(Number(event.currentTarget.value))}
      />
      <output>{isLoading ? t("replay.loading") : `${time.date(atMs)} ${time.zone}`}</output>
      <select
        aria-label={t("replay.speed")}
        value={speed}
        onChange={(event) => live.playback?.setSpeed(Number(event.currentTarget.value))}
      >
        {REPLAY_SPEEDS.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
      <button type="button" className="to-live" onClick={() => live.playback?.live()}>
        <kbd>L</kbd> {t("replay.toLive")}
      </button>
    </section>
  );
}

/**
 * The step of the slider that a moment lies on. The browser would round too, and React takes the difference between what
 * it wrote and what it reads for a person's wish to go there.
 */
const onStep = (atMs: number, fromMs: number): number =>
  fromMs + Math.floor((atMs - fromMs) / SLIDER_STEP_MS) * SLIDER_STEP_MS;

function Icon({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 16 16" width="13" height="13" fill="currentColor" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
