import type { SiteView } from "@baton/orchestrator/contract";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { decksOf } from "../feed/decks.ts";
import type { FeedSource } from "../feed/source.ts";
import { currentToken, keepToken } from "../feed/token.ts";
import { createApi } from "./api.ts";
import { ControlRoom } from "./control-room.tsx";
import { type LiveTwin, startLiveTwin } from "./live-twin.ts";
import { LoginBox } from "./login-box.tsx";
import { fetchSite, type SiteAnswer } from "./site-client.ts";

const RETRY_S = 3;

/** Makes the feed of a site; the page uses the worker, development may use a stand-in. */
export type SourceFor = (site: SiteView, token: string | undefined) => FeedSource;

/** The page: asks for the site, for a token if that is refused, then shows the control room. */
export function App({ sourceFor }: { readonly sourceFor: SourceFor }) {
  const { t } = useTranslation();
  const [token, setToken] = useState(currentToken);
  const [answer, setAnswer] = useState<SiteAnswer | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  const [live, setLive] = useState<LiveTwin | undefined>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is what asks again.
  useEffect(() => {
    let current = true;
    void fetchSite(token, location.href).then((result) => {
      if (current) setAnswer(result);
    });
    return () => {
      current = false;
    };
  }, [token, attempt]);

  useEffect(() => {
    if (answer?.kind !== "unreachable") return;
    const timer = setTimeout(() => setAttempt((n) => n + 1), RETRY_S * 1000);
    return () => clearTimeout(timer);
  }, [answer]);

  useEffect(() => {
    if (answer?.kind !== "site") return;
    const { site } = answer;
    const started = startLiveTwin(site, createApi(token, location.href), {
      live: () => sourceFor(site, token),
      decks: decksOf(site, token, location.href),
    });
    setLive(started.live);
    return () => {
      started.stop();
      setLive(undefined);
    };
  }, [answer, token, sourceFor]);

  if (live !== undefined) return <ControlRoom live={live} />;
  if (answer?.kind === "login") {
    return (
      <LoginBox
        refused={answer.refused}
        onToken={(entered) => {
          keepToken(entered);
          setToken(entered);
        }}
      />
    );
  }
  return (
    <main className="notice" aria-live="polite">
      <p>
        {answer?.kind === "unreachable"
          ? t("app.unreachable", { seconds: RETRY_S })
          : answer?.kind === "malformed"
            ? t("app.malformed")
            : t("app.loading")}
      </p>
    </main>
  );
}
