import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { milestonePage, problemPage } from "../../orchestrator/src/partner/catalogue-page.ts";

it.each([
  ["partner-problems.md", problemPage],
  ["partner-events.md", milestonePage],
])("docs/%s says what the code does", async (name, page) => {
  expect(await readFile(new URL(`../../docs/${name}`, import.meta.url), "utf8")).toBe(page());
});
