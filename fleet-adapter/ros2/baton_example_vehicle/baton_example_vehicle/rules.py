"""What the vehicle keeps to (docs/ros2.md, rules 1 to 7), without ROS: who may ask for what, and what comes of it.

Every method that answers a request returns `(accepted, reason)`. Positions and motion are the body's; here are names only.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace

MAX_CANCELLED = 16
MAX_WORKS_KEPT = 64
WAITING, RUNNING, FINISHED, FAILED = range(4)
PICK, DROP, START_CHARGING, STOP_CHARGING = range(4)

Answer = tuple[bool, str]
ACCEPTED: Answer = (True, "")


def refused(reason: str) -> Answer:
    return (False, reason)


@dataclass(frozen=True)
class Waypoint:
    """A node of a granted way; `path_index` says which pose of the path it is."""

    node_id: str
    sequence: int
    edge_id: str
    max_speed_mps: float
    path_index: int = 0


@dataclass(frozen=True)
class Grant:
    """Names for a path that comes next."""

    side: str
    epoch: int
    order_id: str
    update_id: int
    way: tuple[Waypoint, ...]
    leads_to_end: bool
    path_stamp: tuple[int, int]
    # Of one that plans its own way: the corners that no part of it may leave, in the map.
    fence: tuple[tuple[float, float], ...] = ()


@dataclass
class Work:
    side: str
    work_id: str
    kind: int
    load_id: str
    status: int = WAITING
    detail: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in (FINISHED, FAILED)


@dataclass
class Order:
    """What a side granted last."""

    order_id: str
    update_id: int
    leads_to_end: bool
    last_node_id: str
    last_sequence: int
    ahead: list[Waypoint] = field(default_factory=list)
    cancelled: bool = False


@dataclass
class Register:
    """Who may command the vehicle. It survives a restart, and changes by compare-and-set only."""

    authority: str
    epoch: int = 0
    handoff_id: str = ""


class Vehicle:
    """The state of one vehicle, as both sides are told of it."""

    def __init__(self, authority: str, border_nodes: list[dict[str, str]], rolling_handoff: bool = True):
        self.register = Register(authority)
        self.border_nodes = border_nodes
        self.rolling_handoff = rolling_handoff
        self.orders: dict[str, Order] = {}
        self.works: list[Work] = []
        self.paused_by: set[str] = set()
        self.load_ids: list[str] = []
        self.charging = False
        self.off_path = False
        self.is_standing = True
        self.is_cancelling = False
        # Where it rolls to with nobody's order, after it was handed over rolling: the node, by the name that each side has for it.
        self.rolls_to: dict[str, str] | None = None
        self.last_node: dict[str, str] = {}
        self._pending: dict[str, Grant] = {}
        self._cancelled_ids: dict[str, list[str]] = {}
        self._stop_asked_at: dict[str, tuple[int, int]] = {}

    # What both the rules and the status need to know.

    @property
    def order(self) -> Order | None:
        """The order of the side that holds the vehicle."""
        return self.orders.get(self.register.authority)

    @property
    def has_way_left(self) -> bool:
        order = self.order
        return order is not None and not order.cancelled and (bool(order.ahead) or not order.leads_to_end)

    @property
    def is_busy(self) -> bool:
        return self.is_cancelling or self.has_way_left or any(not work.is_over for work in self.works)

    @property
    def may_move(self) -> bool:
        return not (self.paused_by or self.off_path or self.is_cancelling)

    def _flaw_of_holder(self, side: str, epoch: int) -> str:
        if side != self.register.authority:
            return f"not in control: {self.register.authority} holds the vehicle"
        if epoch != self.register.epoch:
            return f"not in control: the register is at epoch {self.register.epoch}"
        return ""

    # Rules 1, 2, 3, 5: names first, then the path.

    def grant(self, grant: Grant) -> Answer:
        flaw = self._flaw_of_grant(grant)
        if flaw:
            return refused(flaw)
        if not self._is_known(grant):
            self._pending[grant.side] = grant
        return ACCEPTED

    def pending_for(self, side: str, stamp: tuple[int, int]) -> Grant | None:
        """The names that were given to the path of this stamp, if they still hold."""
        grant = self._pending.get(side)
        if grant is None or grant.path_stamp != stamp or self.off_path:
            return None
        return None if self._is_known(grant) or self._flaw_of_grant(grant) else grant

    def put_in_force(self, grant: Grant) -> None:
        """Called when the path is there, and leads past where the vehicle is."""
        del self._pending[grant.side]
        order = self.orders.get(grant.side)
        if order is None or order.order_id != grant.order_id:
            first = grant.way[0]
            # One that rolls has yet to reach the first node.
            reached = self.rolls_to is None
            order = Order(grant.order_id, grant.update_id, grant.leads_to_end, first.node_id, first.sequence)
            order.ahead = list(grant.way[1:] if reached else grant.way)
            self.orders[grant.side] = order
            self.rolls_to = None
            if reached:
                self._stand_at(grant.side, first.node_id)
            else:
                order.last_node_id = self.last_node.get(grant.side, "")
            return
        still_first = order.ahead and order.ahead[0].sequence == order.last_sequence
        order.ahead = [
            stop
            for stop in grant.way
            if stop.sequence > order.last_sequence or (still_first and stop.sequence == order.last_sequence)
        ]
        order.update_id = grant.update_id
        order.leads_to_end = grant.leads_to_end

    def _is_known(self, grant: Grant) -> bool:
        order = self.orders.get(grant.side)
        return order is not None and order.order_id == grant.order_id and grant.update_id <= order.update_id

    def _flaw_of_grant(self, grant: Grant) -> str:
        flaw = self._flaw_of_holder(grant.side, grant.epoch)
        if flaw:
            return flaw
        if grant.order_id in self._cancelled_ids.get(grant.side, []):
            return "the order was cancelled"
        first = grant.way[0]
        if any(stop.sequence != first.sequence + index for index, stop in enumerate(grant.way)):
            return "the nodes of the way are not numbered without gaps"
        order = self.orders.get(grant.side)
        if order is None or order.order_id != grant.order_id:
            if self.is_busy:
                return "the vehicle is not done with its order"
            if self.rolls_to is not None and self.rolls_to.get(grant.side) != first.node_id:
                return f"the vehicle rolls to {self.rolls_to.get(grant.side)}, not to {first.node_id}"
            return ""
        if order.cancelled or self.is_cancelling:
            return "the order was cancelled"
        if grant.update_id <= order.update_id:
            return ""
        named = {stop.sequence: stop.node_id for stop in grant.way}
        if first.sequence > order.last_sequence:
            return "the way does not begin at the node passed last"
        if any(named.get(stop.sequence) != stop.node_id for stop in order.ahead):
            return "the way leaves out a part of the base"
        return ""

    def cancel_order(self, side: str, epoch: int, order_id: str) -> Answer:
        flaw = self._flaw_of_holder(side, epoch)
        if flaw:
            return refused(flaw)
        self._pending.pop(side, None)
        order = self.orders.get(side)
        if order is None or order.order_id != order_id:
            self._cancelled_ids[side] = [*self._cancelled_ids.get(side, []), order_id][-MAX_CANCELLED:]
        elif self.is_busy:
            self.is_cancelling = True
            self.stand_if_it_does()
        return ACCEPTED

    # Rule 2: anyone may stop.

    def stop(self, side: str, stop: bool, stamp: tuple[int, int]) -> Answer:
        if stamp >= self._stop_asked_at.get(side, (0, 0)):
            self._stop_asked_at[side] = stamp
            (self.paused_by.add if stop else self.paused_by.discard)(side)
        return ACCEPTED

    # Rule 6: the register.

    def transfer_control(
        self, asked_by: str, from_side: str, expected_epoch: int, to_side: str, handoff_id: str, base_ends_at: str = ""
    ) -> Answer:
        register = self.register
        done = Register(to_side, expected_epoch + 1, handoff_id)
        if register == done and asked_by == from_side:
            return ACCEPTED
        if asked_by != register.authority or from_side != register.authority:
            return refused(f"{register.authority} holds the vehicle")
        if expected_epoch != register.epoch:
            return refused(f"the register is at epoch {register.epoch}")
        if to_side != from_side:
            flaw = self._flaw_of_leaving(base_ends_at)
            if flaw:
                return refused(flaw)
            order = self.orders.get(from_side)
            if order is not None and order.ahead:
                self.rolls_to = self._names_of(from_side, order.ahead[-1].node_id)
                order.ahead = []
        self.register = done
        return ACCEPTED

    def _flaw_of_leaving(self, base_ends_at: str) -> str:
        if self.is_standing and not self.is_busy:
            return ""
        order = self.order
        if not self.rolling_handoff or order is None or self.is_cancelling:
            return "the vehicle moves or has something left to do"
        if not order.leads_to_end or any(not work.is_over for work in self.works):
            return "the vehicle has more to do than to roll to the end of its base"
        end = order.ahead[-1].node_id if order.ahead else order.last_node_id
        if base_ends_at not in ("", end):
            return f"what is granted ends at {end}, not at {base_ends_at}"
        return ""

    def _names_of(self, side: str, node_id: str) -> dict[str, str]:
        pair = next((pair for pair in self.border_nodes if pair.get(side) == node_id), {})
        return {**pair, side: node_id}

    # Rule 7: work, standing at the end of the base.

    def work(self, side: str, epoch: int, work_id: str, kind: int, load_id: str) -> Answer:
        flaw = self._flaw_of_holder(side, epoch)
        if flaw:
            return refused(flaw)
        if any(work.side == side and work.work_id == work_id for work in self.works):
            return ACCEPTED
        if kind not in (PICK, DROP, START_CHARGING, STOP_CHARGING):
            return refused(f"work of kind {kind} is not supported")
        if not self.is_standing or (self.order is not None and self.order.ahead):
            return refused("the vehicle is on its way")
        over = [work for work in self.works if work.is_over]
        forgotten = over[: max(0, len(over) - MAX_WORKS_KEPT)]
        self.works = [work for work in self.works if work not in forgotten]
        self.works.append(Work(side, work_id, kind, load_id, RUNNING))
        return ACCEPTED

    def end_work(self, work: Work) -> None:
        """What the crane, the locks or the charger say."""
        work.status = FINISHED
        if work.kind == PICK and work.load_id not in self.load_ids:
            self.load_ids.append(work.load_id)
        elif work.kind == DROP and work.load_id in self.load_ids:
            self.load_ids.remove(work.load_id)
        elif work.kind in (START_CHARGING, STOP_CHARGING):
            self.charging = work.kind == START_CHARGING

    # What the body says.

    def reach_next(self) -> None:
        order = self.order
        if order is None or not order.ahead:
            return
        node = order.ahead.pop(0)
        order.last_sequence = node.sequence
        order.last_node_id = node.node_id
        self._stand_at(self.register.authority, node.node_id)

    def reach_end_of_roll(self) -> None:
        """It was handed over rolling, and nobody has sent it on."""
        if self.rolls_to is not None:
            self.last_node, self.rolls_to = self.rolls_to, None

    def stand_if_it_does(self) -> None:
        """A cancelled order is over once the vehicle stands."""
        if not (self.is_standing and self.is_cancelling):
            return
        self.is_cancelling = False
        order = self.order
        if order is not None:
            order.cancelled, order.ahead, order.leads_to_end = True, [], True
        for work in self.works:
            if not work.is_over:
                work.status, work.detail = FAILED, "order cancelled"

    def leave_path(self) -> None:
        """Rule 4: farther off than the margin. Only a person at the vehicle ends it."""
        self.off_path = True

    def _stand_at(self, side: str, node_id: str) -> None:
        self.last_node = self._names_of(side, node_id)

    # What survives a restart: the register, orders and latches; not the path, which is sent again.

    def remember(self) -> dict:
        return {
            "register": asdict(self.register),
            "orders": {side: asdict(order) for side, order in self.orders.items()},
            "works": [asdict(work) for work in self.works],
            "paused_by": sorted(self.paused_by),
            "load_ids": self.load_ids,
            "charging": self.charging,
            "off_path": self.off_path,
            "is_cancelling": self.is_cancelling,
            "rolls_to": self.rolls_to,
            "last_node": self.last_node,
            "cancelled_ids": self._cancelled_ids,
            "stop_asked_at": {side: list(at) for side, at in self._stop_asked_at.items()},
        }

    def recall(self, kept: dict) -> None:
        self.register = Register(**kept["register"])
        self.orders = {
            side: replace(Order(**order), ahead=[Waypoint(**stop) for stop in order["ahead"]])
            for side, order in kept["orders"].items()
        }
        self.works = [Work(**work) for work in kept["works"]]
        self.paused_by = set(kept["paused_by"])
        self.load_ids = kept["load_ids"]
        self.charging = kept["charging"]
        self.off_path = kept["off_path"]
        self.is_cancelling = kept["is_cancelling"]
        # Whoever rolled has stopped with its computer; its node was not reached, and the new holder's order leads on from here.
        self.rolls_to = None
        self.last_node = kept["last_node"]
        self._cancelled_ids = kept["cancelled_ids"]
        self._stop_asked_at = {side: (at[0], at[1]) for side, at in kept["stop_asked_at"].items()}
