import { useTranslation } from "react-i18next";
import { useLive, useShowVehicle, useSiteNowMs, useSlow } from "../app/live-twin.ts";
import type { MergedVehicle } from "../feed/merge.ts";
import { durationText } from "../i18n/duration.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { chainOf, headOf } from "../scene/waiting-arrows.ts";
import { reasonText, useDispatchReasons } from "./dispatch-reasons.ts";
import { VehicleActs } from "./vehicle-acts.tsx";
import { type WaitingChain, waitingChainOf } from "./waiting-chain.ts";

/** The selected vehicle: why it stands, for whom, until when. Nothing while none is selected. */
export function VehiclePanel() {
  const { t } = useTranslation();
  const live = useLive();
  const { store } = live;
  const vehicle = useSlow(({ vehicles, selectedVehicleId }) =>
    vehicles.find(({ vehicleId }) => vehicleId === selectedVehicleId),
  );
  const vehicles = useSlow((state) => state.vehicles);
  if (vehicle === undefined) return null;
  const { explanation, failed, stoppedBy = [] } = vehicle.view;
  return (
    <section className="panel vehicle" aria-labelledby="vehicle-title">
      <div className="panel-head">
        <h2 id="vehicle-title">{t("vehicle.title", { vehicle: shortVehicleName(vehicle.vehicleId) })}</h2>
        <span className="dim code">
          {vehicle.containerNo === undefined ? "" : paintedNumber(vehicle.containerNo)}
        </span>
        <button
          type="button"
          className="quiet"
          aria-label={t("vehicle.deselect")}
          onClick={() => store.getState().select(undefined)}
        >
          ✕
        </button>
      </div>
      <Facts vehicle={vehicle} />
      <Age />
      {failed === undefined ? null : (
        <p className="vehicle-failed">▲ {t("vehicle.failed", { reason: failed })}</p>
      )}
      {stoppedBy.map((side) => (
        <p key={side} className="vehicle-failed">
          ▲ {t("vehicle.stopped", { side: t(`side.${side}`) })}
        </p>
      ))}
      {explanation === undefined && stoppedBy.length > 0 ? null : explanation === undefined ? (
        <Unhindered vehicleId={vehicle.vehicleId} />
      ) : (
        <>
          <Chain chain={waitingChainOf(explanation.chain, headOf(explanation.head, vehicles))} />
          {explanation.chain.length === 0 ? null : (
            <button
              type="button"
              className="link chain-show"
              onClick={() =>
                live.commands?.showAll(chainOf(vehicle, vehicles).map(({ vehicleId }) => vehicleId))
              }
            >
              {t("waiting.showChain")}
            </button>
          )}
        </>
      )}
      <VehicleActs key={vehicle.vehicleId} vehicle={vehicle} />
    </section>
  );
}

/** With no feed from either side, how old all that stands here is: nothing of it is said of now. */
function Age() {
  const { t } = useTranslation();
  const lostAtMs = useSlow(({ links, replay }) => {
    const all = Object.values(links);
    return replay === undefined && all.length > 0 && all.every(({ state }) => state === "lost")
      ? Math.max(...all.map(({ sinceMs }) => sinceMs))
      : undefined;
  });
  useSiteNowMs();
  if (lostAtMs === undefined) return null;
  return (
    <p className="vehicle-failed">
      ◆ {t("vehicle.old", { age: durationText(t, performance.now() - lostAtMs) })}
    </p>
  );
}

/** Whose it is, what it is doing, and how it is, in one line. */
function Facts({ vehicle: { vehicleId, holder, view } }: { readonly vehicle: MergedVehicle }) {
  const { t } = useTranslation();
  const step = useSlow(
    (state) =>
      state.missions.find(
        (each) => each.vehicleId === vehicleId && each.side === holder && each.status !== "done",
      )?.step,
  );
  const facts = [
    t(`side.${holder}`),
    ...(step === undefined ? [] : [t(`step.${step}`)]),
    t("vehicle.battery", { percent: Math.round(view.batteryPct) }),
    ...(view.charging ? [t("fleet.charging")] : []),
    ...(view.connection === "online" ? [] : [`▲ ${t(`fleet.connection.${view.connection}`)}`]),
  ];
  return <p className="vehicle-facts">{facts.join(" · ")}</p>;
}

/** A vehicle that nothing is in the way of: it drives, or dispatch has a reason to leave it where it is. */
function Unhindered({ vehicleId }: { readonly vehicleId: string }) {
  const { t, i18n } = useTranslation();
  const nowMs = useSiteNowMs();
  const reason = useDispatchReasons()?.vehicles.find((each) => each.vehicleId === vehicleId);
  return (
    <p className="panel-empty">
      {t("waiting.nobody")}
      {reason === undefined || reason.code === "on-mission" || reason.code === "not-ours"
        ? ""
        : ` ${t("why.leftWaiting", { reason: reasonText(t, (key) => i18n.exists(key), reason, nowMs) })}`}
    </p>
  );
}

function Chain({ chain }: { readonly chain: WaitingChain }) {
  const { t } = useTranslation();
  const nowMs = useSiteNowMs();
  const show = useShowVehicle();
  const { links, more, head } = chain;
  return (
    <ol className="waiting" aria-live="polite">
      {links.map(({ heldBy, how, freeAtMs }, i) => (
        <li key={heldBy}>
          {t(i === 0 ? "waiting.first" : "waiting.next")}{" "}
          <button type="button" className="link code" onClick={() => show(heldBy)}>
            {shortVehicleName(heldBy)}
          </button>{" "}
          <span className="dim">
            {t(`waiting.how.${how}`)}
            {freeAtMs === undefined || nowMs === undefined || freeAtMs <= nowMs
              ? ""
              : ` · ${t("waiting.free", { duration: durationText(t, freeAtMs - nowMs) })}`}
          </span>
        </li>
      ))}
      {more === 0 ? null : <li className="dim">{t("waiting.more", { count: more })}</li>}
      <li>
        <span className="code">{shortVehicleName(head.vehicleId)}</span> {t(`waiting.head.${head.because}`)}
      </li>
    </ol>
  );
}
