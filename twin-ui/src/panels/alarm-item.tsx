import type { AlarmView } from "@baton/orchestrator/contract";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShowVehicle, useSiteNowMs } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { Act } from "./act.tsx";
import { alarmDetail } from "./alarm-detail.ts";
import { ALARM_SHAPES } from "./alarm-shapes.ts";
import { callsForVouch, VouchActs } from "./vouch-acts.tsx";

const SHELF_MINUTES = 30;

/** One alarm: what it is, and opened, what it leads to, what to do, and what can be done here. */
export function AlarmItem({ alarm }: { readonly alarm: AlarmView }) {
  const { t, i18n } = useTranslation();
  const nowMs = useSiteNowMs();
  const show = useShowVehicle();
  const [isOpen, setOpen] = useState(false);
  const { vehicleId, code, side } = alarm;
  const text = (family: string): string | undefined => {
    // What an error of a vehicle leads to is the same for all of them, unless something else is said of one.
    const keys = [code, ...(code.startsWith("fleet.error.") ? ["fleet.vehicle-error"] : [])].map(
      (of) => `alarm.${family}.${of}`,
    );
    const key = keys.find((each) => i18n.exists(each));
    return key === undefined ? undefined : t(key);
  };
  const title = text("code") ?? t("alarm.code.unknown", { code });
  return (
    <li className="alarm" data-priority={alarm.priority} data-state={alarm.state}>
      <span className="alarm-shape" aria-hidden="true">
        {ALARM_SHAPES[alarm.priority]}
      </span>
      <div>
        <button
          type="button"
          className="link alarm-title"
          aria-expanded={isOpen}
          onClick={() => {
            setOpen((open) => !open);
            if (vehicleId !== undefined) show(vehicleId);
          }}
        >
          {title}
        </button>
        <span className="alarm-meta"> · {t(`side.${side}`)}</span>
        <p className="alarm-detail">
          {alarm.translations?.[i18n.language] ??
            alarmDetail({ t, exists: (key) => i18n.exists(key) }, alarm)}
        </p>
        <p className="alarm-meta">
          {t(`alarm.priority.${alarm.priority}`)} · {t(`alarm.state.${alarm.state}`)}
          {alarm.acknowledged === undefined ? "" : ` · ${alarm.acknowledged.by}`}
          {nowMs === undefined ? "" : ` · ${durationText(t, nowMs - alarm.raisedAtMs)}`}
          {alarm.isChattering === true ? ` · ${t("alarm.chattering", { count: alarm.occurrences })}` : ""}
          {alarm.shelved === undefined || nowMs === undefined
            ? ""
            : ` · ${t("alarm.shelved", { by: alarm.shelved.by, left: durationText(t, alarm.shelved.untilMs - nowMs) })}`}
          {alarm.outOfService === undefined
            ? ""
            : ` · ${t("alarm.outOfService", { reason: alarm.outOfService.reason })}`}
        </p>
        {isOpen ? (
          <div className="alarm-guide">
            <p>{text("effect") ?? t("alarm.effect.unknown")}</p>
            <p>{text("action") ?? t("alarm.action.unknown")}</p>
            {alarm.state === "returned" ? null : <AlarmActs alarm={alarm} about={title} />}
          </div>
        ) : null}
      </div>
      {vehicleId === undefined ? null : (
        <button
          type="button"
          className="quiet"
          aria-label={t("alarms.goto", { vehicle: shortVehicleName(vehicleId) })}
          onClick={() => show(vehicleId)}
        >
          <svg
            viewBox="0 0 16 16"
            width="16"
            height="16"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            aria-hidden="true"
          >
            <circle cx="8" cy="8" r="4.2" />
            <path d="M8 1v4M8 11v4M1 8h4M11 8h4" />
          </svg>
        </button>
      )}
    </li>
  );
}

function AlarmActs({
  alarm: { alarmId, code, vehicleId, side, state, shelved, outOfService },
  about,
}: {
  readonly alarm: AlarmView;
  readonly about: string;
}) {
  const path = `/alarms/${encodeURIComponent(alarmId)}`;
  const post = (what: string, body: Readonly<Record<string, unknown>>) =>
    ({ method: "POST", path: `${path}/${what}`, body }) as const;
  const isAside = shelved !== undefined || outOfService !== undefined;
  return (
    <div className="acts">
      {code === "vehicle.action-retriable" && vehicleId !== undefined
        ? (["retry", "skip"] as const).map((answer) => (
            <Act
              key={answer}
              about={about}
              name={`${answer}Action`}
              permission="vehicle:resume"
              side={side}
              request={(reason) => ({
                method: "POST",
                path: `/vehicles/${encodeURIComponent(vehicleId)}/waiting-actions`,
                body: { answer, reason },
              })}
            />
          ))
        : null}
      {callsForVouch(code) && vehicleId !== undefined ? (
        <VouchActs vehicleId={vehicleId} side={side} about={about} />
      ) : null}
      {state === "unacknowledged" ? (
        <Act
          about={about}
          name="acknowledge"
          permission="alarm:acknowledge"
          side={side}
          isPlain
          request={() => ({ method: "POST", path: `${path}/acknowledge` })}
        />
      ) : null}
      {isAside ? (
        <Act
          about={about}
          name="alarmBack"
          permission="alarm:shelve"
          side={side}
          request={(reason) => post("back", { reason })}
        />
      ) : (
        <>
          <Act
            about={about}
            name="shelve"
            permission="alarm:shelve"
            side={side}
            request={(reason) => post("shelve", { minutes: SHELF_MINUTES, reason })}
          />
          <Act
            about={about}
            name="suppress"
            permission="alarm:suppress"
            side={side}
            request={(reason) => post("out-of-service", { reason })}
          />
        </>
      )}
    </div>
  );
}
