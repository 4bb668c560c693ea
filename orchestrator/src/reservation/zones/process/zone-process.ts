/** One zone's tick loop as a process, started by the side's process and spoken to over its channel (Node IPC). */

import { pino } from "pino";
import { Compile } from "typebox/compile";
import { type FromZone, type Immutable, ToZone } from "./messages.ts";
import { beginZoneLoop, type ZoneLoop } from "./zone-loop.ts";

const check = Compile(ToZone);
const log = pino(
  { level: process.env.BATON_LOG_LEVEL ?? "info", base: { zone: process.argv[2] } },
  pino.destination(2),
);

let loop: ZoneLoop | undefined;

function say(message: Immutable<FromZone>): void {
  // Without the side's process nobody is told; the loop ends with the channel.
  if (process.connected) process.send?.(message);
}

async function take(message: ToZone): Promise<void> {
  if (message.kind === "begin") loop = await beginZoneLoop(message.config, say, log);
  else if (message.kind === "stop") await end(0);
  else loop?.take(message);
}

async function end(code: number): Promise<void> {
  await loop?.stop();
  process.exit(code);
}

process.on("message", (raw) => {
  if (!check.Check(raw)) {
    log.error({ raw }, "bug: a message that a zone does not know");
    return;
  }
  take(raw).catch((err) => {
    log.fatal({ err }, "the zone cannot begin");
    say({ kind: "down", detail: err instanceof Error ? err.message : String(err) });
    process.exit(1);
  });
});
// Whoever started it is gone: a new side starts zones of its own, with a higher epoch.
process.on("disconnect", () => void end(0));
