import type { Side } from "@baton/maps";
import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { type MergedHandoff, mergeHandoffs, mergeLineCranes } from "../feed/merge.ts";
import { durationText } from "../i18n/duration.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { EmptyList } from "./empty-list.tsx";
import { ResolutionActs } from "./resolution-acts.tsx";
import { WithdrawAct } from "./word-acts.tsx";

const SIDES: readonly Side[] = ["vn", "cn"];

/** The border as both sides see it: whether the partner answers, and what changes hands. */
export function BorderlinePanel() {
  const { t } = useTranslation();
  const sides = useSlow((state) => state.sides);
  const links = useSlow((state) => state.links);
  const nowMs = useSiteNowMs();
  const handoffs = mergeHandoffs(sides.vn, sides.cn);
  const isHeard = SIDES.some((side) => links[side]?.state === "live");
  return (
    <section className="panel borderline" aria-labelledby="borderline-title">
      <div className="panel-head">
        <h2 id="borderline-title">{t("borderline.title")}</h2>
      </div>
      <dl className="partners">
        {SIDES.map((side) => {
          // What a side thought of its partner before its feed was lost says nothing about now.
          const view = links[side]?.state === "live" ? sides[side].borderline : undefined;
          const lastMs = view?.lastPartnerMessageAtMs;
          return (
            <div key={side} data-partner={view?.partner ?? "unknown"}>
              <dt>{t("borderline.partner", { side: t(`side.${side}`) })}</dt>
              <dd>
                <span className="link-dot" aria-hidden="true" />
                {t(`borderline.${view?.partner ?? "unknown"}`)}
                {lastMs === undefined || nowMs === undefined ? null : (
                  <span className="dim">
                    {" "}
                    · {t("borderline.lastMessage", { age: durationText(t, nowMs - lastMs) })}
                  </span>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
      {mergeLineCranes(sides.vn, sides.cn).map(({ deviceId, isFit, phase, containerNo }) => (
        <p key={deviceId} className="line-crane">
          {t("borderline.crane")}:{" "}
          <strong>
            {!isHeard
              ? t("borderline.unknown")
              : isFit && phase !== undefined
                ? t(`crane.phase.${phase}`)
                : t("crane.away")}
          </strong>
          {containerNo === undefined || phase === "free" ? null : (
            <span className="dim"> · {paintedNumber(containerNo)}</span>
          )}
        </p>
      ))}
      {handoffs.length === 0 ? (
        <EmptyList text={t("borderline.noHandoff")} />
      ) : (
        <ul className="handoffs" aria-label={t("borderline.handoffs")}>
          {handoffs.map((handoff) => (
            <HandoffItem key={handoff.handoffId} handoff={handoff} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </section>
  );
}

function HandoffItem({
  handoff,
  nowMs,
}: {
  readonly handoff: MergedHandoff;
  readonly nowMs: number | undefined;
}) {
  const { t, i18n } = useTranslation();
  const show = useShowVehicle();
  const phaseText = (phase: string): string => {
    const key = `handoff.phase.${phase}`;
    return i18n.exists(key) ? t(key) : t("handoff.phase.other", { phase });
  };
  const { site } = useLive();
  const own = useSlow(({ sides }) =>
    [...sides[site.side].missions.values()].find(
      ({ handoffId, acts, backBarred }) =>
        handoffId === handoff.handoffId &&
        (acts?.includes("withdraw") === true || backBarred === "crane-has-it"),
    ),
  );
  const name = shortVehicleName(handoff.vehicleId);
  const [giver, taker] = handoff.told;
  const container = (
    <span className="dim">{handoff.containerNo === undefined ? "" : paintedNumber(handoff.containerNo)}</span>
  );
  return (
    <li>
      <button
        type="button"
        className="link code"
        onClick={() => show(handoff.vehicleId)}
        title={t("vehicle.select", { vehicle: name })}
      >
        {name}
      </button>
      <span className="dim">
        {giver === undefined || taker === undefined
          ? ""
          : `${t(`side.${giver.side}`)} → ${t(`side.${taker.side}`)} · `}
        {t(`borderline.mode.${handoff.mode}`)}
        {handoff.register === undefined
          ? ""
          : ` · ${t("borderline.register", { side: t(`side.${handoff.register.authority}`), epoch: handoff.register.epoch })}`}
      </span>
      <span className="dim">{nowMs === undefined ? "" : durationText(t, nowMs - handoff.sinceMs)}</span>
      {giver !== undefined && taker !== undefined && giver.phase === taker.phase ? (
        <p>
          <strong>{phaseText(giver.phase)}</strong>
          {container}
        </p>
      ) : (
        handoff.told.map(({ side, role, phase }, i) => (
          <p key={`${side}.${role}`}>
            <span>
              {t(`side.${side}`)} {t(`handoff.role.${role}`)}: <strong>{phaseText(phase)}</strong>
            </span>
            {i === 0 ? container : null}
          </p>
        ))
      )}
      {handoff.goByMs === undefined || nowMs === undefined ? null : (
        <p className={handoff.goByMs <= nowMs ? undefined : "dim"}>
          {handoff.goByMs <= nowMs
            ? t("borderline.goTooLate")
            : t("borderline.goWithin", { duration: durationText(t, handoff.goByMs - nowMs) })}
        </p>
      )}
      {own === undefined ? null : (
        <div className="acts handoff-acts">
          <WithdrawAct mission={own} />
        </div>
      )}
      <ResolutionActs handoff={handoff} nowMs={nowMs} />
    </li>
  );
}
