import { Step } from "@baton/orchestrator/contract";
import Type, { type Static } from "typebox";

/** The schema of a scenario: a world to run against one site, from one seed. */

const Id = Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" });
const SideField = Type.Enum(["vn", "cn"]);
const DirectionField = Type.Enum(["export", "import"]);
const Share = Type.Number({ minimum: 0, maximum: 1 });

/** A time in seconds, drawn from a triangle of `value` plus or minus `spread` (a part of it), and where it comes from. */
export const Duration = Type.Object({
  value: Type.Number({ minimum: 0, maximum: 86_400 }),
  unit: Type.Literal("s"),
  spread: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  source: Type.String({ minLength: 1 }),
});
export type Duration = Static<typeof Duration>;

/** Times of devices and agencies by task, as `gate/port.ts` of the orchestrator names tasks, and of other things that take time. */
export const ServiceTimes = Type.Object({
  "admit-truck": Duration,
  lift: Duration,
  "arm-seal": Duration,
  identify: Duration,
  weigh: Duration,
  scan: Duration,
  "judge-scan": Duration,
  quarantine: Duration,
  decide: Duration,
  inspect: Duration,
  "guard-check": Duration,
  "register-order": Duration,
  "close-order": Duration,
  /** Twist locks of a vehicle, closing or opening. */
  "twist-locks": Duration,
  /** When a truck that nobody announced turns up after its order. */
  "walk-in-truck": Duration,
});
export type ServiceTimes = Static<typeof ServiceTimes>;

const Vehicle = Type.Object({
  serialNumber: Id,
  home: SideField,
  /** Where it stands when the world begins: a station of one side that has a node. */
  at: Type.Object({ side: SideField, stationId: Id }),
  batteryPct: Type.Number({ minimum: 1, maximum: 100 }),
  charging: Type.Optional(Type.Boolean()),
  /** A container on board, on its way since before the world began; its mission is adopted at this step. */
  warm: Type.Optional(Type.Object({ direction: DirectionField, step: Step })),
});
export type ScenarioVehicle = Static<typeof Vehicle>;

const SideDemand = Type.Object({
  /** Outbound orders of the side that are open at one time, while demand lasts. */
  openOrders: Type.Integer({ minimum: 0, maximum: 500 }),
  /** Mean time between two new orders while fewer are open. */
  interval: Duration,
});

export const Faults = Type.Object({
  /** Any job of a station's device fails. */
  deviceFails: Share,
  /** A portal or gate reads the container number wrongly. */
  misread: Share,
  sealDead: Share,
  /** The analyst calls a scan suspect; customs then asks for an inspection. */
  suspect: Share,
  /** Customs asks for an inspection all the same. */
  inspect: Share,
  /** The border guard does not let a vehicle go. */
  guardRefuses: Share,
});
export type Faults = Static<typeof Faults>;

export const Scenario = Type.Object({
  scenarioVersion: Type.Literal(1),
  scenarioId: Id,
  title: Type.String({ minLength: 1, maxLength: 200 }),
  siteId: Id,
  seed: Type.String({ minLength: 1, maxLength: 64 }),
  /** A vehicle class of the site. */
  vehicleClassId: Id,
  fleet: Type.Array(Vehicle, { minItems: 1, maxItems: 200 }),
  serviceTimes: ServiceTimes,
  demand: Type.Object({ vn: SideDemand, cn: SideDemand }),
  faults: Faults,
});
export type Scenario = Static<typeof Scenario>;

/** Manufacturer of all simulated vehicles, the first part of their ids. */
export const SIM_MANUFACTURER = "sim";
