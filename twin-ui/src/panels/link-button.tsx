import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { keepLink } from "../app/keep-link.ts";
import { useLive } from "../app/live-twin.ts";
import { useRoom, useRoomStore } from "../app/room.ts";

const SAID_FOR_MS = 3_000;

/** A link to what is shown now: copied, and in the page's address. */
export function LinkButton() {
  const { t } = useTranslation();
  const live = useLive();
  const room = useRoomStore();
  const isKept = useRoom((state) => state.isLinkKept);
  useEffect(() => {
    if (!isKept) return;
    const timer = setTimeout(() => room.getState().setLinkKept(false), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [isKept, room]);
  return (
    <button type="button" onClick={() => keepLink(live, room)}>
      <kbd>C</kbd>
      <span aria-live="polite">{t(isKept ? "view.linkKept" : "view.link")}</span>
    </button>
  );
}
