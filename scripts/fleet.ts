/** `npm run fleet -- check-trace FILE` and `npm run fleet -- record --url mqtt://... --out FILE`. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { checkTrace } from "../fleet-adapter/src/trace/check-trace.ts";
import { startRecorder } from "../fleet-adapter/src/trace/recorder.ts";
import { reportText } from "../fleet-adapter/src/trace/report-text.ts";
import { readTrace } from "../fleet-adapter/src/trace/trace-line.ts";

const USAGE = `npm run fleet -- record --url mqtt://HOST:PORT --out FILE [--topics FILTER] [--seconds N]
    Takes down what a fleet control and its vehicles say to each other; Ctrl-C ends it.
npm run fleet -- check-trace FILE [--json]
    Judges a recording by VDA 5050 2.0, 2.1 or 3.0. Ends with 0 for PASS, 1 for FAIL, 3 for INCONCLUSIVE.`;

const EXIT_CODES = { PASS: 0, FAIL: 1, INCONCLUSIVE: 3 } as const;

function usage(why?: string): never {
  console.error(why === undefined ? USAGE : `${why}\n\n${USAGE}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        url: { type: "string" },
        out: { type: "string" },
        topics: { type: "string", default: "#" },
        seconds: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
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

const { positionals, values } = options();
const [command, file] = positionals;
if (command === "check-trace" && file !== undefined) process.exit(await check(file, values.json));
if (command !== "record") usage();
const { url, out } = values;
if (url === undefined || out === undefined) usage("record takes --url and --out");
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
if (seconds !== undefined && !(seconds > 0)) usage("--seconds takes a number above 0");
await record(url, out, values.topics, seconds);
process.exit(0);
