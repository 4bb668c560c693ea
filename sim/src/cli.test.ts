import { afterEach, expect, it, vi } from "vitest";
import { simCli } from "./cli.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("tells of every command, those of whoever starts it too", async () => {
  const said: unknown[] = [];
  for (const out of ["log", "info"] as const)
    vi.spyOn(console, out).mockImplementation((text: unknown) => said.push(text));
  await simCli(["node", "sim", "--help"], {
    script: "",
    startRedis: () => Promise.reject(new Error("nothing is run")),
    trials: [{ name: "torture", about: "Try the reservation engine" }],
  });
  const help = said.join("\n");
  for (const name of ["scenarios", "check", "limits", "run", "compare", "size", "record", "torture"])
    expect(help).toMatch(new RegExp(`^ +${name}\\b`, "m"));
  expect(help).toContain("Try the reservation engine");
});
