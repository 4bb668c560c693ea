import { compileNetwork, type Network, PoseKind, type Side, type VehicleClassId } from "@baton/maps";
import { loadSite, siteDirectory } from "@baton/maps/files";
import { at } from "../core/runs.ts";
import type { Layout } from "./layouts.ts";

/** The network of one side of a committed site, and its first vehicle class. */
export async function siteNetwork(siteId: string, side: Side) {
  const loaded = await loadSite(siteDirectory(siteId));
  if (!loaded.ok) throw new Error(`site ${siteId}: ${JSON.stringify(loaded.problems)}`);
  const vehicleClass = at(loaded.site.file.vehicleClasses, 0);
  const network = compileNetwork(loaded.site, side, vehicleClass.vehicleClassId as VehicleClassId);
  return { network, kinematics: vehicleClass, site: loaded.site };
}

/** A side as a place for random traffic: all endpoints, with the stops of the lane on the way to it. */
export function siteLayout(name: string, network: Network): Layout {
  const bays = network.poses.nodeIds.filter((_, i) => at(network.poses.kind, i) === PoseKind.endpoint);
  return {
    name,
    network,
    bays,
    heads: bays.filter((bay) => bay.includes(".out.hold")),
    viasBetween: (_, to) => {
      if (to.includes(".out.buffer")) return [`${network.side}.out.portal`];
      if (to.includes(".out.hold")) return [`${network.side}.out.exit-gate`];
      return [];
    },
  };
}
