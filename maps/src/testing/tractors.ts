import { type VehicleClassId, vehicleClassIdOf } from "../ids.ts";
import type { Lif } from "../layout/lif.ts";
import { parseSite } from "../layout/parse-site.ts";
import { describeProblem } from "../layout/problems.ts";
import type { Site } from "../layout/site.ts";

export const TRACTOR: VehicleClassId = vehicleClassIdOf("sim.tractor-7");

/** The same roads for a shorter class, too; the classes in either order. */
export function withTractors(
  site: Site,
  order: "carriers-first" | "tractors-first" = "carriers-first",
): Site {
  const [first] = site.file.vehicleClasses;
  if (first === undefined) throw new Error("the site has a class");
  const vehicle = { ...first, vehicleClassId: TRACTOR, lengthM: 7, widthM: 2.5, turningRadiusM: 8 };
  const twice = <T extends { vehicleTypeId: string }>(properties: readonly T[]): T[] =>
    properties.flatMap((one) => [one, { ...one, vehicleTypeId: TRACTOR }]);
  const lifFor = (lif: Lif): Lif => ({
    ...lif,
    layouts: lif.layouts.map((layout) => ({
      ...layout,
      nodes: layout.nodes.map((node) => ({
        ...node,
        vehicleTypeNodeProperties: twice(node.vehicleTypeNodeProperties),
      })),
      edges: layout.edges.map((edge) => ({
        ...edge,
        vehicleTypeEdgeProperties: twice(edge.vehicleTypeEdgeProperties),
      })),
    })),
  });
  const parsed = parseSite({
    siteFile: {
      ...site.file,
      vehicleClasses: order === "carriers-first" ? [first, vehicle] : [vehicle, first],
    },
    lif: { vn: lifFor(site.lif.vn), cn: lifFor(site.lif.cn) },
    where: { siteFile: "site.json", vn: "vn.lif.json", cn: "cn.lif.json" },
  });
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join("\n"));
  return parsed.site;
}
