import type { TFunction } from "i18next";
import type { ActAnswer } from "../app/api.ts";
import type { Obstacle } from "../app/standing.ts";

/** Why an act is not for whoever looks, and for whom it is. */
export function whoMay(t: TFunction, obstacle: Obstacle): string {
  if (obstacle.kind === "replay") return t("act.replay");
  if (obstacle.kind === "barred") return t(`why.${obstacle.why}`);
  if (obstacle.kind === "not-known") return t("act.notKnown");
  if (obstacle.kind === "other-side") return t("act.otherSide", { side: t(`side.${obstacle.side}`) });
  return t("act.otherRole", { roles: obstacle.roles.map((role) => t(`role.${role}`)).join(", ") });
}

/**
 * What came of an act. A refusal is told in the language of the page by its code, with what the orchestrator said of this
 * case; a code that the page does not know, in the orchestrator's words.
 */
export function answerText(t: TFunction, exists: (key: string) => boolean, answer: ActAnswer): string {
  switch (answer.kind) {
    case "done":
      return t("act.done");
    case "proposed":
      return t("act.proposed");
    case "unreachable":
      return t("act.unreachable");
    case "refused": {
      const { code, title, detail, hint } = answer;
      const reasonKey = `why.${detail}`;
      const key = `refused.${code}`;
      if (!exists(key)) return `${title}. ${hint} (${detail})`;
      if (exists(reasonKey)) return `${t(key)} ${t(reasonKey)}`;
      // A detail of one word is the id of what the act is about, beside which this is read.
      return detail.includes(" ") ? `${t(key)} (${detail})` : t(key);
    }
  }
}
