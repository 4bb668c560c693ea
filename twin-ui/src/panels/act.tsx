import type { Side } from "@baton/maps";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ActAnswer, ActRequest } from "../app/api.ts";
import { useLive, useSlow } from "../app/live-twin.ts";
import { useRoomStore } from "../app/room.ts";
import { isFourEyes, type Obstacle, obstacleTo } from "../app/standing.ts";
import { answerText, whoMay } from "./act-texts.ts";

const LEAST_REASON = 3;

export interface ActProps {
  /** The last part of the text's key: `act.<name>`. */
  readonly name: string;
  readonly permission: string;
  readonly side: Side;
  /** Made when it is confirmed; the reason is empty for an act that asks for none. */
  request(reason: string): ActRequest;
  /** An act that anyone understands at once is done at a press. */
  readonly isPlain?: boolean;
  /** Whom it is about, in words: with it the palette offers the act. */
  readonly about?: string;
  /** What the text of the act is told with. */
  readonly words?: Readonly<Record<string, string>>;
  /** To be typed before it is done: for what cannot be taken back. */
  readonly typed?: string;
}

/**
 * One act on the spot: pressed, it asks for the reason in place; what this account may not do is shown, disabled, and
 * says who may.
 */
export function Act({ name, permission, side, request, isPlain = false, about, words, typed }: ActProps) {
  const { t, i18n } = useTranslation();
  const { api, site } = useLive();
  const me = useSlow((state) => state.me);
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [answer, setAnswer] = useState<ActAnswer | "under-way" | undefined>(undefined);
  const id = useId();
  const isReplay = useSlow((state) => state.replay !== undefined);
  const obstacle: Obstacle | undefined = isReplay
    ? { kind: "replay" }
    : obstacleTo(permission, me, site.side, side);
  const label = t(`act.${name}`, words ?? {});
  const isComplete =
    reason.trim().length >= LEAST_REASON &&
    (typed === undefined || confirmation.trim().toLowerCase() === typed.toLowerCase());

  const perform = async (): Promise<void> => {
    setAsking(false);
    setAnswer("under-way");
    setAnswer(await api.act(request(reason.trim())));
    setReason("");
    setConfirmation("");
  };

  const room = useRoomStore();
  const button = useRef<HTMLButtonElement>(null);
  const mayBeDone = obstacle === undefined;
  useEffect(() => {
    if (about === undefined || !mayBeDone) return;
    return room.getState().offerAct(id, { label, about, press: () => button.current?.click() });
  }, [room, id, label, about, mayBeDone]);

  return (
    <span className="act">
      <button
        ref={button}
        type="button"
        className="act-button"
        aria-disabled={obstacle !== undefined || answer === "under-way"}
        aria-expanded={isPlain ? undefined : isAsking}
        aria-describedby={obstacle === undefined ? undefined : id}
        title={obstacle === undefined ? undefined : whoMay(t, obstacle)}
        onClick={() => {
          if (obstacle !== undefined || answer === "under-way") return;
          setAnswer(undefined);
          if (isPlain) void perform();
          else setAsking((asking) => !asking);
        }}
      >
        {label}
        {isFourEyes(permission, me) ? <span className="dim"> · {t("act.two")}</span> : null}
      </button>
      {obstacle === undefined ? null : (
        <span id={id} hidden>
          {whoMay(t, obstacle)}
        </span>
      )}
      {isAsking ? (
        <form
          className="act-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (isComplete) void perform();
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            setAsking(false);
          }}
        >
          <label htmlFor={`${id}-reason`}>{t("act.reason")}</label>
          <input
            id={`${id}-reason`}
            value={reason}
            // biome-ignore lint/a11y/noAutofocus: the form was opened a moment ago, to be filled in.
            autoFocus
            maxLength={256}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {typed === undefined ? null : (
            <>
              <label htmlFor={`${id}-typed`}>{t("act.typed", { typed })}</label>
              <input
                id={`${id}-typed`}
                value={confirmation}
                autoComplete="off"
                maxLength={64}
                onChange={(event) => setConfirmation(event.currentTarget.value)}
              />
            </>
          )}
          <button type="submit" disabled={!isComplete}>
            {t("act.confirm", { act: label })}
          </button>
          <button type="button" onClick={() => setAsking(false)}>
            {t("act.cancel")}
          </button>
        </form>
      ) : null}
      <span className="act-answer" role="status" data-kind={kindOf(answer)}>
        {answer === undefined || answer === "under-way"
          ? ""
          : answerText(t, (key) => i18n.exists(key), answer)}
      </span>
    </span>
  );
}

const kindOf = (answer: ActAnswer | "under-way" | undefined): string | undefined =>
  typeof answer === "object" ? answer.kind : answer;
