import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { libraryTable } from "./scenarios.ts";
import { scenarioTable } from "./schema.ts";

const README = fileURLToPath(new URL("../../scenarios/README.md", import.meta.url));

describe("the README of the scenarios", () => {
  it("has every field of a scenario file as the schema has it", async () => {
    const text = await readFile(README, "utf8");
    const rows = scenarioTable();
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) expect(text).toContain(row);
  });

  it("has every scenario of the library as its file has it", async () => {
    const text = await readFile(README, "utf8");
    for (const row of await libraryTable()) expect(text).toContain(row);
  });
});
