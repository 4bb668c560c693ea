import { WaitingReasonsView } from "@baton/orchestrator/contract";
import { useAskedAgain } from "../app/asked-again.ts";
import { conforms } from "../feed/conforms.ts";
import { durationText } from "../i18n/duration.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";

type Reason = Pick<WaitingReasonsView["missions"][number], "code" | "facts">;

const EVERY_MS = 3_000;
const areReasons = (value: unknown): value is WaitingReasonsView => conforms(WaitingReasonsView, value);

/** Why dispatch of this page's side leaves missions and vehicles where they are; asked again while somebody looks. */
export function useDispatchReasons(): WaitingReasonsView | undefined {
  return useAskedAgain("/dispatch/reasons", areReasons, EVERY_MS);
}

/** A reason in the language of the page, with the vehicle and the time that it names; its code when it is a new one. */
export function reasonText(
  t: (key: string, values: Readonly<Record<string, string | number>>) => string,
  exists: (key: string) => boolean,
  { code, facts }: Reason,
  nowMs: number | undefined,
): string {
  const key = `why.${code}`;
  const { untilMs, vehicleId } = facts ?? {};
  return [
    exists(key) ? t(key, {}) : code,
    ...(typeof vehicleId === "string" ? [shortVehicleName(vehicleId)] : []),
    ...(typeof untilMs === "number" && nowMs !== undefined && untilMs > nowMs
      ? [t("why.until", { duration: durationText(t, untilMs - nowMs) })]
      : []),
  ].join(" · ");
}
