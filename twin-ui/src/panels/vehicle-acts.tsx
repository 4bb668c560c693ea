import { useLive, useSlow } from "../app/live-twin.ts";
import type { MergedVehicle } from "../feed/merge.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { Act } from "./act.tsx";
import { MissionActs } from "./mission-acts.tsx";
import { VouchActs } from "./vouch-acts.tsx";

const PLACES = [
  { to: "charger", name: "toCharger" },
  { to: "parking", name: "toParking" },
] as const;

/** What can be done about a vehicle, and about the mission that it is on. */
export function VehicleActs({ vehicle: { vehicleId, holder, view } }: { readonly vehicle: MergedVehicle }) {
  const { site } = useLive();
  const mission = useSlow((state) =>
    state.missions.find(
      (each) =>
        each.vehicleId === vehicleId &&
        each.side === holder &&
        (each.status === "running" || each.status === "held"),
    ),
  );
  // Each side lifts its own request, also when the vehicle has passed to the other one meanwhile.
  const { stoppedBy = [] } = view;
  const lifts = stoppedBy.includes(site.side) ? site.side : (stoppedBy[0] ?? holder);
  const about = shortVehicleName(vehicleId);
  const path = `/vehicles/${encodeURIComponent(vehicleId)}`;
  const post = (what: string) => (reason: string) =>
    ({ method: "POST", path: `${path}/${what}`, body: { reason } }) as const;
  return (
    <>
      <div className="acts">
        <Act
          about={about}
          name="stop"
          permission="vehicle:stop"
          side={holder}
          request={post("stop-request")}
        />
        <Act about={about} name="resume" permission="vehicle:resume" side={lifts} request={post("resume")} />
        {view.failed === undefined ? (
          // Keys: what came of one must not be read under the other, which takes its place.
          <Act
            key="fail"
            about={about}
            name="fail"
            permission="vehicle:fail"
            side={holder}
            request={post("failed")}
          />
        ) : (
          <Act
            key="recover"
            about={about}
            name="recover"
            permission="vehicle:recover"
            side={holder}
            request={post("recovered")}
          />
        )}
        {view.explanation?.head.because === "is-not-located" &&
        view.explanation.head.vehicleId === vehicleId ? (
          <VouchActs vehicleId={vehicleId} side={holder} about={about} />
        ) : null}
        {mission !== undefined ? null : (
          <Act
            key={view.connection === "asleep" ? "wake" : "sleep"}
            about={about}
            name={view.connection === "asleep" ? "wake" : "sleep"}
            permission="vehicle:park"
            side={holder}
            request={post(view.connection === "asleep" ? "wake" : "sleep")}
          />
        )}
        {mission !== undefined || view.failed !== undefined
          ? null
          : PLACES.map(({ to, name }) => (
              <Act
                key={to}
                about={about}
                name={name}
                permission="vehicle:park"
                side={holder}
                request={(reason) => ({ method: "POST", path: `${path}/park`, body: { to, reason } })}
              />
            ))}
      </div>
      {mission === undefined ? null : <MissionActs mission={mission} about={about} />}
    </>
  );
}
