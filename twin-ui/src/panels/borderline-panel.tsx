import type { Side } from "@baton/maps";
import type { HandoffView } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { useShowVehicle, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { shortVehicleName } from "../scene/layers/label-layer.ts";
import { paintedNumber } from "../scene/number-atlas.ts";

const SIDES: readonly Side[] = ["vn", "cn"];
/** Phases after which a hand-off is history. */
const OVER: ReadonlySet<string> = new Set(["concluded", "ended", "declined"]);

/** The border as both sides see it: whether the partner answers, and what changes hands. */
export function BorderlinePanel() {
  const { t } = useTranslation();
  const vn = useSlow((state) => state.sides.vn.borderline);
  const cn = useSlow((state) => state.sides.cn.borderline);
  const bySide = { vn, cn };
  const nowMs = useSiteNowMs();
  const handoffs = SIDES.flatMap((side) =>
    (bySide[side]?.handoffs ?? [])
      .filter(({ phase }) => !OVER.has(phase))
      .map((handoff) => ({ side, handoff })),
  );
  return (
    <section className="panel borderline" aria-labelledby="borderline-title">
      <div className="panel-head">
        <h2 id="borderline-title">{t("borderline.title")}</h2>
      </div>
      <dl className="partners">
        {SIDES.map((side) => {
          const view = bySide[side];
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
      {handoffs.length === 0 ? (
        <p className="panel-empty">{t("borderline.noHandoff")}</p>
      ) : (
        <ul className="handoffs" aria-label={t("borderline.handoffs")}>
          {handoffs.map(({ side, handoff }) => (
            <HandoffItem key={`${side}.${handoff.handoffId}`} side={side} handoff={handoff} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </section>
  );
}

function HandoffItem({
  side,
  handoff,
  nowMs,
}: {
  readonly side: Side;
  readonly handoff: HandoffView;
  readonly nowMs: number | undefined;
}) {
  const { t, i18n } = useTranslation();
  const show = useShowVehicle();
  const key = `handoff.phase.${handoff.phase}`;
  const phase = i18n.exists(key) ? t(key) : t("handoff.phase.other", { phase: handoff.phase });
  return (
    <li>
      <button
        type="button"
        className="link code"
        onClick={() => show(handoff.vehicleId)}
        title={t("vehicle.select", { vehicle: shortVehicleName(handoff.vehicleId) })}
      >
        {shortVehicleName(handoff.vehicleId)}
      </button>
      <span>
        {t(`side.${side}`)} {t(`handoff.role.${handoff.role}`)}: <strong>{phase}</strong>
      </span>
      <span className="dim">
        {handoff.containerNo === undefined ? "" : `${paintedNumber(handoff.containerNo)} · `}
        {nowMs === undefined ? "" : durationText(t, nowMs - handoff.sinceMs)}
      </span>
    </li>
  );
}
