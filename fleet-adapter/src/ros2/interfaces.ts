/**
 * The names and types by which a vehicle is spoken to, and the quality of service of each topic. `docs/ros2.md` is the
 * contract in words.
 */

/** What a reader of a topic asks for; one that asks for more than its writer offers hears nothing, and nobody says so. */
export interface Qos {
  readonly reliability: "reliable" | "best-effort";
  readonly durability: "volatile" | "transient-local";
  /** Messages kept, the newest (`KEEP_LAST`). */
  readonly depth: number;
}

export interface RosTopic {
  readonly name: string;
  readonly type: string;
  readonly qos: Qos;
}

export interface RosService {
  readonly name: string;
  readonly type: string;
}

export interface RosAction {
  readonly name: string;
  readonly type: string;
}

/** Best effort is heard from reliable writers, too. */
const SENSOR: Qos = { reliability: "best-effort", durability: "volatile", depth: 5 };
const EVENTS: Qos = { reliability: "reliable", durability: "volatile", depth: 10 };
/** As broadcasters of tf2 offer it. */
const TRANSFORMS: Qos = { reliability: "reliable", durability: "volatile", depth: 100 };
const latched = (depth: number): Qos => ({ reliability: "reliable", durability: "transient-local", depth });

/** Where vehicles say that they are there: one topic for a whole graph, since ROS has no topic filters. */
export const ANNOUNCEMENTS: RosTopic = {
  name: "/baton/vehicles",
  type: "baton_interfaces/msg/VehicleAnnouncement",
  qos: latched(400),
};

export interface VehicleInterfaces {
  readonly status: RosTopic;
  readonly odometry: RosTopic;
  /** Its own, as Nav2 has it with several robots on a graph. */
  readonly tf: RosTopic;
  readonly battery: RosTopic;
  readonly diagnostics: RosTopic;
  readonly followPath: RosAction;
  readonly navigateThroughPoses: RosAction;
  readonly grant: RosService;
  readonly cancelOrder: RosService;
  readonly stop: RosService;
  readonly work: RosService;
  readonly transferControl: RosService;
  readonly getStatus: RosService;
}

export type ServiceName = "grant" | "cancelOrder" | "stop" | "work" | "transferControl" | "getStatus";

/** All that a vehicle offers under its namespace. */
export function interfacesOf(namespace: string): VehicleInterfaces {
  const topic = (leaf: string, type: string, qos: Qos): RosTopic => ({
    name: `${namespace}/${leaf}`,
    type,
    qos,
  });
  const service = (leaf: string, type: string): RosService => ({
    name: `${namespace}/${leaf}`,
    type: `baton_interfaces/srv/${type}`,
  });
  return {
    status: topic("status", "baton_interfaces/msg/VehicleStatus", latched(1)),
    odometry: topic("odom", "nav_msgs/msg/Odometry", SENSOR),
    tf: topic("tf", "tf2_msgs/msg/TFMessage", TRANSFORMS),
    battery: topic("battery_state", "sensor_msgs/msg/BatteryState", latched(1)),
    diagnostics: topic("diagnostics", "diagnostic_msgs/msg/DiagnosticArray", EVENTS),
    followPath: { name: `${namespace}/follow_path`, type: "nav2_msgs/action/FollowPath" },
    navigateThroughPoses: {
      name: `${namespace}/navigate_through_poses`,
      type: "nav2_msgs/action/NavigateThroughPoses",
    },
    grant: service("grant", "Grant"),
    cancelOrder: service("cancel_order", "CancelOrder"),
    stop: service("stop", "Stop"),
    work: service("work", "Work"),
    transferControl: service("transfer_control", "TransferControl"),
    getStatus: service("get_status", "GetStatus"),
  };
}
