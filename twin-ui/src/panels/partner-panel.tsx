import type { Side } from "@baton/maps";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { type MergedHandoff, mergeHandoffs } from "../feed/merge.ts";
import { durationText } from "../i18n/duration.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { PartnerDeliveries } from "./partner-deliveries.tsx";
import { arePartnerKeys, type PartnerKey } from "./partner-keys.ts";

const SIDES: readonly Side[] = ["vn", "cn"];

/** The link between the two orchestrators: what each says of the other, every hand-off in both words, the keys we believe. */
export function PartnerPanel() {
  const { t } = useTranslation();
  const sides = useSlow((state) => state.sides);
  const handoffs = mergeHandoffs(sides.vn, sides.cn);
  return (
    <>
      <table>
        <caption>{t("partner.views")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("missions.column.side")}</th>
            <th scope="col">{t("partner.partner")}</th>
            <th scope="col">{t("partner.lastMessage")}</th>
            <th scope="col">{t("borderline.handoffs")}</th>
          </tr>
        </thead>
        <tbody>
          {SIDES.map((side) => (
            <ViewRow key={side} side={side} />
          ))}
        </tbody>
      </table>
      <table>
        <caption>{t("borderline.handoffs")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("missions.column.vehicle")}</th>
            <th scope="col">{t("missions.column.container")}</th>
            {SIDES.map((side) => (
              <th key={side} scope="col">
                {t("partner.says", { side: t(`side.${side}`) })}
              </th>
            ))}
            <th scope="col">{t("partner.handoff")}</th>
          </tr>
        </thead>
        <tbody>
          {handoffs.map((handoff) => (
            <HandoffRow key={handoff.handoffId} handoff={handoff} />
          ))}
          {handoffs.length > 0 ? null : <Empty columns={5}>{t("borderline.noHandoff")}</Empty>}
        </tbody>
      </table>
      <PartnerDeliveries />
      <Keys />
    </>
  );
}

function Empty({ columns, children }: { readonly columns: number; readonly children: ReactNode }) {
  return (
    <tr>
      <td className="dim" colSpan={columns}>
        {children}
      </td>
    </tr>
  );
}

/** What one side says of its partner; nothing while that side's feed is not seen. */
function ViewRow({ side }: { readonly side: Side }) {
  const { t } = useTranslation();
  const nowMs = useSiteNowMs();
  const isSeen = useSlow((state) => state.links[side]?.state === "live");
  const borderline = useSlow((state) => state.sides[side].borderline);
  const view = isSeen ? borderline : undefined;
  const lastMs = view?.lastPartnerMessageAtMs;
  return (
    <tr>
      <td>{t(`side.${side}`)}</td>
      <td data-partner={view?.partner ?? "unknown"}>
        <span className="link-dot" aria-hidden="true" /> {t(`borderline.${view?.partner ?? "unknown"}`)}
      </td>
      <td className="code">
        {lastMs === undefined || nowMs === undefined
          ? "–"
          : t("borderline.lastMessage", { age: durationText(t, nowMs - lastMs) })}
      </td>
      <td className="code">{view?.handoffs.length ?? "–"}</td>
    </tr>
  );
}

function HandoffRow({ handoff }: { readonly handoff: MergedHandoff }) {
  const { t } = useTranslation();
  const show = useShowVehicle();
  const { vehicleId, handoffId, containerNo } = handoff;
  const name = shortVehicleName(vehicleId);
  return (
    <tr>
      <td>
        <button
          type="button"
          className="link code"
          title={t("vehicle.select", { vehicle: name })}
          onClick={() => show(vehicleId)}
        >
          {name}
        </button>
      </td>
      <td className="code">{containerNo === undefined ? "" : paintedNumber(containerNo)}</td>
      {SIDES.map((side) => (
        <td key={side}>
          <Word side={side} handoffId={handoffId} />
        </td>
      ))}
      <td className="code dim">{handoffId}</td>
    </tr>
  );
}

/** One side's word on a hand-off, and for how long it has stood. */
function Word({ side, handoffId }: { readonly side: Side; readonly handoffId: string }) {
  const { t, i18n } = useTranslation();
  const nowMs = useSiteNowMs();
  const told = useSlow((state) =>
    state.sides[side].borderline?.handoffs.find((each) => each.handoffId === handoffId),
  );
  if (told === undefined) return <span className="dim">–</span>;
  const key = `handoff.phase.${told.phase}`;
  return (
    <>
      {t(`handoff.role.${told.role}`)}:{" "}
      <strong>{i18n.exists(key) ? t(key) : t("handoff.phase.other", { phase: told.phase })}</strong>
      {nowMs === undefined ? null : <span className="dim"> · {durationText(t, nowMs - told.sinceMs)}</span>}
    </>
  );
}

/** Keys with which the partner of this page's side signs; enrolling one is done through the API, by two people. */
function Keys() {
  const { t } = useTranslation();
  const { api, site } = useLive();
  const [keys, setKeys] = useState<readonly PartnerKey[] | undefined>(undefined);
  useEffect(() => {
    let current = true;
    void api.read("/partner/keys", arePartnerKeys).then((found) => {
      if (current) setKeys(found);
    });
    return () => {
      current = false;
    };
  }, [api]);
  return (
    <table>
      <caption>{t("partner.keys", { side: t(`side.${site.side}`) })}</caption>
      <thead>
        <tr>
          <th scope="col">{t("partner.key")}</th>
          <th scope="col">{t("partner.algorithm")}</th>
          <th scope="col">{t("missions.column.status")}</th>
        </tr>
      </thead>
      <tbody>
        {(keys ?? []).map(({ jwk, isRetired }) => (
          <tr key={jwk.kid}>
            <td className="code">{jwk.kid}</td>
            <td>{jwk.crv}</td>
            <td className={isRetired ? "dim" : undefined}>
              {t(isRetired ? "partner.keyRetired" : "partner.keyInUse")}
            </td>
          </tr>
        ))}
        {keys === undefined ? <Empty columns={3}>{t("act.unreachable")}</Empty> : null}
      </tbody>
    </table>
  );
}
