import type { Side } from "@baton/maps";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type LiveTwin, LiveTwinContext, useLive, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { currentLanguage } from "../i18n/language.ts";
import { crossingsOf } from "../panels/crossings.ts";
import { GapNotice } from "../panels/gap-notice.tsx";
import { openingAt } from "../panels/opening.ts";
import { TwinScene } from "../scene/twin-scene.tsx";
import { WallAlarms } from "./wall-alarms.tsx";
import { wallLooksAt } from "./wall-view.ts";

const SIDES: readonly Side[] = ["vn", "cn"];
const LOOK_EVERY_MS = 1_000;

/**
 * The crossing for a room to look at: the scene, both sides, what crosses, what needs somebody. Nothing to press: it goes
 * round the site by itself, and turns to the vehicle of an urgent alarm. Letters are read from five metres off a screen of
 * 55 inches (20 minutes of arc, ISO 9241-303).
 */
export function WallRoom({ live }: { readonly live: LiveTwin }) {
  useTour(live);
  return (
    <LiveTwinContext value={live}>
      <div className="wall">
        <main className="wall-scene">
          <TwinScene />
          <GapNotice />
        </main>
        <WallHead />
        <div className="wall-foot">
          <WallFigures />
          <WallAlarms />
        </div>
      </div>
    </LiveTwinContext>
  );
}

function useTour(live: LiveTwin): void {
  useEffect(() => {
    let shown = "";
    const look = (): void => {
      const to = wallLooksAt(live.store.getState().alarms, performance.now());
      const key = JSON.stringify(to);
      if (key === shown || live.commands === undefined) return;
      // No pose has come for it yet: looked for again in a moment.
      if ("vehicleId" in to && live.fleet.indexOf(to.vehicleId) === undefined) return;
      shown = key;
      if ("slot" in to) {
        live.store.getState().select(undefined);
        live.commands.goTo(to.slot);
      } else {
        live.store.getState().select(to.vehicleId);
        live.commands.show(to.vehicleId);
      }
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [live]);
}

/** Both sides: the hour there, whether the feed and the partner answer, whether the border is open and for how long. */
function WallHead() {
  const { t } = useTranslation();
  const { site } = useLive();
  const isOver = useSlow((state) => state.isSessionOver);
  return (
    <header className="wall-head">
      <h1>{site.name[currentLanguage()]}</h1>
      {isOver ? <strong role="alert">{t("account.over")}</strong> : null}
      {SIDES.map((side) => (
        <WallSide key={side} side={side} />
      ))}
    </header>
  );
}

function WallSide({ side }: { readonly side: Side }) {
  const { t } = useTranslation();
  const { site } = useLive();
  const nowMs = useSiteNowMs();
  const link = useSlow((state) => state.links[side]);
  const partner = useSlow((state) => state.sides[side].borderline?.partner);
  const hours = (site.hours ?? []).find((each) => each.side === side);
  const opening = nowMs === undefined || hours === undefined ? undefined : openingAt(hours, nowMs);
  const time =
    nowMs === undefined || hours === undefined
      ? "--:--"
      : new Intl.DateTimeFormat("en-GB", {
          timeZone: hours.timeZone,
          hour: "2-digit",
          minute: "2-digit",
        }).format(nowMs);
  const isLive = link?.state === "live";
  const left =
    nowMs === undefined || opening?.untilMs === undefined ? "" : durationText(t, opening.untilMs - nowMs);
  return (
    <dl className="wall-side" data-state={link?.state ?? "connecting"}>
      <dt>
        {t(`side.${side}`)} <span className="number">{time}</span>
      </dt>
      <dd data-wrong={!isLive}>
        <span className="link-dot" aria-hidden="true" />
        {link === undefined
          ? t("link.connecting")
          : t(`link.${link.state}`, { age: durationText(t, performance.now() - link.sinceMs) })}
      </dd>
      {isLive ? (
        <dd data-wrong={partner === "silent"}>
          {t("wall.partner")}: {t(`borderline.${partner ?? "unknown"}`)}
        </dd>
      ) : null}
      {opening === undefined ? null : (
        <dd data-wrong={!opening.isOpen}>
          {t(opening.isOpen ? "hours.open" : "hours.closed")}
          {left === "" ? "" : ` · ${t(opening.isOpen ? "hours.closesIn" : "hours.opensIn", { left })}`}
        </dd>
      )}
    </dl>
  );
}

/** What crossed in the last hour, and how vehicles and missions are. */
function WallFigures() {
  const { t } = useTranslation();
  const { site } = useLive();
  const nowMs = useSiteNowMs();
  const missions = useSlow((state) => state.missions);
  const vehicles = useSlow((state) => state.vehicles);
  const crossed = nowMs === undefined ? undefined : crossingsOf(missions, nowMs);
  const target = site.targets?.[0]?.unmannedAnHourADirection;
  const asked = target === undefined ? undefined : `${target.from}–${target.to}`;
  const held = missions.filter(({ status }) => status === "held").length;
  const failed = vehicles.filter(
    ({ view }) => view.failed !== undefined || view.connection !== "online",
  ).length;
  const waiting = vehicles.filter(({ view }) => view.explanation !== undefined).length;
  const figures = [
    { text: "wall.exportHour", value: crossed?.exportLastHour ?? "–", of: asked, isWrong: false },
    { text: "wall.importHour", value: crossed?.importLastHour ?? "–", of: asked, isWrong: false },
    { text: "wall.waiting", value: waiting, of: String(vehicles.length), isWrong: false },
    { text: "wall.held", value: held, of: undefined, isWrong: held > 0 },
    { text: "wall.failed", value: failed, of: undefined, isWrong: failed > 0 },
  ] as const;
  return (
    <dl className="wall-figures">
      {figures.map(({ text, value, of, isWrong }) => (
        <div key={text} data-wrong={isWrong}>
          <dt>{t(text)}</dt>
          <dd>
            {isWrong ? "▲ " : ""}
            {value}
            {of === undefined ? null : <span className="dim"> / {of}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
