import type { MissionView } from "@baton/orchestrator/contract";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import { vehicleIn } from "../feed/merge.ts";
import { containerColour } from "../scene/layers/cargo-layer.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { EmptyList } from "./empty-list.tsx";
import { MissionDetail } from "./mission-detail.tsx";
import { SinceCell, SiteNow } from "./since-cell.tsx";

/** More rows than this are not drawn; finished missions are the last in order. */
const MAX_ROWS = 120;
const COLUMNS = 8;

export function countByStatus(missions: readonly MissionView[]): {
  running: number;
  held: number;
  done: number;
} {
  const of = (status: MissionView["status"]): number =>
    missions.filter((mission) => mission.status === status).length;
  return { running: of("running"), held: of("held"), done: of("done") + of("returned") };
}

/** The missions of both sides, in step with the scene: a row chooses its vehicle, hovering shows it. */
export function MissionsTable() {
  const { t } = useTranslation();
  const missions = useSlow((state) => state.missions);
  const nowMs = useSiteNowMs();
  if (missions.length === 0) return <EmptyList text={t("missions.empty")} />;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("missions.column.container")}</th>
          <th scope="col">{t("missions.column.direction")}</th>
          <th scope="col">{t("missions.column.side")}</th>
          <th scope="col">{t("missions.column.vehicle")}</th>
          <th scope="col" className="number">
            {t("missions.column.battery")}
          </th>
          <th scope="col">{t("missions.column.step")}</th>
          <th scope="col" className="number">
            {t("missions.column.since")}
          </th>
          <th scope="col">{t("missions.column.status")}</th>
        </tr>
      </thead>
      <tbody>
        <SiteNow value={nowMs}>
          {missions.slice(0, MAX_ROWS).map((mission) => (
            <MissionRow key={`${mission.side}.${mission.missionId}`} mission={mission} />
          ))}
        </SiteNow>
      </tbody>
    </table>
  );
}

const MissionRow = memo(function Row({ mission }: { readonly mission: MissionView }) {
  const { t } = useTranslation();
  const { store } = useLive();
  const show = useShowVehicle();
  const { vehicleId, containerNo } = mission;
  const [isOpen, setOpen] = useState(false);
  const chosen = useSlow((state) => vehicleId !== undefined && state.selectedVehicleId === vehicleId);
  const hovered = useSlow((state) => vehicleId !== undefined && state.hoveredVehicleId === vehicleId);
  const battery = useSlow(({ vehicles }) => vehicleIn(vehicles, vehicleId ?? "")?.view.batteryPct);
  const name = containerNo === undefined ? t("mission.empty") : paintedNumber(containerNo);
  const at = mission.steps.indexOf(mission.step) + 1;
  const row = (
    <tr
      data-status={mission.status}
      data-chosen={chosen}
      data-hovered={hovered}
      onPointerEnter={() => store.getState().hover(vehicleId)}
      onPointerLeave={() => store.getState().hover(undefined)}
    >
      <td>
        <span
          className="swatch"
          style={{ background: containerNo === undefined ? "transparent" : containerColour(containerNo) }}
        />
        {vehicleId === undefined ? (
          <span className="code">{name}</span>
        ) : (
          <button
            type="button"
            className="link code"
            aria-pressed={chosen}
            title={t("vehicle.select", { vehicle: shortVehicleName(vehicleId) })}
            onClick={() => show(vehicleId)}
          >
            {name}
          </button>
        )}
      </td>
      <td>
        <span aria-hidden="true">{mission.direction === "export" ? "→" : "←"}</span>{" "}
        {t(`direction.${mission.direction}`)}
      </td>
      <td>{t(`side.${mission.side}`)}</td>
      <td className="code">{vehicleId === undefined ? "" : shortVehicleName(vehicleId)}</td>
      <td className="number">
        {battery === undefined ? "" : t("vehicle.battery", { percent: Math.round(battery) })}
      </td>
      <td>
        <span className="step">
          <button
            type="button"
            className="link"
            aria-expanded={isOpen}
            title={t("missions.timeline")}
            onClick={() => setOpen((open) => !open)}
          >
            {t(`step.${mission.step}`)}
          </button>
          <progress
            max={mission.steps.length}
            value={at}
            aria-label={t("missions.progress", { at, of: mission.steps.length })}
          />
        </span>
      </td>
      <SinceCell sinceMs={mission.stepSinceMs} />
      <td>
        <span className="status" data-status={mission.status}>
          {mission.status === "held" ? "▲ " : ""}
          {t(`status.${mission.status}`)}
        </span>
        {mission.held === undefined ? null : <HeldReason held={mission.held} />}
      </td>
    </tr>
  );
  if (!isOpen) return row;
  return (
    <>
      {row}
      <tr className="detail-row">
        <td colSpan={COLUMNS}>
          <MissionDetail mission={mission} />
        </td>
      </tr>
    </>
  );
});

/** Why a mission is held: the code in the user's language, with the detail as it came; the detail alone for new codes. */
function HeldReason({ held }: { readonly held: NonNullable<MissionView["held"]> }) {
  const { t, i18n } = useTranslation();
  const key = `held.${held.code}`;
  return (
    <span className="dim" title={held.detail}>
      {" "}
      {i18n.exists(key) ? t(key) : held.detail}
    </span>
  );
}
