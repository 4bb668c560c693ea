import { compileNetwork } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { DistanceTables } from "./core/heuristic.ts";
import { DEFAULT_SETTINGS } from "./core/kinematics.ts";
import { compileRuns } from "./core/runs.ts";

const r = await loadSite(siteDirectory("mini"));
if (!r.ok) {
  process.exit(1);
}
console.log(
  r.site.file.vehicleClasses,
  r.site.file.safetyMarginM,
  JSON.stringify(r.site.file.handoffPoints),
  r.site.file.zones,
);
const n = compileNetwork(r.site, "vn", r.site.file.vehicleClasses[0]!.vehicleClassId as never);
const t = compileRuns(n, {
  ...DEFAULT_SETTINGS,
  kinematics: { maxSpeedMps: 5, accelerationMps2: 0.5, brakingMps2: 1, lengthM: 15 },
});
const d = new DistanceTables(t);
const eps = n.poses.nodeIds.map((id, i) => ({ id, i })).filter(({ i }) => n.poses.kind[i] === 1);
for (const e of eps)
  console.log(
    e.id,
    "->",
    eps
      .filter((f) => f !== e && Number.isFinite(d.to(f.i)[e.i]!))
      .map((f) => f.id)
      .join(" "),
  );
console.log(
  r.site.file.sides.vn.stations
    .map(
      (s) =>
        `${s.stationId}:${s.kind}:${s.nodeId}:${s.bound}:${n.poses.kind[n.poseIndex(s.nodeId as never) ?? -1]}`,
    )
    .join("\n"),
);
