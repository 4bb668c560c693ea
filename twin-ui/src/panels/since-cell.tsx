import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import { durationText } from "../i18n/duration.ts";

/**
 * The site's clock for the cells of a list. Rows that were given it would all be made anew every second, with every text in them;
 * so only these cells are.
 */
export const SiteNow = createContext<number | undefined>(undefined);

/** How long ago it was; empty before anything was heard. */
export function SinceCell({ sinceMs }: { readonly sinceMs: number | undefined }) {
  const { t } = useTranslation();
  const nowMs = useContext(SiteNow);
  return (
    <td className="number">
      {nowMs === undefined || sinceMs === undefined ? "" : durationText(t, nowMs - sinceMs)}
    </td>
  );
}
