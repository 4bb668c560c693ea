import { type MissionActName, type MissionView, REFUSAL_CODES } from "@baton/orchestrator/contract";
import { useTranslation } from "react-i18next";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { Act, type ActField } from "./act.tsx";

interface WordActsProps {
  readonly mission: MissionView;
  readonly about: string;
}

/**
 * What people say of a container that no device, agency or partner says. The orchestrator tells which of it is possible now; the
 * hand-off's withdrawal stands at the line.
 */
export function WordActs({ mission, about }: WordActsProps) {
  return mission.acts?.map((act) => <WordAct key={act} act={act} mission={mission} about={about} />);
}

function WordAct({
  act,
  mission: { missionId, side, vehicleId },
  about,
}: WordActsProps & { readonly act: MissionActName }) {
  const { t } = useTranslation();
  const post = (what: string, body: Readonly<Record<string, unknown>>) =>
    ({ method: "POST", path: `/missions/${encodeURIComponent(missionId)}/${what}`, body }) as const;
  const codes: ActField = {
    name: "code",
    label: t("field.code"),
    choices: REFUSAL_CODES.map((value) => ({ value, label: t(`refusal.${value}`) })),
  };
  const containerNo: ActField = { name: "containerNo", label: t("field.containerNo"), maxLength: 16 };
  const reading = (reason: string, read: Readonly<Record<string, unknown>>) =>
    post("reading", { reading: read, reason });
  switch (act) {
    case "divert":
      return (
        <Act
          about={about}
          name="divert"
          permission="mission:divert"
          side={side}
          request={(reason) => post("inspection", { reason })}
        />
      );
    case "reweigh":
    case "rescan":
      return (
        <Act
          about={about}
          name={act}
          permission={`mission:${act}`}
          side={side}
          request={(reason) => post("measurement", { what: act === "reweigh" ? "weigh" : "scan", reason })}
        />
      );
    case "reseal":
      return (
        <Act
          about={about}
          name="reseal"
          permission="mission:reseal"
          side={side}
          fields={[{ name: "sealNo", label: t("field.sealNo") }]}
          request={(reason, { sealNo }) => post("seal", { sealNo, reason })}
        />
      );
    case "read-truck":
    case "reread-truck":
      return (
        <Act
          about={about}
          name={act === "read-truck" ? "readTruck" : "rereadTruck"}
          permission={act === "read-truck" ? "mission:read" : "mission:reread"}
          side={side}
          fields={[containerNo, { name: "truckPlate", label: t("field.truckPlate"), maxLength: 32 }]}
          request={(reason, values) => reading(reason, values)}
        />
      );
    case "read-vehicle":
    case "reread-vehicle":
      return (
        <Act
          about={about}
          name={act === "read-vehicle" ? "readVehicle" : "rereadVehicle"}
          permission={act === "read-vehicle" ? "mission:read" : "mission:reread"}
          side={side}
          fields={[
            containerNo,
            { name: "vehicle", label: t("field.vehicle") },
            {
              name: "seal",
              label: t("field.seal"),
              choices: [
                { value: "intact", label: t("field.seal.intact") },
                { value: "broken", label: t("field.seal.broken") },
              ],
            },
          ]}
          request={(reason, { containerNo: read, vehicle, seal }) =>
            reading(reason, { containerNo: read, vehicle, sealIntact: seal === "intact" })
          }
        />
      );
    case "paper-customs":
    case "paper-border-guard":
    case "paper-quarantine":
      return (
        <Act
          about={about}
          name="paper"
          permission={`mission:${act}`}
          side={side}
          fields={[{ name: "documentNo", label: t("field.documentNo") }]}
          request={(reason, { documentNo }) => post("paper-release", { documentNo, reason })}
        />
      );
    case "refuse":
      return (
        <Act
          about={about}
          name="refuseContainer"
          permission="mission:refuse"
          side={side}
          fields={[codes]}
          request={(reason, { code }) => post("refusal", { code, reason })}
        />
      );
    case "towed": {
      const name = vehicleId === undefined ? missionId : shortVehicleName(vehicleId);
      return (
        <Act
          about={about}
          name="towed"
          typed={name}
          permission="mission:towed"
          side={side}
          request={(reason) => post("towed", { reason })}
        />
      );
    }
    // Shown whether possible or not, and at the line.
    case "recall":
    case "withdraw":
      return null;
  }
}

/** Why a container cannot be had back now, for an act that is shown all the same. */
export const barredBy = (why: MissionView["backBarred"]): { readonly barred?: string } =>
  why === undefined ? {} : { barred: why };

/** To want back what stands at the line, although the partner may have said `go`: whoever does types the vehicle's name. */
export function WithdrawAct({ mission }: { readonly mission: MissionView }) {
  const { missionId, side, vehicleId, containerNo, acts, backBarred } = mission;
  const name =
    vehicleId === undefined ? paintedNumber(containerNo ?? mission.orderId) : shortVehicleName(vehicleId);
  return (
    <Act
      about={name}
      name="withdraw"
      typed={name}
      {...(acts?.includes("withdraw") === true ? {} : barredBy(backBarred))}
      permission="mission:withdraw"
      side={side}
      request={(reason) => ({
        method: "POST",
        path: `/missions/${encodeURIComponent(missionId)}/withdrawal`,
        body: { reason },
      })}
    />
  );
}
