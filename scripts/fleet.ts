/** `npm run fleet -- check-trace FILE`, `npm run fleet -- record --url mqtt://... --out FILE` and `npm run fleet -- fuzz`. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { checkTrace } from "../fleet-adapter/src/trace/check-trace.ts";
import { startRecorder } from "../fleet-adapter/src/trace/recorder.ts";
import { reportText } from "../fleet-adapter/src/trace/report-text.ts";
import { readTrace } from "../fleet-adapter/src/trace/trace-line.ts";
import { commandLine } from "./command-line.ts";

const USAGE = `npm run fleet -- record --url mqtt://HOST:PORT --out FILE [--topics FILTER] [--seconds N]
    Takes down what a fleet control and its vehicles say to each other; Ctrl-C ends it.
npm run fleet -- check-trace FILE [--json]
    Judges a recording by VDA 5050 2.0, 2.1 or 3.0. Ends with 0 for PASS, 1 for FAIL, 3 for INCONCLUSIVE.
npm run fleet -- fuzz [--count N] [--seed TEXT]
    Sends N mutated messages of each kind and version to the adapter, 10,000 if not given. Ends with 1 if any does harm.`;

const EXIT_CODES = { PASS: 0, FAIL: 1, INCONCLUSIVE: 3 } as const;

function usage(why?: string): never {
  console.error(why === undefined ? USAGE : `${why}\n\n${USAGE}`);
  process.exit(2);
}

async function check(file: string, json: boolean): Promise<number> {
  const text = await readFile(file, "utf8").catch((error: unknown) =>
    usage(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`),
  );
  const report = checkTrace(readTrace(text));
  console.log(json ? JSON.stringify(report) : reportText(report));
  return EXIT_CODES[report.verdict];
}

async function record(
  url: string,
  out: string,
  topicFilter: string,
  seconds: number | undefined,
): Promise<void> {
  const file = createWriteStream(out);
  await once(file, "open");
  let lines = 0;
  const recorder = await startRecorder({
    url,
    topicFilter,
    nowMs: () => Date.now(),
    take: (line) => {
      lines += 1;
      file.write(`${JSON.stringify(line)}\n`);
    },
  }).catch((error: unknown) =>
    usage(`${url} does not answer: ${error instanceof Error ? error.message : String(error)}`),
  );
  if (!recorder.seesRetain)
    console.error("This broker speaks MQTT 3.1.1 only: which messages are retained cannot be told.");
  console.error(`recording ${topicFilter} at ${url} into ${out}; Ctrl-C ends it`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    if (seconds !== undefined) setTimeout(resolve, seconds * 1000);
  });
  await recorder.stop();
  file.end();
  await once(file, "finish");
  console.error(`${lines} messages`);
}

async function fuzzAll(count: number, seed: string): Promise<number> {
  const { FUZZED, fuzz } = await import("../test/fleet/fuzz/fuzz.ts");
  let harmful = 0;
  for (const protocol of ["2.0", "2.1", "3.0"] as const) {
    for (const kind of FUZZED) {
      const { sent, refused, troubles, failures, wrongGrants, isWell } = fuzz(protocol, kind, count, seed);
      const isHarmless = failures.length === 0 && wrongGrants.length === 0 && isWell;
      if (!isHarmless) harmful += 1;
      const found = [...failures, ...wrongGrants].slice(0, 3).join("; ");
      const told = `${refused} refused, ${troubles} told of, ${failures.length} failures, ${wrongGrants.length} wrong grants`;
      console.log(
        `${isHarmless ? "ok    " : "FAILED"} ${protocol} ${kind.padEnd(13)} ${sent} sent, ${told} ${found}`,
      );
    }
  }
  return harmful === 0 ? 0 : 1;
}

const { positionals, values } = commandLine(USAGE, {
  allowPositionals: true,
  options: {
    url: { type: "string" },
    out: { type: "string" },
    topics: { type: "string", default: "#" },
    seconds: { type: "string" },
    json: { type: "boolean", default: false },
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "nonsense" },
  },
});
const [command, file] = positionals;
if (command === "check-trace" && file !== undefined) process.exit(await check(file, values.json));
if (command === "fuzz") {
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1) usage("--count takes a whole number from 1 on");
  process.exit(await fuzzAll(count, values.seed));
}
if (command !== "record") usage();
const { url, out } = values;
if (url === undefined || out === undefined) usage("record takes --url and --out");
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
if (seconds !== undefined && !(seconds > 0)) usage("--seconds takes a number above 0");
await record(url, out, values.topics, seconds);
process.exit(0);
