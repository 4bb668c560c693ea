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
  /** Made when it is confirmed; the reason is empty for an act that asks for none. `values`: by the fields' names. */
  request(reason: string, values: Readonly<Record<string, string>>): ActRequest;
  /** What it asks for before the reason. */
  readonly fields?: readonly ActField[];
  /** Why it cannot be done as things are, and what can be done instead: the last part of the text's key `why.<barred>`. */
  readonly barred?: string;
  /** An act that anyone understands at once is done at a press. */
  readonly isPlain?: boolean;
  /** Whom it is about, in words: with it the palette offers the act. */
  readonly about?: string;
  /** What the text of the act is told with. */
  readonly words?: Readonly<Record<string, string>>;
  /** To be typed before it is done: for what cannot be taken back. */
  readonly typed?: string;
}

/** Something to say with an act: typed, or chosen among words. */
export interface ActField {
  readonly name: string;
  readonly label: string;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly maxLength?: number;
}

/** Opened at the foot of a list, all of it is to be seen at once, and the way to confirm it. */
const intoView = (form: HTMLFormElement | null): void => form?.scrollIntoView({ block: "nearest" });

const NO_FIELDS: readonly ActField[] = [];

/**
 * One act on the spot: pressed, it asks for the reason in place; what this account may not do is shown, disabled, and
 * says who may.
 */
export function Act({
  name,
  permission,
  side,
  request,
  isPlain = false,
  about,
  words,
  typed,
  fields = NO_FIELDS,
  barred,
}: ActProps) {
  const { t, i18n } = useTranslation();
  const { api, site } = useLive();
  const me = useSlow((state) => state.me);
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [answer, setAnswer] = useState<ActAnswer | "under-way" | undefined>(undefined);
  const id = useId();
  const isReplay = useSlow((state) => state.replay !== undefined);
  const obstacle: Obstacle | undefined = isReplay
    ? { kind: "replay" }
    : (obstacleTo(permission, me, site.side, side) ??
      (barred === undefined ? undefined : { kind: "barred", why: barred }));
  const label = t(`act.${name}`, words ?? {});
  const isComplete =
    reason.trim().length >= LEAST_REASON &&
    fields.every((field) => (values[field.name] ?? "").trim() !== "") &&
    (typed === undefined || confirmation.trim().toLowerCase() === typed.toLowerCase());

  const perform = async (): Promise<void> => {
    setAsking(false);
    setAnswer("under-way");
    setAnswer(await api.act(request(reason.trim(), trimmed(values))));
    setReason("");
    setValues({});
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
          ref={intoView}
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
          {fields.map((field, i) => (
            <FieldInput
              key={field.name}
              id={`${id}-${field.name}`}
              field={field}
              isFirst={i === 0}
              value={values[field.name] ?? ""}
              onChange={(value) => setValues({ ...values, [field.name]: value })}
            />
          ))}
          <label htmlFor={`${id}-reason`}>{t("act.reason")}</label>
          <input
            id={`${id}-reason`}
            value={reason}
            // biome-ignore lint/a11y/noAutofocus: the form was opened a moment ago, to be filled in.
            autoFocus={fields.length === 0}
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

function FieldInput({
  id,
  field: { label, choices, maxLength = 64 },
  isFirst,
  value,
  onChange,
}: {
  readonly id: string;
  readonly field: ActField;
  readonly isFirst: boolean;
  readonly value: string;
  onChange(value: string): void;
}) {
  return (
    <>
      <label htmlFor={id}>{label}</label>
      {choices === undefined ? (
        <input
          id={id}
          value={value}
          // biome-ignore lint/a11y/noAutofocus: the form was opened a moment ago, to be filled in.
          autoFocus={isFirst}
          autoComplete="off"
          maxLength={maxLength}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <select
          id={id}
          value={value}
          // biome-ignore lint/a11y/noAutofocus: the form was opened a moment ago, to be filled in.
          autoFocus={isFirst}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          <option value="" />
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </>
  );
}

const trimmed = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]));

const kindOf = (answer: ActAnswer | "under-way" | undefined): string | undefined =>
  typeof answer === "object" ? answer.kind : answer;
