import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Type from "typebox";
import { afterAll, expect, test } from "vitest";
import { keptRuns } from "./kept-runs.ts";

const folder = await mkdtemp(join(tmpdir(), "baton-kept-"));
afterAll(() => rm(folder, { recursive: true }));
const Result = Type.Object({ missions: Type.Integer() });

test("a run that was kept is not made again, by the next process either; one that broke is", async () => {
  let made = 0;
  const run = async () => ({ missions: ++made });
  const first = await keptRuns(folder, Result);
  expect(await first(["lanes-150/p0.01", "seed 1"], run)).toEqual({ missions: 1 });
  const breaks = async () => Promise.reject(new Error("cut off"));
  await expect(first(["lanes-150/p0.01", "seed 2"], breaks)).rejects.toThrow("cut off");
  const second = await keptRuns(folder, Result);
  expect(await second(["lanes-150/p0.01", "seed 1"], run)).toEqual({ missions: 1 });
  expect(await second(["lanes-150/p0.01", "seed 2"], run)).toEqual({ missions: 2 });
  expect(await readdir(folder)).toHaveLength(2);
});

test("without a folder each run is made", async () => {
  let made = 0;
  const kept = await keptRuns(undefined, Result);
  for (const expected of [1, 2])
    expect(await kept(["same"], async () => ({ missions: ++made }))).toEqual({ missions: expected });
});
