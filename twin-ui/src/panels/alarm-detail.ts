import type { AlarmView } from "@baton/orchestrator/contract";
import { durationText } from "../i18n/duration.ts";
import { paintedNumber } from "../scene/number-atlas.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";

/** Texts of the page's language. */
export interface Texts {
  t(key: string, values: Readonly<Record<string, string | number>>): string;
  exists(key: string): boolean;
}

/**
 * What an alarm is about in this case, in the language of the page, with its facts put in; in the orchestrator's English when
 * there is no text for it, or when it lacks a fact that the text tells of.
 */
export function alarmDetail(texts: Texts, alarm: AlarmView): string {
  const { code, facts } = alarm;
  const keys = [
    `alarm.detail.${code}.${facts?.cause ?? "plain"}`,
    `alarm.detail.${code}`,
    // A vehicle's own errors have a name each, and all say the same of it: its own words.
    ...(code.startsWith("fleet.error.") ? ["alarm.detail.fleet.error"] : []),
  ];
  const key = keys.find((each) => texts.exists(each));
  if (key === undefined) return alarm.detail;
  const text = texts.t(key, valuesOf(texts, alarm));
  // A value that is not there leaves its name.
  return text.includes("{{") ? alarm.detail : text;
}

function valuesOf({ t, exists }: Texts, alarm: AlarmView): Readonly<Record<string, string>> {
  const { vehicleId, facts = {} } = alarm;
  const { cause, containerNo, loadsBefore, loadsNow, seconds, step, commands, xM, yM } = facts;
  /** The text of a word that the orchestrator uses; the word itself when it is a new one. */
  const worded = (key: string, word: string): string => (exists(key) ? t(key, {}) : word);
  const loads = (said: string | undefined): string | undefined =>
    said === "" ? t("alarm.nothing", {}) : said?.split(", ").map(paintedNumber).join(", ");
  const values: Readonly<Record<string, string | undefined>> = {
    vehicle: vehicleId === undefined ? undefined : shortVehicleName(vehicleId),
    container: containerNo === undefined ? undefined : paintedNumber(containerNo),
    loadsBefore: loads(loadsBefore),
    loadsNow: loads(loadsNow),
    device: facts.deviceId,
    place: facts.place,
    duration: seconds === undefined ? undefined : durationText(t, seconds * 1000),
    step: step === undefined ? undefined : worded(`step.${step}`, step),
    cause: cause === undefined ? undefined : worded(`held.${cause}`, cause),
    side: commands === undefined ? t("alarm.nobody", {}) : t(`side.${commands}`, {}),
    at: xM === undefined || yM === undefined ? undefined : `(${xM.toFixed(1)}, ${yM.toFixed(1)})`,
    said: facts.said,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => [[name, value ?? `{{${name}}}`]]),
  );
}
