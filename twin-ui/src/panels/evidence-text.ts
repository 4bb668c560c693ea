import { Evidence, type MissionView } from "@baton/orchestrator/contract";
import type { TFunction } from "i18next";
import { conforms } from "../feed/conforms.ts";
import type en from "../i18n/en.json";

type Entry = Pick<MissionView["timeline"][number], "evidence" | "evidenceParts">;

const isKnown = (parts: unknown): parts is Evidence => conforms(Evidence, parts);

/** By what a step was done, in the reader's language; names and references stay as they are. As its text where it has no parts that are known. */
export function evidenceText(t: TFunction, { evidence = "", evidenceParts: parts }: Entry): string {
  if (!isKnown(parts)) return evidence;
  if ("reference" in parts) return parts.reference;
  const key: keyof typeof en = `evidence.${parts.code}`;
  if (parts.code !== "accepted") return t(key, parts);
  const mismatch: keyof typeof en = `held.${parts.mismatch}`;
  return t(key, { ...parts, mismatch: t(mismatch) });
}
