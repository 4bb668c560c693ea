"""How the vehicle speaks to one side: its services, its action and its topics on that side's graph."""

from __future__ import annotations

import math
from typing import Callable

import rclpy
from baton_interfaces.msg import VehicleAnnouncement, VehicleStatus, Waypoint as WaypointMsg, WorkState
from baton_interfaces.srv import CancelOrder, GetStatus, Grant as GrantSrv, Stop, TransferControl, Work as WorkSrv
from geometry_msgs.msg import Quaternion, TransformStamped
from nav2_msgs.action import FollowPath, NavigateThroughPoses
from nav_msgs.msg import Odometry
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import BatteryState
from tf2_msgs.msg import TFMessage

from .body import Body, Frame, Leg, Path, Pose, is_inside
from .rules import Grant, Order, Vehicle, Waypoint

LATCHED = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL)
RELIABLE = QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE)
STATUS_EVERY_S = 1.0
ANNOUNCE_EVERY_S = 10.0
ODOMETRY_EVERY_S = 0.1
# REP 105
ODOM = "odom"


class Face:
    """One side's node, with a context of its own: the two graphs share nothing but the vehicle."""

    def __init__(self, side: str, settings: dict, vehicle: Vehicle, body: Body, on_change: Callable[[], None]):
        self.side = side
        self.settings = settings
        self.vehicle = vehicle
        self.body = body
        self.on_change = on_change
        of_side = settings["sides"][side]
        self.map_id: str = of_side["map_id"]
        self.frame = Frame(**of_side["map_in_site"])
        # By the setting `odom_in_map` its odometry is in a frame of its own, which tf puts there.
        odom_in_map = settings.get("odom_in_map")
        self.odom = None if odom_in_map is None else Frame(**odom_in_map)
        self.plans_own_way: bool = settings.get("plans_own_way", False)
        self.fence: tuple[tuple[float, float], ...] = ()
        self.context = rclpy.Context()
        rclpy.init(args=[], context=self.context, domain_id=int(of_side["domain_id"]))
        self.node = rclpy.create_node("gatekeeper", namespace=settings["namespace"], context=self.context)
        self.executor = SingleThreadedExecutor(context=self.context)
        self.executor.add_node(self.node)

        node = self.node
        self.announcements = node.create_publisher(VehicleAnnouncement, "/baton/vehicles", LATCHED)
        self.statuses = node.create_publisher(VehicleStatus, "status", LATCHED)
        self.batteries = node.create_publisher(BatteryState, "battery_state", LATCHED)
        self.odometries = node.create_publisher(Odometry, "odom", RELIABLE)
        self.transforms = node.create_publisher(TFMessage, "tf", RELIABLE)
        node.create_service(GrantSrv, "grant", self.on_grant)
        node.create_service(CancelOrder, "cancel_order", self.on_cancel_order)
        node.create_service(Stop, "stop", self.on_stop)
        node.create_service(WorkSrv, "work", self.on_work)
        node.create_service(TransferControl, "transfer_control", self.on_transfer_control)
        node.create_service(GetStatus, "get_status", self.on_get_status)
        self.action_type = NavigateThroughPoses if self.plans_own_way else FollowPath
        self.action = ActionServer(
            node,
            self.action_type,
            "navigate_through_poses" if self.plans_own_way else "follow_path",
            execute_callback=self.end_of_goal,
            goal_callback=self.on_poses if self.plans_own_way else self.on_goal,
            handle_accepted_callback=self.on_accepted,
            # Orders are cancelled by cancel_order, which only the holder may ask for.
            cancel_callback=lambda _goal: CancelResponse.REJECT,
        )
        self.accepted: Grant | None = None
        self.goal = None
        self.sequence = 0
        self.announced_s = self.told_s = self.moved_s = -math.inf

    # Requests.

    def answer(self, response, verdict: tuple[bool, str]):
        response.accepted, response.reason = verdict
        # What is answered is on the disk first.
        self.on_change()
        return response

    def on_grant(self, request, response):
        way = tuple(
            Waypoint(stop.node_id, stop.sequence, stop.edge_id, stop.max_speed_mps, stop.path_index)
            for stop in request.way
        )
        stamp = (request.path_stamp.sec, request.path_stamp.nanosec)
        asked = (request.side, request.epoch, request.order_id, request.update_id)
        if request.side != self.side or not way:
            return self.answer(response, (False, f"this is the graph of {self.side}, and a way has nodes"))
        fence = tuple((corner.x, corner.y) for corner in request.fence)
        return self.answer(response, self.vehicle.grant(Grant(*asked, way, request.leads_to_end, stamp, fence)))

    def on_cancel_order(self, request, response):
        if request.side != self.side:
            return self.answer(response, (False, f"this is the graph of {self.side}"))
        return self.answer(response, self.vehicle.cancel_order(request.side, request.epoch, request.order_id))

    def on_stop(self, request, response):
        if request.side != self.side:
            return self.answer(response, (False, f"this is the graph of {self.side}"))
        stamp = (request.stamp.sec, request.stamp.nanosec)
        return self.answer(response, self.vehicle.stop(request.side, request.stop, stamp))

    def on_work(self, request, response):
        if request.side != self.side:
            return self.answer(response, (False, f"this is the graph of {self.side}"))
        asked = (request.side, request.epoch, request.work_id, request.kind, request.load_id)
        return self.answer(response, self.vehicle.work(*asked))

    def on_transfer_control(self, request, response):
        asked = (request.from_side, request.expected_epoch, request.to_side, request.handoff_id)
        verdict = self.vehicle.transfer_control(self.side, *asked, request.base_ends_at_node_id)
        return self.answer(response, verdict)

    def on_get_status(self, _request, response):
        response.status = self.status()
        response.odometry = self.odometry()
        return response

    # The path. On a real vehicle it goes on from here to the controller server's own follow_path.

    def on_goal(self, goal) -> GoalResponse:
        stamp = (goal.path.header.stamp.sec, goal.path.header.stamp.nanosec)
        grant = self.vehicle.pending_for(self.side, stamp)
        if grant is None or not self.fits(grant, goal.path):
            return GoalResponse.REJECT
        self.accepted = grant
        self.take(grant, goal.path)
        self.on_change()
        return GoalResponse.ACCEPT

    # Or poses, between which it finds its own way. On a real vehicle they go on to Nav2's own navigate_through_poses, with the fence
    # as a keepout filter. Here it goes straight from one to the next.

    def on_poses(self, goal) -> GoalResponse:
        stamp = goal.poses[0].header.stamp if goal.poses else None
        grant = None if stamp is None else self.vehicle.pending_for(self.side, (stamp.sec, stamp.nanosec))
        if grant is None or goal.poses[0].header.frame_id != self.map_id:
            return GoalResponse.REJECT
        in_map = [pose_of(stamped.pose) for stamped in goal.poses]
        if len(in_map) != max(1, len(grant.way) - 1) or not all(self.is_in(grant.fence, pose) for pose in in_map):
            return GoalResponse.REJECT
        self.vehicle.put_in_force(grant)
        self.fence = grant.fence
        named = {stop.sequence: stop for stop in grant.way}
        ahead = [named[stop.sequence] for stop in self.vehicle.orders[self.side].ahead]
        path = Path([self.body.pose, *(self.frame.to_site(in_map[stop.path_index]) for stop in ahead)])
        self.body.follow(path, [Leg(at_m, stop.max_speed_mps) for at_m, stop in zip(path.at_m[1:], ahead)])
        self.on_change()
        return GoalResponse.ACCEPT

    def is_in(self, fence: tuple[tuple[float, float], ...], pose: Pose) -> bool:
        return bool(fence) and is_inside(fence, pose, self.settings["length_m"], self.settings["width_m"])

    def is_out_of_fence(self) -> bool:
        return bool(self.fence) and not self.is_in(self.fence, self.frame.to_map(self.body.pose))

    def fits(self, grant: Grant, path) -> bool:
        """The path is of this map, has the nodes that were named, and leads past where the vehicle is or rolls to."""
        if path.header.frame_id != self.map_id or len(path.poses) != grant.way[-1].path_index + 1:
            return False
        poses = self.in_site(path)
        margin_m = self.settings["path_margin_m"]
        if self.vehicle.rolls_to is not None:
            end = self.body.remaining()[-1]
            return math.hypot(poses[0].x_m - end.x_m, poses[0].y_m - end.y_m) <= margin_m
        return self.body.distance_to(Path(poses)) <= margin_m or self.is_before(poses[0])

    def is_before(self, first: Pose) -> bool:
        """It is still on its way to the first node of an order that it took over rolling."""
        order = self.vehicle.orders.get(self.side)
        waits = order is not None and bool(order.ahead) and order.ahead[0].sequence == order.last_sequence
        return waits and self.body.path is not None and self.body.path.nearest(first)[1] <= self.settings["path_margin_m"]

    def take(self, grant: Grant, path) -> None:
        poses = self.in_site(path)
        waits = self.vehicle.rolls_to is not None or self.is_before(poses[0])
        self.vehicle.put_in_force(grant)
        order = self.vehicle.orders[self.side]
        lead = self.lead_to(poses[0]) if waits else []
        whole = Path([*lead, *poses])
        lead_m = Path([*lead, poses[0]]).length_m if lead else 0.0
        along = Path(poses).at_m
        ahead = {stop.sequence for stop in order.ahead}
        legs = [
            Leg(lead_m + along[stop.path_index], stop.max_speed_mps) for stop in grant.way if stop.sequence in ahead
        ]
        self.body.follow(whole, legs)

    def lead_to(self, first: Pose) -> list[Pose]:
        """What is left of the path before, up to where the new one begins."""
        if self.body.path is None:
            return []
        until_m = self.body.path.nearest(first)[0]
        path = self.body.path
        between = [p for p, at_m in zip(path.poses, path.at_m) if self.body.along_m + 1e-6 < at_m < until_m - 1e-6]
        return [self.body.pose, *between]

    def in_site(self, path) -> list[Pose]:
        return [
            self.frame.to_site(pose_of(stamped.pose))
            for stamped in path.poses
        ]

    def on_accepted(self, goal_handle) -> None:
        """A goal stays open while its path is driven; a new one takes the place of the one before."""
        before, self.goal = self.goal, goal_handle
        if before is not None:
            before.baton_outcome = "preempted"
            before.execute()
        goal_handle.baton_outcome = ""

    def end_goal(self, outcome: str) -> None:
        if self.goal is not None:
            self.goal.baton_outcome = outcome
            self.goal.execute()
            self.goal = None

    def end_of_goal(self, goal_handle):
        """An action server of ROS cannot cancel by itself: whatever is given up is aborted."""
        if goal_handle.baton_outcome == "driven":
            goal_handle.succeed()
        else:
            goal_handle.abort()
        result = self.action_type.Result()
        # Since Jazzy.
        if goal_handle.baton_outcome != "driven" and hasattr(result, "error_msg"):
            result.error_msg = goal_handle.baton_outcome
        return result

    # What it tells.

    def tell(self, now_s: float, has_changed: bool) -> None:
        if now_s - self.announced_s >= ANNOUNCE_EVERY_S:
            self.announced_s = now_s
            self.announcements.publish(self.announcement())
            self.batteries.publish(BatteryState(percentage=self.battery()))
        if now_s - self.moved_s >= ODOMETRY_EVERY_S:
            self.moved_s = now_s
            self.odometries.publish(self.odometry())
            if self.odom is not None:
                self.transforms.publish(self.transform(self.odom))
        if has_changed or now_s - self.told_s >= STATUS_EVERY_S:
            self.told_s = now_s
            self.statuses.publish(self.status())

    def battery(self) -> float:
        return self.settings.get("battery", 0.8)

    def now(self):
        return self.node.get_clock().now().to_msg()

    def announcement(self) -> VehicleAnnouncement:
        settings = self.settings
        said = VehicleAnnouncement(
            manufacturer=settings["manufacturer"],
            serial_number=settings["serial_number"],
            vehicle_namespace=settings["namespace"],
            series_name="Baton example vehicle",
            length_m=settings["length_m"],
            width_m=settings["width_m"],
            max_speed_mps=settings["max_speed_mps"],
            max_load_kg=settings["max_load_kg"],
            work_kinds=[WorkState.KIND_PICK, WorkState.KIND_DROP, WorkState.KIND_START_CHARGING, WorkState.KIND_STOP_CHARGING],
            rolling_handoff=self.vehicle.rolling_handoff,
            plans_own_way=self.plans_own_way,
        )
        said.header.stamp = self.now()
        return said

    def status(self) -> VehicleStatus:
        """All for a side that knows nothing: of orders and works only its own, register and latches in any case."""
        self.sequence += 1
        vehicle, order = self.vehicle, self.vehicle.orders.get(self.side)
        register = vehicle.register
        ahead = order.ahead if order is not None and register.authority == self.side else []
        said = VehicleStatus(
            sequence=self.sequence,
            authority=register.authority,
            epoch=register.epoch,
            handoff_id=register.handoff_id,
            paused_by=sorted(vehicle.paused_by),
            order_id=order.order_id if order else "",
            update_id=order.update_id if order else 0,
            cancelled=order.cancelled if order else False,
            last_node_id=self.last_node_id(order),
            last_node_sequence=order.last_sequence if order else 0,
            ahead=[waypoint_msg(stop) for stop in ahead],
            leads_to_end=order.leads_to_end if order else True,
            following=bool(ahead) and self.body.path is not None and not vehicle.off_path,
            works=[
                WorkState(work_id=work.work_id, kind=work.kind, status=work.status, detail=work.detail)
                for work in vehicle.works
                if work.side == self.side
            ],
            driving=self.body.speed_mps > 0,
            off_path=vehicle.off_path,
            charging=vehicle.charging,
            load_ids=list(vehicle.load_ids),
        )
        said.header.stamp = self.now()
        said.header.frame_id = self.map_id
        return said

    def last_node_id(self, order: Order | None) -> str:
        return self.vehicle.last_node.get(self.side, order.last_node_id if order else "")

    def odometry(self) -> Odometry:
        pose = self.frame.to_map(self.body.pose)
        said = Odometry(child_frame_id="base_link")
        said.header.stamp = self.now()
        said.header.frame_id = self.map_id if self.odom is None else ODOM
        if self.odom is not None:
            pose = self.odom.to_map(pose)
        said.pose.pose.position.x = pose.x_m
        said.pose.pose.position.y = pose.y_m
        said.pose.pose.orientation = quaternion_of(pose.heading_rad)
        said.twist.twist.linear.x = self.body.speed_mps
        return said

    def transform(self, odom: Frame) -> TFMessage:
        """Where the frame of the odometry is in the map; on a real vehicle its localisation says so."""
        said = TransformStamped(child_frame_id=ODOM)
        said.header.stamp = self.now()
        said.header.frame_id = self.map_id
        said.transform.translation.x, said.transform.translation.y = odom.x_m, odom.y_m
        said.transform.rotation = quaternion_of(odom.heading_rad)
        return TFMessage(transforms=[said])

    def spin(self) -> None:
        self.executor.spin_once(timeout_sec=0.002)

    def close(self) -> None:
        self.action.destroy()
        self.node.destroy_node()
        self.context.try_shutdown()


def waypoint_msg(stop: Waypoint) -> WaypointMsg:
    return WaypointMsg(
        node_id=stop.node_id, sequence=stop.sequence, edge_id=stop.edge_id, max_speed_mps=stop.max_speed_mps
    )


def pose_of(pose) -> Pose:
    return Pose(pose.position.x, pose.position.y, heading_of(pose.orientation))


def heading_of(q: Quaternion) -> float:
    return math.atan2(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z))


def quaternion_of(heading_rad: float) -> Quaternion:
    return Quaternion(z=math.sin(heading_rad / 2), w=math.cos(heading_rad / 2))
