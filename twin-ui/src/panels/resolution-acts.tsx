import type { Side } from "@baton/maps";
import type { HandoffView } from "@baton/orchestrator/contract";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive, useSlow } from "../app/live-twin.ts";
import type { MergedHandoff } from "../feed/merge.ts";
import { shortVehicleName } from "../scene/vehicle-name.ts";
import { Act } from "./act.tsx";

/** A register that nobody has read for so long is looked at by a person (the alarm comes then too). */
const LOST_AFTER_MS = 20_000;

type Resolution = NonNullable<HandoffView["resolution"]>;

/**
 * Who holds a vehicle whose register can never be read again: what each side's people have said of it, and what this
 * side's may say. Out of sight while a hand-off goes as it should.
 */
export function ResolutionActs({
  handoff: { handoffId, vehicleId, sinceMs, told },
  nowMs,
}: {
  readonly handoff: MergedHandoff;
  readonly nowMs: number | undefined;
}) {
  const { t } = useTranslation();
  const { site } = useLive();
  const own = useSlow((state) => resolutionOf(state.sides[site.side].borderline?.handoffs, handoffId));
  const partner = site.side === "vn" ? "cn" : "vn";
  const [isOpen, setOpen] = useState(false);
  if (own === undefined) return null;
  const { maySay, ours, theirs } = own;
  const hasWord = ours !== undefined || theirs !== undefined;
  if (!hasWord && (nowMs === undefined || nowMs - sinceMs < LOST_AFTER_MS)) return null;
  const sideOf = (role: "giver" | "taker"): string => {
    const side = told.find((each) => each.role === role)?.side ?? otherThan(told);
    return side === undefined ? t(`handoff.role.${role}`) : t(`side.${side}`);
  };
  const wordText = (side: Side, word: Resolution["ours"]): string =>
    word === undefined
      ? t("resolution.silent", { side: t(`side.${side}`) })
      : t("resolution.word", {
          side: t(`side.${side}`),
          account: word.account,
          holder: sideOf(word.holder),
          reason: word.reason,
        });
  const name = shortVehicleName(vehicleId);
  return (
    <div className="resolution">
      <button
        type="button"
        className="link"
        aria-expanded={isOpen || hasWord}
        disabled={hasWord}
        onClick={() => setOpen((open) => !open)}
      >
        {t("resolution.lost")}
      </button>
      {isOpen || hasWord ? (
        <>
          <p>{wordText(site.side, ours)}</p>
          <p>{wordText(partner, theirs)}</p>
          {maySay.length === 0 ? (
            <p className="dim">{t("resolution.final")}</p>
          ) : (
            <>
              <p className="dim">{t("resolution.before")}</p>
              <div className="acts">
                {maySay.map((holder) => (
                  <Act
                    key={holder}
                    about={name}
                    name="resolve"
                    words={{ holder: sideOf(holder) }}
                    typed={name}
                    permission="handoff:resolve"
                    side={site.side}
                    request={(reason) => ({
                      method: "POST",
                      path: `/handoffs/${encodeURIComponent(handoffId)}/resolution`,
                      body: { holder, reason },
                    })}
                  />
                ))}
              </div>
            </>
          )}
        </>
      ) : null}
    </div>
  );
}

const resolutionOf = (
  handoffs: readonly HandoffView[] | undefined,
  handoffId: string,
): Resolution | undefined => handoffs?.find((each) => each.handoffId === handoffId)?.resolution;

/** The side that tells nothing of it. */
function otherThan(told: MergedHandoff["told"]): Side | undefined {
  const [one] = told;
  return one === undefined ? undefined : one.side === "vn" ? "cn" : "vn";
}
