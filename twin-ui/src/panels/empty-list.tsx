import { useTranslation } from "react-i18next";
import { useSlow } from "../app/live-twin.ts";

/**
 * In place of a list that comes by the feed and has nothing in it: what would stand there. With no feed nobody knows whether there is
 * anything, which is said instead.
 */
export function EmptyList({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const isTold = useSlow(
    ({ links, replay }) => replay !== undefined || Object.values(links).some(({ state }) => state === "live"),
  );
  return <p className="panel-empty">{isTold ? text : t("empty.unfed")}</p>;
}
