import { parseArgs } from "node:util";
import { explore } from "../../orchestrator/src/handoff/core/exploration/explore.ts";
import { type Finding, tell } from "../../orchestrator/src/handoff/core/exploration/finding.ts";
import { walk } from "../../orchestrator/src/handoff/core/exploration/walk.ts";
import { production } from "../../orchestrator/src/handoff/core/exploration/world.ts";
import { exploreVisits } from "../../orchestrator/src/handoff/core/visit/exploration/explore.ts";
import { production as visits } from "../../orchestrator/src/handoff/core/visit/exploration/world.ts";
import { seeded } from "../../orchestrator/src/handoff/testing/seeded.ts";

const USAGE = `npm run sim -- explore [--handoffs 2] [--most-states N]
npm run sim -- explore --walk STEPS [--handoffs 8] [--seed N]
npm run sim -- explore --visits [--way A,B,A] [--asks-ahead 2] [--most 1] [--altogether 2] [--most-states N]

Everything that can happen to some hand-offs of one vehicle, with the machines that production runs: loss, doubles, delay,
reordering, crashes, a vehicle that hears late or never. Two hand-offs take seconds, three some minutes and 1 GB.
With --walk, random walks beyond what can be searched. With --visits, a visit by the host's grants along a way of stretches, with so many
asked for at once; of ground wanted back, more time asked for and an order given up each at most --most times, and --altogether in all.
As it stands that takes a minute of CPU and 0.8 GB, with --altogether 1 ten seconds; all three have not been searched to the end.
Ends with 1, and tells the story, when a property is broken.`;

/** The subcommand; returns the exit code. */
export function exploration(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      handoffs: { type: "string" },
      "most-states": { type: "string", default: "20000000" },
      walk: { type: "string" },
      visits: { type: "boolean", default: false },
      way: { type: "string", default: "A,B,A" },
      "asks-ahead": { type: "string", default: "2" },
      most: { type: "string", default: "1" },
      altogether: { type: "string", default: "2" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  const handoffs = Number(values.handoffs ?? (values.walk === undefined ? 2 : 8));
  const [mostStates, mostSteps, seed] = [values["most-states"], values.walk ?? 1, values.seed].map(Number);
  const isWrong = [handoffs, mostStates, mostSteps, seed].some(
    (each) => each === undefined || !Number.isSafeInteger(each) || each < 1,
  );
  // A state's key numbers its hand-offs with one digit of sixteen.
  if (values.help || isWrong || handoffs > 14 || mostStates === undefined || mostSteps === undefined) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const begun = process.cpuUsage();
  if (values.visits) {
    const [asksAhead, most, altogether] = [values["asks-ahead"], values.most, values.altogether].map(Number);
    const isBound = (count: number | undefined): count is number =>
      count !== undefined && Number.isSafeInteger(count) && count >= 0;
    const way = values.way.split(",");
    if (!isBound(asksAhead) || !isBound(most) || !isBound(altogether) || asksAhead < 1 || way.includes("")) {
      console.log(USAGE);
      return 2;
    }
    const what = `a visit along ${way.join(" ")}, ${asksAhead} asked for at once, each thing at most ${most} times and ${altogether} in all`;
    return toldFinding(
      what,
      exploreVisits({ ...visits, way, asksAhead, most, altogether }, mostStates),
      begun,
    );
  }
  const machines = { ...production, handoffs };
  if (values.walk === undefined)
    return toldFinding(`${handoffs} hand-offs`, explore(machines, mostStates), begun);
  const found = walk(machines, mostSteps, seeded(seed ?? 1));
  for (const [at, what] of found.story.entries()) console.log(`  ${at + 1}. ${what}`);
  console.log(
    `${found.walks} walks of ${handoffs} hand-offs (seed ${seed}): ${found.steps} steps, ${found.handoffs} hand-offs begun, ${found.concluded} concluded; ${costs(begun)}; ${found.broken ?? "every property holds"}`,
  );
  return found.broken === undefined ? 0 : 1;
}

function toldFinding(what: string, found: Finding, begun: NodeJS.CpuUsage): number {
  if (found.broken !== undefined) console.log(tell(found));
  console.log(
    `${what}: ${found.states} states, ${found.steps} steps, ${found.depth} deep; ${costs(begun)}; ${found.broken ?? "every property holds"}`,
  );
  return found.broken === undefined ? 0 : 1;
}

const costs = (begun: NodeJS.CpuUsage): string =>
  `${(process.cpuUsage(begun).user / 1e6).toFixed(0)} s of CPU, ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB`;
