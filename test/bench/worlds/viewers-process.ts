/** A process of its own: viewers of a feed who read everything and draw nothing. `viewers-process.ts FEED COUNT` */
import { decodePoseFrame } from "@baton/orchestrator/contract";

const [feed, countText] = process.argv.slice(2);
const count = Number(countText);
if (feed === undefined || !(count > 0)) throw new Error("viewers-process.ts FEED COUNT");

let bytes = 0;
let poseFrames = 0;
let closed = 0;
for (let i = 0; i < count; i++) {
  const socket = new WebSocket(feed);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("close", () => {
    closed += 1;
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!(data instanceof ArrayBuffer)) return;
    bytes += data.byteLength;
    if (decodePoseFrame(new Uint8Array(data)) !== undefined) poseFrames += 1;
  });
}
process.on("message", () => process.send?.({ bytes, poseFrames, closed, atMs: performance.now() }));
