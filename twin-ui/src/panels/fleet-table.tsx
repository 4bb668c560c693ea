import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import type { MergedVehicle } from "../feed/merge.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { EmptyList } from "./empty-list.tsx";
import { SinceCell, SiteNow } from "./since-cell.tsx";

/** Every vehicle: who commands it, how it is, whom it waits for. What is wrong comes first. */
export function FleetTable() {
  const { t } = useTranslation();
  const vehicles = useSlow((state) => state.vehicles);
  const nowMs = useSiteNowMs();
  const sorted = [...vehicles].sort((a, b) => rank(a) - rank(b) || (a.vehicleId < b.vehicleId ? -1 : 1));
  if (sorted.length === 0) return <EmptyList text={t("fleet.empty")} />;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("missions.column.vehicle")}</th>
          <th scope="col">{t("fleet.holder")}</th>
          <th scope="col">{t("fleet.link")}</th>
          <th scope="col">{t("fleet.drivenBy")}</th>
          <th scope="col" className="number">
            {t("missions.column.battery")}
          </th>
          <th scope="col">{t("missions.column.container")}</th>
          <th scope="col">{t("fleet.waitsFor")}</th>
          <th scope="col" className="number">
            {t("fleet.lastReport")}
          </th>
        </tr>
      </thead>
      <tbody>
        <SiteNow value={nowMs}>
          {sorted.map((vehicle) => (
            <VehicleRow key={vehicle.vehicleId} vehicle={vehicle} />
          ))}
        </SiteNow>
      </tbody>
    </table>
  );
}

/** Failed, then cut off or lost, then the rest. Waiting comes and goes too often: rows that jump cannot be clicked. */
function rank({ view }: MergedVehicle): number {
  if (view.failed !== undefined) return 0;
  return view.connection === "online" && view.isLocalised !== false ? 2 : 1;
}

/** It takes orders (VDA 5050 3.0, 6.11). */
const isAutomatic = ({ operatingMode }: MergedVehicle["view"]): boolean =>
  operatingMode === "automatic" || operatingMode === "semiautomatic";

const VehicleRow = memo(function Row({
  vehicle: { vehicleId, holder, view, containerNo },
}: {
  readonly vehicle: MergedVehicle;
}) {
  const { t } = useTranslation();
  const { store } = useLive();
  const show = useShowVehicle();
  const isChosen = useSlow((state) => state.selectedVehicleId === vehicleId);
  const first = view.explanation?.chain[0];
  return (
    <tr
      data-chosen={isChosen}
      onPointerEnter={() => store.getState().hover(vehicleId)}
      onPointerLeave={() => store.getState().hover(undefined)}
    >
      <td>
        <button type="button" className="link code" aria-pressed={isChosen} onClick={() => show(vehicleId)}>
          {shortVehicleName(vehicleId)}
        </button>
      </td>
      <td>
        {t(`side.${holder}`)}
        {view.epoch === undefined ? null : (
          <span className="dim"> · {t("fleet.epoch", { epoch: view.epoch })}</span>
        )}
      </td>
      <td>
        <span className="status" data-status={view.connection === "online" ? "running" : "held"}>
          {view.connection === "online" ? "" : "▲ "}
          {t(`fleet.connection.${view.connection}`)}
        </span>
        {(view.stoppedBy ?? []).map((side) => (
          <span key={side} className="status" data-status="held">
            {" "}
            ▲ {t("vehicle.stopped", { side: t(`side.${side}`) })}
          </span>
        ))}
        {view.failed === undefined ? null : (
          <span className="status" data-status="held">
            {" "}
            ▲ {t("vehicle.failed", { reason: view.failed })}
          </span>
        )}
      </td>
      <td>
        {view.operatingMode === undefined ? null : (
          <span className="status" data-status={isAutomatic(view) ? "running" : "held"}>
            {isAutomatic(view) ? "" : "▲ "}
            {t(`fleet.mode.${view.operatingMode}`)}
          </span>
        )}
        {view.isLocalised === false ? (
          <span className="status" data-status="held">
            {" "}
            ▲ {t("fleet.notLocalised")}
          </span>
        ) : null}
      </td>
      <td className="number">
        {t("vehicle.battery", { percent: Math.round(view.batteryPct) })}
        {view.charging ? ` · ${t("fleet.charging")}` : ""}
      </td>
      <td className="code">{containerNo === undefined ? "" : paintedNumber(containerNo)}</td>
      <td>
        {first === undefined ? (
          ""
        ) : (
          <button type="button" className="link code" onClick={() => show(first.heldBy)}>
            {shortVehicleName(first.heldBy)}
          </button>
        )}
      </td>
      <SinceCell sinceMs={view.lastReportAtMs === 0 ? undefined : view.lastReportAtMs} />
    </tr>
  );
});
