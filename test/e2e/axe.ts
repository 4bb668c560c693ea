import axe from "axe-core";
import type { Page } from "playwright-core";

/** Rules of WCAG 2.2, levels A and AA. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** The one of them that depends on the theme: all else is the same in every one. */
const OF_COLOURS = ["color-contrast"];

/**
 * Barriers that the page as it is now, or the part of it at `root`, puts up: none, or which rule and where. Each element
 * is judged against everything that lies under it, so that the whole page takes seconds: where one part has changed, ask
 * of that, and where only the theme has, of its `colours`.
 */
export async function barriersOn(
  page: Page,
  root = "body",
  about: "all" | "colours" = "all",
): Promise<readonly { id: string; nodes: readonly string[] }[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  const options = {
    runOnly: about === "all" ? WCAG : OF_COLOURS,
    resultTypes: ["violations"],
    preload: false,
  };
  return page.evaluate<{ id: string; nodes: string[] }[]>(
    `axe.run(${JSON.stringify(root)}, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 160) + " — " + failureSummary) })))`,
  );
}
