import axe from "axe-core";
import type { Page } from "playwright-core";

/** Rules of WCAG 2.2, levels A and AA. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Barriers that the page as it is now puts up: none, or which rule and where. */
export async function barriersOn(page: Page): Promise<readonly { id: string; nodes: readonly string[] }[]> {
  await page.evaluate(axe.source);
  return page.evaluate<{ id: string; nodes: string[] }[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(WCAG)} }).then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 160) + " — " + failureSummary) })))`,
  );
}
