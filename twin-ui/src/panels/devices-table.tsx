import type { DeviceView } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { useLive, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { durationText } from "../i18n/duration.ts";
import { stationTextKey } from "../scene/places.ts";
import { EmptyList } from "./empty-list.tsx";

/** What is away first, then what was never heard, then at work, then the rest. */
const ORDER = { away: 0, unheard: 1, busy: 2, ready: 3 } as const;

/** Every device of both sides' stations, and agencies' systems that were heard. */
export function DevicesTable() {
  const { t } = useTranslation();
  const { site, commands } = useLive();
  const sides = useSlow((state) => state.sides);
  const nowMs = useSiteNowMs();
  const devices = [...sides.vn.devices.values(), ...sides.cn.devices.values()].sort(
    (a, b) => ORDER[a.state] - ORDER[b.state] || (a.deviceId < b.deviceId ? -1 : 1),
  );
  if (devices.length === 0) return <EmptyList text={t("devices.empty")} />;
  const stationOf = ({ stationId }: DeviceView) =>
    site.stations.find((station) => station.stationId === stationId);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("devices.device")}</th>
          <th scope="col">{t("missions.column.side")}</th>
          <th scope="col">{t("yard.place")}</th>
          <th scope="col">{t("missions.column.status")}</th>
          <th scope="col" className="number">
            {t("missions.column.since")}
          </th>
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => {
          const { deviceId, side, state, sinceMs } = device;
          const station = stationOf(device);
          const key = station === undefined ? undefined : stationTextKey(station.kind);
          return (
            <tr key={deviceId}>
              <td className="code">{deviceId}</td>
              <td>{t(`side.${side}`)}</td>
              <td>
                {station === undefined || key === undefined ? null : (
                  <button
                    type="button"
                    className="link"
                    onClick={() => commands?.lookAt(station.xM, station.yM)}
                  >
                    {t(key)}
                  </button>
                )}
              </td>
              <td>
                <span className="status" data-status={state === "away" ? "held" : "running"}>
                  {state === "away" ? "▲ " : ""}
                  {t(`devices.state.${state}`)}
                </span>
              </td>
              <td className="number">
                {nowMs === undefined || sinceMs === undefined ? "" : durationText(t, nowMs - sinceMs)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
