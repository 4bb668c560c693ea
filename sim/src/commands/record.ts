import { readFile } from "node:fs/promises";
import { SiteView } from "@baton/orchestrator/contract";
import type { CAC } from "cac";
import { Compile } from "typebox/compile";
import type { Recorder } from "../recording/recorder.ts";
import { ScenarioError } from "../scenario/load.ts";
import { listOf } from "./run.ts";

interface RecordFlags {
  readonly side?: string;
  readonly url?: string;
  readonly tokenFile?: string;
  readonly out?: string;
  readonly seconds?: number;
}

export function addRecordCommand(cli: CAC): void {
  cli
    .command("record", "Record what a running side's feed tells, for Foxglove or Lichtblick")
    .option("--side <side>", "vn or cn")
    .option("--url <url>", "The feed: ws://HOST:PORT/api/v1/feed")
    .option("--token-file <file>", "A file with an access token of an account that may read the site")
    .option("--out <file>", "The recording, *.mcap")
    .option("--seconds <seconds>", "How long; until it is interrupted, if left out")
    .action((flags: RecordFlags) => recordCommand(flags));
}

const siteView = Compile(SiteView);

async function recordCommand(flags: RecordFlags): Promise<void> {
  const { side, url, tokenFile, out } = flags;
  if (side !== "vn" && side !== "cn") throw new ScenarioError("scenario.invalid", "--side is vn or cn");
  if (url === undefined || tokenFile === undefined || out === undefined)
    throw new ScenarioError("scenario.invalid", "record needs --url, --token-file and --out");
  const token = (await readFile(tokenFile, "utf8")).trim();
  const site = await fetchSite(url, token);
  const { groundOfView } = await import("../recording/ground.ts");
  const { fileWritable } = await import("../recording/mcap-file.ts");
  const { Recorder: Recording } = await import("../recording/recorder.ts");
  const { FeedRecording } = await import("../recording/record-feed.ts");
  const opened = await fileWritable(String(listOf(out)[0]));

  // The world of a demonstration has a clock of its own: its first word says what time it is there.
  let recording: InstanceType<typeof FeedRecording> | undefined;
  let recorder: Recorder | undefined;
  const early: Uint8Array[] = [];
  const address = new URL(url);
  address.searchParams.set("token", token);
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!(data instanceof ArrayBuffer)) return;
    const bytes = new Uint8Array(data);
    if (recording === undefined) early.push(bytes);
    else recording.take(bytes);
  });
  const ended = new Promise<{ readonly why: string; readonly isFailure: boolean }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) =>
      resolve({ why: `the feed was closed (${code}${reason === "" ? "" : `, ${reason}`})`, isFailure: true }),
    );
    socket.addEventListener("error", () => resolve({ why: `${url} cannot be reached`, isFailure: true }));
    process.once("SIGINT", () => resolve({ why: "interrupted", isFailure: false }));
    process.once("SIGTERM", () => resolve({ why: "asked to end", isFailure: false }));
    if (flags.seconds !== undefined)
      setTimeout(
        () => resolve({ why: "its time is over", isFailure: false }),
        Number(flags.seconds) * 1000,
      ).unref();
  });
  const first = await Promise.race([firstInstant(socket), ended]);
  if (typeof first === "number") {
    recorder = await Recording.open(opened, groundOfView(site), first);
    recording = new FeedRecording(recorder, side, first);
    for (const bytes of early.splice(0)) recording.take(bytes);
    console.error(`Recording ${site.siteId}, side ${side}, into ${out}. End it with Ctrl-C.`);
  }
  const { why, isFailure } = typeof first === "number" ? await ended : first;
  socket.close();
  if (recorder === undefined) await opened.close();
  else await recorder.close();
  const { poseFrames, controlFrames, refused } = recording?.counts ?? {
    poseFrames: 0,
    controlFrames: 0,
    refused: 0,
  };
  console.log(
    `${out}: ${poseFrames} pose frames, ${controlFrames} control frames, ${refused} refused; ${why}.`,
  );
  if (isFailure) process.exitCode = 1;
}

/** The instant of the feed's first pose frame. */
function firstInstant(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.addEventListener("message", async ({ data }: MessageEvent<unknown>) => {
      if (!(data instanceof ArrayBuffer)) return;
      const { decodePoseFrame } = await import("@baton/orchestrator/contract");
      const frame = decodePoseFrame(new Uint8Array(data));
      if (frame !== undefined) resolve(frame.atMs);
    });
  });
}

/** What the side says of its site. */
async function fetchSite(feedUrl: string, token: string): Promise<SiteView> {
  const address = new URL("site", feedUrl);
  address.protocol = address.protocol === "wss:" ? "https:" : "http:";
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  const value: unknown = await answer.json();
  if (answer.ok && siteView.Check(value)) return value;
  throw new Error(
    `${address} did not answer with a site (${answer.status}); is the token one that may read it?`,
  );
}
