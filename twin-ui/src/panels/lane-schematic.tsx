import { useEffect, useMemo, useReducer } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSlow } from "../app/live-twin.ts";
import { shortVehicleName } from "../scene/layers/label-layer.ts";
import { schematicOf } from "./schematic.ts";

const EVERY_MS = 500;
const WIDTH = 1_400;
const LEFT = 120;
const ROW = 30;
const TOP = 22;
const VEHICLE_M = 15;

/** Both roads as straight lines, true in chainage: where each vehicle is between the stations, and where it is dense. */
export function LaneSchematic() {
  const { t } = useTranslation();
  const live = useLive();
  const show = useShowVehicle();
  const vehicles = useSlow((state) => state.vehicles);
  const selected = useSlow((state) => state.selectedVehicleId);
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(again, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const schematic = useMemo(() => schematicOf(live.site), [live.site]);
  const { rows, fromM, toM, ticksM } = schematic;
  const unmanned = rows.filter(({ kind }) => kind === "unmanned");
  const scale = (WIDTH - LEFT - 20) / (toM - fromM);
  const xOf = (chainageM: number): number => LEFT + (chainageM - fromM) * scale;
  const yardY = TOP + unmanned.length * ROW + ROW / 2;
  const height = TOP + (unmanned.length + 1) * ROW + 8;
  const poses = live.fleet.sample(performance.now());

  return (
    <svg className="schematic" viewBox={`0 0 ${WIDTH} ${height}`}>
      <title>{t("desk.lanes")}</title>
      {ticksM.map((atM) => (
        <g key={atM}>
          <line className="tick" x1={xOf(atM)} x2={xOf(atM)} y1={TOP - 4} y2={height - 6} />
          <text className="tick-text" x={xOf(atM)} y={12} textAnchor="middle">
            {atM === 0 ? t("place.line") : `${atM} m`}
          </text>
        </g>
      ))}
      <line className="border" x1={xOf(0)} x2={xOf(0)} y1={TOP - 6} y2={height - 4} />
      {unmanned.map((row, index) => {
        const y = TOP + index * ROW + ROW / 2;
        return (
          <g key={row.laneId}>
            <text className="row-text" x={8} y={y + 4}>
              {row.direction === "export" ? "→ " : "← "}
              {t(`direction.${row.direction}`)}
            </text>
            <line className="lane" x1={xOf(row.fromM)} x2={xOf(row.toM)} y1={y} y2={y} />
            {row.stations.map(({ stationId, kind, atM }) => (
              <rect key={stationId} className="station" x={xOf(atM) - 3} y={y - 8} width={6} height={16}>
                <title>{`${kind} ${stationId}`}</title>
              </rect>
            ))}
          </g>
        );
      })}
      <text className="row-text" x={8} y={yardY + 4}>
        {t("place.yard")}
      </text>
      {vehicles.map(({ vehicleId, view }) => {
        const index = live.fleet.indexOf(vehicleId);
        if (index === undefined) return null;
        const xM = poses.xM[index] ?? 0;
        const row = schematic.rowAt(xM, poses.yM[index] ?? 0);
        const y = row === undefined || row >= unmanned.length ? yardY : TOP + row * ROW + ROW / 2;
        const isWrong = view.failed !== undefined || view.connection !== "online";
        return (
          // biome-ignore lint/a11y/useSemanticElements: an SVG has no button of its own.
          <g
            key={vehicleId}
            className="schematic-vehicle"
            role="button"
            tabIndex={0}
            aria-label={shortVehicleName(vehicleId)}
            aria-pressed={selected === vehicleId}
            data-wrong={isWrong}
            data-waits={view.explanation !== undefined}
            data-loaded={view.loadIds.length > 0}
            onClick={() => show(vehicleId)}
            onKeyDown={(event) => {
              if (event.key === "Enter" || event.key === " ") show(vehicleId);
            }}
          >
            <title>{shortVehicleName(vehicleId)}</title>
            <rect
              x={xOf(xM) - Math.max(4, (VEHICLE_M * scale) / 2)}
              y={y - 5}
              width={Math.max(8, VEHICLE_M * scale)}
              height={10}
              rx={2}
            />
            {isWrong ? (
              <text x={xOf(xM)} y={y - 8} textAnchor="middle">
                ▲
              </text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}
