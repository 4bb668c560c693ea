import { useTranslation } from "react-i18next";
import { useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";

/** Over the scene, when no feed delivers: what is drawn is old, and for how long it has been. */
export function GapNotice() {
  const { t } = useTranslation();
  const links = useSlow((state) => state.links);
  useSiteNowMs();
  // A side that shows us nothing is no gap, unless no side shows anything.
  const known = Object.values(links).filter((link) => link.state !== "refused");
  const lost = known.filter((link) => link.state === "lost");
  if (known.length === 0 || lost.length < known.length) return null;
  const sinceMs = Math.max(...lost.map((link) => link.sinceMs));
  return (
    <p data-over-scene className="gap-notice" role="status">
      {t("link.gap", { age: durationText(t, performance.now() - sinceMs) })}
    </p>
  );
}
