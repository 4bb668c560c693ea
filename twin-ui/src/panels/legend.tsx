import type { ClosureView } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { closureKind } from "../feed/closure-kind.ts";

const isAbnormal = ({ closureId }: ClosureView): boolean => closureKind(closureId).kind !== "kept";

/** What the signs on the ground mean, as far as they are shown. */
export function Legend() {
  const { t } = useTranslation();
  const { fences, zones } = useLive().site;
  const layers = useSlow((state) => state.layers);
  const anyClosed = useSlow(({ closures }) => closures.some(isAbnormal));
  const anyKept = useSlow(({ closures }) => !closures.every(isAbnormal));
  const isSaid = useSlow((state) =>
    state.vehicles.some(
      ({ vehicleId, view }) => vehicleId === state.selectedVehicleId && view.plannedWay !== undefined,
    ),
  );
  const anyWaits = useSlow((state) => state.vehicles.some(({ view }) => view.explanation !== undefined));
  const signs = [
    { sign: "", text: "legend.granted", isShown: layers.ways },
    { sign: "is-dashed", text: "legend.planned", isShown: layers.ways },
    { sign: "is-said", text: "legend.said", isShown: isSaid },
    { sign: "is-fence", text: "legend.fence", isShown: layers.areas && fences !== undefined },
    { sign: "is-zone", text: "legend.zone", isShown: layers.areas && zones !== undefined },
    { sign: "is-waiting", text: "legend.waiting", isShown: layers.waiting && anyWaits },
    { sign: "is-claimed", text: "legend.ground.claimed", isShown: layers.ground },
    { sign: "is-held", text: "legend.ground.held", isShown: layers.ground },
    { sign: "is-long", text: "legend.ground.long", isShown: layers.ground },
    { sign: "is-kept", text: "legend.kept", isShown: anyKept },
    { sign: "is-closed", text: "legend.closed", isShown: anyClosed },
  ].filter(({ isShown }) => isShown);
  if (signs.length === 0) return null;
  return (
    <ul data-over-scene className="legend" aria-label={t("legend.label")}>
      {signs.map(({ sign, text }) => (
        <li key={text}>
          <span className={`legend-line ${sign}`} aria-hidden="true" />
          {t(text)}
        </li>
      ))}
    </ul>
  );
}
