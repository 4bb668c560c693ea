import type { Fleet } from "../feed/fleet.ts";
import type { GroundUse } from "../feed/ground-use.ts";
import type { SceneInput } from "./layer.ts";
import type { NamedLayer } from "./layer-set.ts";
import { AreaLayer } from "./layers/area-layer.ts";
import { BoundaryLayer } from "./layers/boundary-layer.ts";
import { CargoLayer } from "./layers/cargo-layer.ts";
import { FenceLayer } from "./layers/fence-layer.ts";
import { GearLayer } from "./layers/gear-layer.ts";
import { GlowLayer } from "./layers/glow-layer.ts";
import { GroundLayer } from "./layers/ground-layer.ts";
import { GroundUseLayer } from "./layers/ground-use-layer.ts";
import { LabelLayer, type Wording } from "./layers/label-layer.ts";
import { LightLayer } from "./layers/light-layer.ts";
import { LineCraneLayer } from "./layers/line-crane-layer.ts";
import { MarkerLayer } from "./layers/marker-layer.ts";
import { PlannedWayLayer } from "./layers/planned-way-layer.ts";
import { RibbonLayer } from "./layers/ribbon-layer.ts";
import { SkyLayer } from "./layers/sky-layer.ts";
import { StackLayer } from "./layers/stack-layer.ts";
import { StructureLayer } from "./layers/structure-layer.ts";
import { TerrainLayer } from "./layers/terrain-layer.ts";
import { VehicleLayer } from "./layers/vehicle-layer.ts";
import { WaitingLayer } from "./layers/waiting-layer.ts";

const MAX_DRAWN_VEHICLES = 2048;

/** All layers of a site, in the order in which they are prepared. */
export function siteLayers(
  input: SceneInput,
  ports: {
    readonly fleet: Fleet;
    readonly groundUse: GroundUse;
    readonly labelHost: HTMLElement;
    readonly wording: Wording;
  },
): readonly NamedLayer[] {
  const { palette } = input;
  const { fleet, groundUse, labelHost, wording } = ports;
  return [
    { name: "sky", layer: new SkyLayer() },
    { name: "light", layer: new LightLayer() },
    { name: "terrain", layer: new TerrainLayer(input) },
    { name: "ground", layer: new GroundLayer(input) },
    { name: "boundary", layer: new BoundaryLayer(input) },
    { name: "structure", layer: new StructureLayer(input) },
    { name: "fence", layer: new FenceLayer(input) },
    { name: "stack", layer: new StackLayer(input) },
    { name: "glow", layer: new GlowLayer(input) },
    { name: "gear", layer: new GearLayer(input, fleet) },
    { name: "lineCrane", layer: new LineCraneLayer(input) },
    { name: "vehicle", layer: new VehicleLayer(input, MAX_DRAWN_VEHICLES) },
    { name: "cargo", layer: new CargoLayer(input, MAX_DRAWN_VEHICLES) },
    { name: "groundUse", layer: new GroundUseLayer(palette, groundUse) },
    { name: "area", layer: new AreaLayer(input) },
    { name: "ribbon", layer: new RibbonLayer(input, fleet) },
    { name: "plannedWay", layer: new PlannedWayLayer(palette, fleet) },
    { name: "marker", layer: new MarkerLayer(palette, MAX_DRAWN_VEHICLES) },
    { name: "waiting", layer: new WaitingLayer(palette, fleet) },
    { name: "label", layer: new LabelLayer(input, labelHost, fleet, wording) },
  ];
}
