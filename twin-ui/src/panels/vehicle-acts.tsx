import type { MissionView } from "@baton/orchestrator/contract";
import { useSlow } from "../app/live-twin.ts";
import type { MergedVehicle } from "../feed/merge.ts";
import { shortVehicleName } from "../scene/layers/label-layer.ts";
import { Act } from "./act.tsx";

/** What can be done about a vehicle, and about the mission that it is on. */
export function VehicleActs({ vehicle: { vehicleId, holder, view } }: { readonly vehicle: MergedVehicle }) {
  const mission = useSlow((state) =>
    state.missions.find(
      (each) =>
        each.vehicleId === vehicleId &&
        each.side === holder &&
        (each.status === "running" || each.status === "held"),
    ),
  );
  const about = shortVehicleName(vehicleId);
  const path = `/vehicles/${encodeURIComponent(vehicleId)}`;
  const post = (what: string) => (reason: string) =>
    ({ method: "POST", path: `${path}/${what}`, body: { reason } }) as const;
  return (
    <div className="acts">
      <Act about={about} name="stop" permission="vehicle:stop" side={holder} request={post("stop-request")} />
      <Act about={about} name="resume" permission="vehicle:resume" side={holder} request={post("resume")} />
      {view.failed === undefined ? (
        <Act about={about} name="fail" permission="vehicle:fail" side={holder} request={post("failed")} />
      ) : (
        <Act
          about={about}
          name="recover"
          permission="vehicle:recover"
          side={holder}
          request={post("recovered")}
        />
      )}
      {mission === undefined ? null : <MissionActs mission={mission} about={about} />}
    </div>
  );
}

const RESUME = [
  { how: "retry", name: "retry", permission: "mission:resume" },
  { how: "override", name: "override", permission: "mission:override" },
  { how: "return", name: "return", permission: "mission:return" },
] as const;

const URGENT = 9;

function MissionActs({
  mission: { missionId, side, status },
  about,
}: {
  readonly mission: MissionView;
  readonly about: string;
}) {
  const path = `/missions/${encodeURIComponent(missionId)}`;
  return (
    <>
      {status === "held"
        ? RESUME.map(({ how, name, permission }) => (
            <Act
              key={how}
              about={about}
              name={name}
              permission={permission}
              side={side}
              request={(reason) => ({ method: "POST", path: `${path}/resume`, body: { how, reason } })}
            />
          ))
        : null}
      <Act
        about={about}
        name="urgent"
        permission="mission:prioritise"
        side={side}
        request={(reason) => ({
          method: "POST",
          path: `${path}/priority`,
          body: { priority: URGENT, reason },
        })}
      />
    </>
  );
}
