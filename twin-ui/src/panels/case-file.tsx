import type { MissionView } from "@baton/orchestrator/contract";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import { obstacleTo } from "../app/standing.ts";
import { whoMay } from "./act-texts.ts";

const isCase = (value: unknown): value is object => typeof value === "object" && value !== null;

/** All that this side knows of one container, as a file to hand on. */
export function CaseFile({ mission: { missionId, side } }: { readonly mission: MissionView }) {
  const { t } = useTranslation();
  const { api, site } = useLive();
  const me = useSlow((state) => state.me);
  const id = useId();
  const [isFailed, setFailed] = useState(false);
  const obstacle = obstacleTo("audit:read", me, site.side, side);
  const save = async (): Promise<void> => {
    const found = await api.read(`/missions/${encodeURIComponent(missionId)}/case-file`, isCase);
    setFailed(found === undefined);
    if (found !== undefined) download(`${missionId}.json`, JSON.stringify(found, null, 2));
  };
  return (
    <>
      <button
        type="button"
        className="act-button"
        aria-disabled={obstacle !== undefined}
        aria-describedby={obstacle === undefined ? undefined : id}
        title={obstacle === undefined ? undefined : whoMay(t, obstacle)}
        onClick={() => {
          if (obstacle === undefined) void save();
        }}
      >
        {t("missions.caseFile")}
      </button>
      <span id={id} hidden>
        {obstacle === undefined ? "" : whoMay(t, obstacle)}
      </span>
      <span role="status" className="dim">
        {isFailed ? t("act.unreachable") : ""}
      </span>
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
