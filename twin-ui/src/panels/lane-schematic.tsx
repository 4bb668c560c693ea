import { type RefObject, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSlow } from "../app/live-twin.ts";
import { stationTextKey } from "../scene/places.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { schematicOf } from "./schematic.ts";

const EVERY_MS = 500;
/** Until the page has been laid out; then what there is. */
const WIDTH_PX = 1_080;
const LEFT = 132;
const ROW = 36;
const TOP = 22;
const VEHICLE_M = 15;
/** Names that would stand closer than this leave one another out; the one that is selected or in trouble stays. */
const NAME_PX = 40;

/** The width that an element has, and keeps up with. */
function useWidthPx(): readonly [RefObject<SVGSVGElement | null>, number] {
  const element = useRef<SVGSVGElement>(null);
  const [widthPx, setWidthPx] = useState(WIDTH_PX);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidthPx(entry.contentRect.width);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, widthPx];
}

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
  const stationName = (kind: string): string => {
    const key = stationTextKey(kind);
    return key === undefined ? kind : t(key);
  };
  const [element, widthPx] = useWidthPx();
  const scale = (widthPx - LEFT - 20) / (toM - fromM);
  const xOf = (chainageM: number): number => LEFT + (chainageM - fromM) * scale;
  const yardY = TOP + unmanned.length * ROW + ROW / 2;
  const height = TOP + (unmanned.length + 1) * ROW + 8;
  const poses = live.fleet.sample(performance.now());
  const shown = vehicles.flatMap((vehicle) => {
    const index = live.fleet.indexOf(vehicle.vehicleId);
    if (index === undefined) return [];
    const xM = poses.xM[index] ?? 0;
    const row = schematic.rowAt(xM, poses.yM[index] ?? 0);
    const y = row === undefined || row >= unmanned.length ? yardY : TOP + row * ROW + ROW / 2;
    const isWrong = vehicle.view.failed !== undefined || vehicle.view.connection !== "online";
    const isFirst = isWrong || vehicle.vehicleId === selected;
    return [{ ...vehicle, x: xOf(xM), y, isWrong, isFirst }];
  });
  const named = new Set<string>();
  for (const one of [...shown].sort((a, b) => Number(b.isFirst) - Number(a.isFirst) || a.x - b.x)) {
    const isCrowded = shown.some(
      (other) =>
        named.has(other.vehicleId) &&
        other.y === one.y &&
        Math.abs(other.x - one.x) < NAME_PX &&
        !one.isFirst,
    );
    if (!isCrowded) named.add(one.vehicleId);
  }

  return (
    <svg ref={element} className="schematic" viewBox={`0 0 ${widthPx} ${height}`} height={height}>
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
            <line className="lane" x1={xOf(row.fromM)} x2={xOf(row.toM)} y1={y + 1} y2={y + 1} />
            {row.stations.map(({ stationId, kind, atM }) => (
              <rect key={stationId} className="station" x={xOf(atM) - 3} y={y - 7} width={6} height={16}>
                <title>{`${stationName(kind)} ${stationId}`}</title>
              </rect>
            ))}
          </g>
        );
      })}
      <text className="row-text" x={8} y={yardY + 4}>
        {t("place.yard")}
      </text>
      {shown.map(({ vehicleId, view, x, y, isWrong }) => {
        const widthPx = Math.max(8, VEHICLE_M * scale);
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
            <rect x={x - widthPx / 2} y={y - 4} width={widthPx} height={10} rx={2} />
            {named.has(vehicleId) ? (
              <text x={x} y={y - 9} textAnchor="middle">
                {isWrong ? "▲ " : ""}
                {shortVehicleName(vehicleId)}
              </text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}
