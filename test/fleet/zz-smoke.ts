import { spawn } from "node:child_process";
import {
  createVda5050Adapter,
  type DriveOrder,
  type FleetEvent,
  uuidIds,
  type VehicleId,
  wallClock,
} from "@baton/fleet-adapter";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { PROCESS_ENTRIES, startBroker } from "@baton/sim";

const vn = await startBroker({ port: 0 });
const cn = await startBroker({ port: 0 });
const origin = Date.now();
const child = spawn(process.execPath, [PROCESS_ENTRIES.vehicles], {
  env: {
    ...process.env,
    BATON_SCENARIO: "first-look",
    BATON_SPEED: "20",
    BATON_CLOCK_ORIGIN_MS: String(origin),
    BATON_MQTT_URL_VN: vn.url,
    BATON_MQTT_URL_CN: cn.url,
  },
  stdio: ["ignore", "ignore", "inherit"],
});
const loaded = await loadSite(siteDirectory("mini"));
if (!loaded.ok) throw new Error("no");
const site = loaded.site;
const clock = wallClock({ speed: 20, originMs: origin });
const log = { debug() {}, info() {}, warn: console.log, error: console.log };
const make = () => {
  const a = createVda5050Adapter({
    mqttUrl: vn.url,
    site,
    side: "vn",
    clock,
    timers: clock,
    ids: uuidIds(),
    log,
  });
  a.subscribe(show);
  return a;
};
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
const last: Record<string, unknown> = {};
function show(e: FleetEvent) {
  if (e.kind === "state") {
    last[e.vehicleId] = e.state;
    return;
  }
  console.log(JSON.stringify(e).slice(0, 300));
}
let a = make();
await a.start();
await wait(1500);
const found = [...a.vehicles().values()].find(
  (v) => v.state?.control?.authority === "vn" && v.state.lastNodeId && !v.state.driving,
)!;
console.log("vehicle", found.vehicleId, found.state);
const id = found.vehicleId;
let nodeIds: string[] = [found.state!.lastNodeId!];
const edges = site.lif.vn.layouts[0]!.edges;
const eids: string[] = [];
for (let i = 0; i < 6; i++) {
  const n = edges.find((e) => e.startNodeId === nodeIds.at(-1));
  if (!n) break;
  nodeIds.push(n.endNodeId);
  eids.push(n.edgeId);
}
const order = (oid: string, rev: number, last: number): DriveOrder => ({
  orderId: oid as any,
  revision: rev,
  nodes: nodeIds.map((n, i) => ({ nodeId: n as any, released: i <= last, actions: [] })),
  edges: eids.map((e, i) => ({ edgeId: e as any, released: i < last, maxSpeedMps: 4 })),
});
console.log(nodeIds);
const s = () => {
  const x = a.vehicles().get(id)!.state!;
  console.log(
    x.orderId,
    x.orderRevision,
    x.lastNodeId,
    x.lastNodeSequence,
    "ahead",
    x.nodesAhead,
    "v",
    x.speedMps.toFixed(2),
    x.pose,
  );
};
a.drive(id, order("leg-1", 0, 1));
await wait(300);
s();
a.drive(id, order("leg-1", 1, 3));
await wait(500);
s();
await a.stop();
a = make();
await a.start();
a.drive(id, order("leg-1", 0, 3));
await wait(300);
s();
a.drive(id, order("leg-1", 1, 6));
await wait(400);
s();
a.cancel(id);
await wait(1200);
s();
nodeIds = [a.vehicles().get(id)!.state!.lastNodeId!];
eids.length = 0;
for (let i = 0; i < 2; i++) {
  const n = edges.find((e) => e.startNodeId === nodeIds.at(-1));
  if (!n) break;
  nodeIds.push(n.endNodeId);
  eids.push(n.edgeId);
}
a.drive(id, order("leg-2", 0, 2));
await wait(300);
s();
await wait(4000);
s();
a.instruct(id, { kind: "pause", actionId: "p1" as any });
await wait(300);
s();
const c = a.vehicles().get(id)!.state!.control!;
a.instruct(id, {
  kind: "transferControl",
  actionId: "t1" as any,
  from: "vn",
  expectedEpoch: c.epoch,
  to: "cn",
  handoffId: "h1",
});
await wait(500);
console.log(a.vehicles().get(id)!.state);
await a.stop();
child.kill();
await vn.stop();
await cn.stop();
