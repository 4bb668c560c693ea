import type { Side } from "@baton/maps";
import { useTranslation } from "react-i18next";
import { useLive, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { currentLanguage } from "../i18n/language.ts";
import { LanguageSwitch } from "./language-switch.tsx";
import { SoundSwitch } from "./sound-switch.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

const SIDES: readonly Side[] = ["vn", "cn"];
const CLOCKS = [
  { key: "clock.hanoi", timeZone: "Asia/Ho_Chi_Minh" },
  { key: "clock.beijing", timeZone: "Asia/Shanghai" },
  { key: "clock.utc", timeZone: "UTC" },
] as const;

/** Name of the site, state of both feeds, three clocks, language and theme. */
export function Header({ onSound }: { readonly onSound: () => void }) {
  const { t } = useTranslation();
  const { site } = useLive();
  return (
    <header className="room-header">
      <div className="brand">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <rect x="3" y="12.5" width="26" height="7" rx="2" fill="currentColor" opacity="0.92" />
          <rect x="15" y="3" width="2" height="26" fill="currentColor" opacity="0.5" />
        </svg>
        <div>
          <h1>{t("app.name")}</h1>
          <p>{site.name[currentLanguage()]}</p>
        </div>
      </div>
      <Links />
      <Clocks />
      <div className="header-tools">
        <SoundSwitch onToggle={onSound} />
        <Account />
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** Who is signed in, in which role. A session that is over says so, since acts wait for a new one. */
function Account() {
  const { t } = useTranslation();
  const { signOut } = useLive();
  const me = useSlow((state) => state.me);
  const isOver = useSlow((state) => state.isSessionOver);
  if (me === undefined && !isOver) return null;
  return (
    <div className="account">
      {me === undefined ? (
        <strong role="alert">{t("account.over")}</strong>
      ) : (
        <p>
          <strong>{me.name}</strong>
          <span className="dim">{t(`role.${me.role}`)}</span>
        </p>
      )}
      <button type="button" className="act-button" onClick={signOut}>
        {t(me === undefined ? "account.signIn" : "account.signOut")}
      </button>
    </div>
  );
}

function Links() {
  const { t } = useTranslation();
  const links = useSlow((state) => state.links);
  const isReplay = useSlow((state) => state.replay !== undefined);
  useSiteNowMs();
  return (
    <ul className="links" aria-label={t("link.label")}>
      {SIDES.map((side) => {
        const link = links[side];
        if (link === undefined) return null;
        const age = durationText(t, performance.now() - link.sinceMs);
        const shown = link.state === "lost" ? t("replay.none") : t("replay.badge");
        return (
          <li key={side} data-state={isReplay && link.state !== "lost" ? "connecting" : link.state}>
            <span className="link-dot" aria-hidden="true" />
            <span>{t(`side.${side}`)}</span>
            <span className="dim">{isReplay ? shown : t(`link.${link.state}`, { age })}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Clocks() {
  const { t } = useTranslation();
  const nowMs = useSiteNowMs();
  const speed = useSlow((state) => state.speed);
  return (
    <dl className="clocks" aria-label={t("clock.label")}>
      {CLOCKS.map(({ key, timeZone }) => (
        <div key={key}>
          <dt>{t(key)}</dt>
          <dd>{nowMs === undefined ? "--:--:--" : clockText(nowMs, timeZone)}</dd>
        </div>
      ))}
      {speed === 1 ? null : (
        <div>
          <dt>&nbsp;</dt>
          <dd className="dim">{t("clock.speed", { speed })}</dd>
        </div>
      )}
    </dl>
  );
}

function clockText(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(atMs);
}
