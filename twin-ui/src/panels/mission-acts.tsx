import type { MissionView } from "@baton/orchestrator/contract";
import { useSlow } from "../app/live-twin.ts";
import { Act } from "./act.tsx";
import { barredBy, WordActs } from "./word-acts.tsx";

const RESUME = [
  { how: "retry", name: "retry", permission: "mission:resume" },
  { how: "override", name: "override", permission: "mission:override" },
  { how: "return", name: "return", permission: "mission:return" },
] as const;

const URGENT = 9;
/** Before its truck is called, a container has a slot to change and no vehicle yet. */
const BEFORE_TRUCK: ReadonlySet<string> = new Set(["register-order", "admit-truck"]);

/** What can be done about a mission that is under way. */
export function MissionActs({
  mission,
  about,
}: {
  readonly mission: MissionView;
  /** What it is called beside the button: the vehicle, or the container. */
  readonly about: string;
}) {
  const { missionId, side, status, bound, slot, step, vehicleId, backBarred } = mission;
  const selected = useSlow((state) => state.selectedVehicleId);
  const path = `/missions/${encodeURIComponent(missionId)}`;
  const post = (what: string, body: Readonly<Record<string, unknown>>) =>
    ({ method: "POST", path: `${path}/${what}`, body }) as const;
  return (
    <div className="acts">
      {status === "held"
        ? RESUME.map(({ how, name, permission }) => (
            <Act
              key={how}
              about={about}
              name={name}
              permission={permission}
              side={side}
              {...(how === "return" ? barredBy(backBarred) : {})}
              request={(reason) => post("resume", { how, reason })}
            />
          ))
        : null}
      <Act
        about={about}
        name="urgent"
        permission="mission:prioritise"
        side={side}
        request={(reason) => post("priority", { priority: URGENT, reason })}
      />
      {slot === undefined || !BEFORE_TRUCK.has(step) ? null : (
        <Act
          about={about}
          name="laterSlot"
          permission="mission:reslot"
          side={side}
          request={(reason) => post("slot", { notBeforeMs: slot.toMs, reason })}
        />
      )}
      {step !== "assign-vehicle" || selected === undefined ? null : (
        <Act
          about={about}
          name="assign"
          permission="mission:assign"
          side={side}
          request={(reason) => post("vehicle", { vehicleId: selected, reason })}
        />
      )}
      {bound !== "outbound" || status !== "running" || vehicleId === undefined ? null : (
        <Act
          about={about}
          name="recall"
          permission="mission:recall"
          side={side}
          {...barredBy(backBarred)}
          request={(reason) => post("recall", { reason })}
        />
      )}
      <WordActs mission={mission} about={about} />
    </div>
  );
}
