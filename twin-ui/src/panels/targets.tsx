import type { TargetView } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { placeIn } from "./bands.ts";

/** What crossed in the last hour, each direction, on one scale with what the crossing is to carry in the years to come. */
export function Targets({
  targets,
  crossed,
}: {
  readonly targets: readonly TargetView[];
  readonly crossed: readonly { readonly direction: "export" | "import"; readonly count: number }[];
}) {
  const { t } = useTranslation();
  if (targets.length === 0) return null;
  const most = Math.max(...targets.map((target) => target.unmannedAnHourADirection.to)) * 1.15;
  const part = (value: number): string => `${Math.min(100, (value / most) * 100)}%`;
  return (
    <table className="targets">
      <caption>{t("targets.title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("missions.column.direction")}</th>
          <th scope="col" className="number">
            {t("targets.lastHour")}
          </th>
          {targets.map(({ year, unmannedAnHourADirection: { from, to }, vehiclesADay, source }) => (
            <th key={year} scope="col" title={source}>
              {t("targets.year", { year, from, to, dayFrom: vehiclesADay.from, dayTo: vehiclesADay.to })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {crossed.map(({ direction, count }) => (
          <tr key={direction}>
            <td>{t(`direction.${direction}`)}</td>
            <td className="number">
              <strong>{count}</strong>
            </td>
            {targets.map(({ year, unmannedAnHourADirection: band }) => (
              <td key={year}>
                <span className="band" aria-hidden="true">
                  <span
                    className="band-asked"
                    style={{ left: part(band.from), right: `calc(100% - ${part(band.to)})` }}
                  />
                  <span className="band-mark" style={{ left: part(count) }} />
                </span>{" "}
                {t(`targets.${placeIn(band, count)}`)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
