import type { Side } from "@baton/maps";
import type { ClosureView } from "@baton/orchestrator/contract";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { Act } from "./act.tsx";
import { closedPart, lanesToClose, roadsOverLine } from "./ground.ts";

const SIDES: readonly Side[] = ["vn", "cn"];

/** Ground out of use on both sides, and the ground of this side that can be taken out of use. */
export function GroundPanel() {
  const { t } = useTranslation();
  const { site } = useLive();
  const sides = useSlow((state) => state.sides);
  const own = sides[site.side].closures;
  const lanes = useMemo(() => lanesToClose(site, site.side), [site]);
  const overLine = useMemo(() => roadsOverLine(site, site.side), [site]);
  const selected = useSlow(({ vehicles, selectedVehicleId }) =>
    vehicles.find(({ vehicleId }) => vehicleId === selectedVehicleId),
  );
  const standing = SIDES.flatMap((side) => sides[side].closures.map((closure) => ({ side, closure })));
  const way = selected?.holder === site.side ? selected.view.grantedEdgeIds : [];
  return (
    <>
      {standing.length === 0 ? (
        <p className="panel-note">
          {t("ground.none")} {t("ground.hint")}
        </p>
      ) : (
        <table>
          <caption>{t("ground.closures")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("missions.column.side")}</th>
              <th scope="col">{t("ground.closure")}</th>
              <th scope="col" className="number">
                {t("ground.roads")}
              </th>
              <th scope="col">{t("act.reason")}</th>
              <th scope="col">{t("ground.acts")}</th>
            </tr>
          </thead>
          <tbody>
            {standing.map(({ side, closure }) => (
              <ClosureRow key={`${side}.${closure.closureId}`} side={side} closure={closure} />
            ))}
          </tbody>
        </table>
      )}
      <table>
        <caption>{t("ground.own", { side: t(`side.${site.side}`) })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("ground.what")}</th>
            <th scope="col" className="number">
              {t("ground.roads")}
            </th>
            <th scope="col">{t("missions.column.status")}</th>
            <th scope="col">{t("ground.acts")}</th>
          </tr>
        </thead>
        <tbody>
          {overLine.length === 0 ? null : (
            <GroundRow
              name={t("ground.line")}
              act="closeBorder"
              edgeIds={overLine}
              part={closedPart(overLine, own)}
            />
          )}
          {lanes.map(({ laneId, direction, number, edgeIds }) => (
            <GroundRow
              key={laneId}
              name={t("ground.lane", { direction: t(`direction.${direction}`), number })}
              edgeIds={edgeIds}
              part={closedPart(edgeIds, own)}
            />
          ))}
          {selected === undefined || way.length === 0 ? null : (
            <GroundRow
              key={selected.vehicleId}
              name={t("ground.way", { vehicle: shortVehicleName(selected.vehicleId) })}
              edgeIds={way}
              part={closedPart(way, own)}
            />
          )}
        </tbody>
      </table>
      {standing.length === 0 ? null : <p className="panel-note">{t("ground.hint")}</p>}
    </>
  );
}

function ClosureRow({ side, closure }: { readonly side: Side; readonly closure: ClosureView }) {
  const { t } = useTranslation();
  const { closureId, edgeIds, reason } = closure;
  return (
    <tr>
      <td>{t(`side.${side}`)}</td>
      <td className="code">{closureId}</td>
      <td className="number" title={edgeIds.join("\n")}>
        {edgeIds.length}
      </td>
      <td className="wrap">{reason}</td>
      <td>
        <div className="row-acts">
          <Act
            name="open"
            permission="ground:open"
            side={side}
            request={(why) => ({
              method: "DELETE",
              path: `/closures/${encodeURIComponent(closureId)}?reason=${encodeURIComponent(why)}`,
            })}
          />
        </div>
      </td>
    </tr>
  );
}

function GroundRow({
  name,
  act = "close",
  edgeIds,
  part,
}: {
  readonly name: string;
  readonly act?: "close" | "closeBorder";
  readonly edgeIds: readonly string[];
  readonly part: "open" | "partly" | "closed";
}) {
  const { t } = useTranslation();
  const { site } = useLive();
  return (
    <tr>
      <td>{name}</td>
      <td className="number">{edgeIds.length}</td>
      <td className="status" data-ground={part}>
        {t(`ground.part.${part}`)}
      </td>
      <td>
        <div className="row-acts">
          {part === "closed" ? null : (
            <Act
              name={act}
              permission="ground:close"
              side={site.side}
              request={(reason) => ({ method: "POST", path: "/closures", body: { edgeIds, reason } })}
            />
          )}
        </div>
      </td>
    </tr>
  );
}
