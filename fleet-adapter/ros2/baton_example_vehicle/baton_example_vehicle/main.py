"""One vehicle: its body, its rules, and a face to each side."""

from __future__ import annotations

import argparse
import json
import signal
import time

from .body import Body, Pose
from .face import Face
from .keep import Keep
from .rules import RUNNING, Vehicle, Work

TICK_S = 0.05


class Machine:
    def __init__(self, settings: dict):
        start = settings["start"]
        self.settings = settings
        self.keep = Keep(settings["state_file"])
        self.vehicle = Vehicle(start["authority"], settings["border_nodes"], settings.get("rolling_handoff", True))
        pose = Pose(start["x_m"], start["y_m"], start["heading_rad"])
        self.vehicle.last_node = start.get("node", {})
        kept = self.keep.load()
        if kept is not None:
            self.vehicle.recall(kept["vehicle"])
            # A real vehicle finds out where it is by itself.
            pose = Pose(**kept["pose"])
        self.body = Body(pose, settings["max_speed_mps"], settings["acceleration_mps2"])
        self.faces = [Face(side, settings, self.vehicle, self.body, self.save) for side in settings["sides"]]
        self.work_ends_s: dict[str, float] = {}
        self.told = ""
        self.save()

    def save(self) -> None:
        pose = self.body.pose
        where = {"x_m": pose.x_m, "y_m": pose.y_m, "heading_rad": pose.heading_rad}
        self.keep.save({"vehicle": self.vehicle.remember(), "pose": where})

    def tick(self, now_s: float, dt_s: float) -> None:
        vehicle, body = self.vehicle, self.body
        for _ in range(body.advance(dt_s, vehicle.may_move)):
            vehicle.reach_next()
        vehicle.is_standing = body.speed_mps == 0
        was_cancelling = vehicle.is_cancelling
        vehicle.stand_if_it_does()
        if was_cancelling and not vehicle.is_cancelling:
            body.drop_path()
            self.end_goals("the order was cancelled")
        if body.path is not None and body.along_m >= body.path.length_m:
            vehicle.reach_end_of_roll()
            self.end_goals("driven")
        self.do_work(now_s)
        self.watch_path()
        state = json.dumps([vehicle.remember(), body.speed_mps > 0, body.path is not None])
        has_changed, self.told = state != self.told, state
        if has_changed:
            self.save()
        for face in self.faces:
            face.tell(now_s, has_changed)

    def watch_path(self) -> None:
        """Rule 4. This body is always on its path; a real one asks its localisation."""
        off_m = 0.0 if self.body.path is None else self.body.distance_to(self.body.path)
        is_off = any(face.is_out_of_fence() for face in self.faces) or off_m > self.settings["path_margin_m"]
        if is_off and not self.vehicle.off_path:
            self.vehicle.leave_path()
            self.end_goals("off the path")

    def end_goals(self, outcome: str) -> None:
        for face in self.faces:
            face.end_goal(outcome)

    def do_work(self, now_s: float) -> None:
        """Cranes, locks and the charger take their time; a real vehicle waits for their signals."""
        for work in self.vehicle.works:
            if work.status != RUNNING:
                continue
            if now_s >= self.work_ends_s.setdefault(self.name_of(work), now_s + self.settings["work_s"]):
                del self.work_ends_s[self.name_of(work)]
                self.vehicle.end_work(work)

    @staticmethod
    def name_of(work: Work) -> str:
        return f"{work.side} {work.work_id}"

    def run(self, is_wanted) -> None:
        last_s = time.monotonic()
        while is_wanted():
            for face in self.faces:
                face.spin()
            now_s = time.monotonic()
            if now_s - last_s >= TICK_S:
                self.tick(now_s, min(now_s - last_s, 4 * TICK_S))
                last_s = now_s
        self.save()
        for face in self.faces:
            face.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="A vehicle for Baton, small enough to be copied")
    parser.add_argument("--config", required=True, help="its settings, a JSON file")
    known, _of_ros = parser.parse_known_args()
    with open(known.config) as file:
        # ROS takes no whole number where it expects a float.
        machine = Machine(json.load(file, parse_int=float))
    stopping: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _frame: stopping.append(number))
    machine.run(lambda: not stopping)


if __name__ == "__main__":
    main()
