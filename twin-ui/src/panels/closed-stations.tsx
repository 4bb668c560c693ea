import type { Side } from "@baton/maps";
import { CLOSABLE_STATIONS } from "@baton/orchestrator/contract";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { Act } from "./act.tsx";

const SIDES: readonly Side[] = ["vn", "cn"];

/** Places of the yards that people have taken out of use, and the act that takes one of this side's. */
export function ClosedStations() {
  const { t } = useTranslation();
  const { site } = useLive();
  const sides = useSlow((state) => state.sides);
  const nowMs = useSiteNowMs();
  const closed = SIDES.flatMap((side) => sides[side].closedStations.map((closure) => ({ side, closure })));
  const own = useMemo(
    () =>
      CLOSABLE_STATIONS.flatMap((kind) =>
        site.stations.filter((station) => station.side === site.side && station.kind === kind),
      ),
    [site],
  );
  const isClosed = (stationId: string): boolean =>
    sides[site.side].closedStations.some((closure) => closure.stationId === stationId);
  return (
    <>
      {closed.length === 0 ? null : (
        <table>
          <caption>{t("yard.closed")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("yard.place")}</th>
              <th scope="col">{t("missions.column.side")}</th>
              <th scope="col">{t("yard.by")}</th>
              <th scope="col">{t("act.reason")}</th>
              <th scope="col" className="number">
                {t("missions.column.since")}
              </th>
              <th scope="col">{t("ground.acts")}</th>
            </tr>
          </thead>
          <tbody>
            {closed.map(({ side, closure: { stationId, by, reason, sinceMs } }) => (
              <tr key={stationId}>
                <td className="code">{stationId}</td>
                <td>{t(`side.${side}`)}</td>
                <td>{by}</td>
                <td className="wrap">{reason}</td>
                <td className="number">{nowMs === undefined ? "" : durationText(t, nowMs - sinceMs)}</td>
                <td>
                  <div className="row-acts">
                    <Act
                      about={stationId}
                      name="openStation"
                      permission="station:open"
                      side={side}
                      request={(why) => ({
                        method: "DELETE",
                        path: `/stations/${encodeURIComponent(stationId)}/closure?reason=${encodeURIComponent(why)}`,
                      })}
                    />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="acts panel-note">
        <Act
          name="closeStation"
          about={t(`side.${site.side}`)}
          permission="station:close"
          side={site.side}
          fields={[
            {
              name: "station",
              label: t("field.station"),
              choices: own
                .filter(({ stationId }) => !isClosed(stationId))
                .map(({ stationId, kind }) => ({
                  value: stationId,
                  label: `${t(`yard.kind.${kind}`)} ${stationId}`,
                })),
            },
          ]}
          request={(reason, { station = "" }) => ({
            method: "POST",
            path: `/stations/${encodeURIComponent(station)}/closure`,
            body: { reason },
          })}
        />
      </div>
    </>
  );
}
