import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type CellKind,
  gridText,
  mapText,
  movingAiMapText,
  scenarioText,
  tasksText,
} from "./instances/public-formats.ts";
import { streamOf } from "./instances/seeded.ts";
import { chuteBeside, isInduct, SORTING } from "./instances/sorting.ts";
import { cellsWhere, isWarehouseEndpoint, isWarehouseHome, WAREHOUSE } from "./instances/warehouse.ts";
import { BadBenchOption } from "./options.ts";
import type { BenchReport } from "./report.ts";

const AGENTS = [100, 200, 300, 400];
const TASKS_EACH = 200;

/** `npm run bench -- export DIR`: our grids and task lists as files that public solvers read (docs/benchmarks.md). */
export async function bench(args: readonly string[]): Promise<BenchReport> {
  const folder = args.find((arg) => !arg.startsWith("--"));
  if (folder === undefined) throw new BadBenchOption("say where to: npm run bench -- export DIR");
  const to = resolve(folder);
  await mkdir(to, { recursive: true });
  const files: { readonly name: string; readonly content: string }[] = [
    { name: "warehouse.map", content: mapText(WAREHOUSE, warehouseKind) },
    { name: "warehouse-movingai.map", content: movingAiMapText(WAREHOUSE) },
    { name: "sorting.grid", content: gridText(SORTING, sortingKind) },
  ];
  const endpoints = cellsWhere(WAREHOUSE, isWarehouseEndpoint);
  const starts = [...cellsWhere(WAREHOUSE, isWarehouseHome), ...endpoints];
  for (const agents of AGENTS) {
    const lists = tasksText(starts, endpoints, agents, TASKS_EACH, streamOf(1));
    files.push({ name: `warehouse-${agents}.tasks`, content: lists });
    const scenario = scenarioText(
      WAREHOUSE,
      "warehouse-movingai.map",
      starts,
      endpoints,
      agents,
      streamOf(1),
    );
    files.push({ name: `warehouse-${agents}.scen`, content: scenario });
  }
  for (const { name, content } of files) await writeFile(join(to, name), content);
  const rows = files.map(({ name, content }) => ({ name, value: content.length, unit: "bytes", ok: true }));
  return { bench: "export", rows };
}

function warehouseKind(x: number, y: number): CellKind {
  if (isWarehouseEndpoint(x, y)) return { type: "Endpoint" };
  return { type: isWarehouseHome(x, y) ? "Home" : "Travel" };
}

/** Stations are numbered as their readers expect: those that give parcels from 1,000 on, chutes from 10,000 on. */
function sortingKind(x: number, y: number): CellKind {
  if (isInduct(x, y)) return { type: "Induct", station: 1000 + (2 * (x - 2)) / 3 + (y === 0 ? 0 : 1) };
  const chute = chuteBeside(x, y);
  return chute === undefined ? { type: "Travel" } : { type: "Eject", station: 10_000 + chute };
}
