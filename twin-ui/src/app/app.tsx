import type { SiteView } from "@baton/orchestrator/contract";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { decksOf } from "../feed/decks.ts";
import type { FeedSource } from "../feed/source.ts";
import { currentToken, dropToken, keepToken } from "../feed/token.ts";
import { isBackFromProvider, tokenFromProvider } from "../sign-in/returning.ts";
import { closeSession } from "../sign-in/session-client.ts";
import { SignInPage } from "../sign-in/sign-in-page.tsx";
import { WallRoom } from "../wall/wall-room.tsx";
import { isWallAddress } from "../wall/wall-view.ts";
import { createApi } from "./api.ts";
import { ControlRoom } from "./control-room.tsx";
import { type LiveTwin, startLiveTwin } from "./live-twin.ts";
import { fetchSite, type SiteAnswer } from "./site-client.ts";

const RETRY_S = 3;

/** Makes the feed of a site; the page uses the worker, development may use a stand-in. */
export type SourceFor = (site: SiteView, token: string | undefined) => FeedSource;

/** Whom the identity provider sent back: not yet known, nobody, or whoever's token is kept. */
type Return = "under-way" | "refused" | "over";

/** The page: asks for the site, for somebody to sign in if that is refused, then shows the control room. */
export function App({ sourceFor }: { readonly sourceFor: SourceFor }) {
  const { t } = useTranslation();
  const [back, setBack] = useState<Return>(() => (isBackFromProvider() ? "under-way" : "over"));
  const [token, setToken] = useState(currentToken);
  const [answer, setAnswer] = useState<SiteAnswer | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  const [live, setLive] = useState<LiveTwin | undefined>(undefined);

  useEffect(() => {
    // An answer can be redeemed once: asked of the address, which does not have it any more afterwards.
    if (!isBackFromProvider()) return;
    void tokenFromProvider().then((found) => {
      if (found !== undefined) {
        keepToken(found);
        setToken(found);
      }
      setBack(found === undefined ? "refused" : "over");
    });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` is what asks again.
  useEffect(() => {
    if (back === "under-way") return;
    let current = true;
    void fetchSite(token, location.href).then((result) => {
      if (current) setAnswer(result);
    });
    return () => {
      current = false;
    };
  }, [token, attempt, back]);

  useEffect(() => {
    if (answer?.kind !== "unreachable") return;
    const timer = setTimeout(() => setAttempt((n) => n + 1), RETRY_S * 1000);
    return () => clearTimeout(timer);
  }, [answer]);

  useEffect(() => {
    if (answer?.kind !== "site") return;
    const { site } = answer;
    const signOut = async (): Promise<void> => {
      if (token !== undefined) await closeSession(token, location.href);
      dropToken();
      setAnswer(undefined);
      setToken(undefined);
      setAttempt((n) => n + 1);
    };
    const started = startLiveTwin(
      site,
      (onRefused) => createApi(token, location.href, onRefused),
      {
        live: () => sourceFor(site, token),
        decks: decksOf(site, token, location.href),
      },
      () => void signOut(),
    );
    setLive(started.live);
    return () => {
      started.stop();
      setLive(undefined);
    };
  }, [answer, token, sourceFor]);

  if (live !== undefined)
    return isWallAddress(location.href) ? <WallRoom live={live} /> : <ControlRoom live={live} />;
  if (answer?.kind === "login") {
    return (
      <SignInPage
        trouble={answer.refused ? "token-refused" : back === "refused" ? "provider-refused" : undefined}
        onToken={(entered) => {
          keepToken(entered);
          setToken(entered);
          setAttempt((n) => n + 1);
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
