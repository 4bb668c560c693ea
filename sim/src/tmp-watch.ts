import { connectAsync } from "mqtt";
const c = await connectAsync("mqtt://127.0.0.1:28831");
const counts = new Map<string, number>();
let bytes = 0;
c.on("message", (t, p) => { const k = t.startsWith("uagv") ? t.split("/")[4]! : t.startsWith("baton-sim") ? "world/" + t.split("/")[4] : "device/" + t.split("/")[5]; counts.set(k, (counts.get(k) ?? 0) + 1); bytes += p.length; });
await c.subscribeAsync("#");
setTimeout(() => { console.log(counts, bytes); c.end(); }, 10000);
