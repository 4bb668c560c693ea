import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";

/**
 * In place of a list that comes by the feed and has nothing in it: what would stand there. While this side's feed is away nobody
 * knows whether there is anything, whatever the partner's says, and that is said instead.
 */
export function EmptyList({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const { site } = useLive();
  const isTold = useSlow(({ links, replay }) => replay !== undefined || links[site.side]?.state === "live");
  return <p className="panel-empty">{isTold ? text : t("empty.unfed")}</p>;
}
