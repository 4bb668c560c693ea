import type { Side } from "@baton/maps";
import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSiteNowMs } from "../app/live-twin.ts";
import type { YardPlace } from "../feed/yard-watch.ts";
import { durationText } from "../i18n/duration.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { ClosedStations } from "./closed-stations.tsx";

const SIDES: readonly Side[] = ["vn", "cn"];

/** Every crane, bay, dock and charger of both sides: who is there or on the way there, and since when. */
export function YardPanel() {
  const { t } = useTranslation();
  const { yard } = useLive();
  const nowMs = useSiteNowMs();
  const { places } = yard;
  const kinds = [...new Set(places.map(({ kind }) => kind))];
  const freeOf = (side: Side, kind: YardPlace["kind"]): string => {
    const all = places.filter((place) => place.side === side && place.kind === kind);
    const free = all.filter(({ state }) => state === "free").length;
    return all.length === 0 ? "–" : t("yard.free", { free, of: all.length });
  };
  const taken = places.filter(({ state }) => state !== "free");
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("missions.column.side")}</th>
            {kinds.map((kind) => (
              <th key={kind} scope="col">
                {t(`yard.kind.${kind}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SIDES.map((side) => (
            <tr key={side}>
              <td>{t(`side.${side}`)}</td>
              {kinds.map((kind) => (
                <td key={kind} className="code">
                  {freeOf(side, kind)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ClosedStations />
      <table>
        <caption>{t("yard.taken")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("yard.place")}</th>
            <th scope="col">{t("missions.column.side")}</th>
            <th scope="col">{t("missions.column.status")}</th>
            <th scope="col">{t("missions.column.vehicle")}</th>
            <th scope="col">{t("missions.column.container")}</th>
            <th scope="col" className="number">
              {t("missions.column.since")}
            </th>
          </tr>
        </thead>
        <tbody>
          {taken.map((place) => (
            <PlaceRow key={place.stationId} place={place} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function PlaceRow({ place, nowMs }: { readonly place: YardPlace; readonly nowMs: number | undefined }) {
  const { t } = useTranslation();
  const show = useShowVehicle();
  const { stationId, side, kind, state, vehicleId, containerNo, sinceMs } = place;
  return (
    <tr>
      <td>
        {t(`yard.kind.${kind}`)} <span className="code dim">{stationId}</span>
      </td>
      <td>{t(`side.${side}`)}</td>
      <td>{t(`yard.state.${state}`)}</td>
      <td>
        {vehicleId === undefined ? null : (
          <button type="button" className="link code" onClick={() => show(vehicleId)}>
            {shortVehicleName(vehicleId)}
          </button>
        )}
      </td>
      <td className="code">{containerNo === undefined ? "" : paintedNumber(containerNo)}</td>
      <td className="number">{nowMs === undefined ? "" : durationText(t, nowMs - sinceMs)}</td>
    </tr>
  );
}
