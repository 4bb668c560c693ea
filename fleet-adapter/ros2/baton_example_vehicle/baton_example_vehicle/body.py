"""A body that drives a path in the site frame: what Nav2's controller server and the drives are on a real vehicle.

It never exceeds what it can brake from before the end of the path. Metres, seconds, radians.
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Pose:
    x_m: float
    y_m: float
    heading_rad: float


@dataclass(frozen=True)
class Frame:
    """Where the origin of a side's map is in the site frame, in which the body moves."""

    x_m: float
    y_m: float
    heading_rad: float

    def to_site(self, pose: Pose) -> Pose:
        cos, sin = math.cos(self.heading_rad), math.sin(self.heading_rad)
        return Pose(
            self.x_m + cos * pose.x_m - sin * pose.y_m,
            self.y_m + sin * pose.x_m + cos * pose.y_m,
            pose.heading_rad + self.heading_rad,
        )

    def to_map(self, pose: Pose) -> Pose:
        cos, sin = math.cos(self.heading_rad), math.sin(self.heading_rad)
        dx, dy = pose.x_m - self.x_m, pose.y_m - self.y_m
        return Pose(cos * dx + sin * dy, cos * dy - sin * dx, pose.heading_rad - self.heading_rad)


class Path:
    """Poses and the way along them; `node_at` says how far along it each node lies that is still ahead."""

    def __init__(self, poses: list[Pose]):
        self.poses = poses
        self.at_m = [0.0]
        for before, pose in zip(poses, poses[1:]):
            self.at_m.append(self.at_m[-1] + math.hypot(pose.x_m - before.x_m, pose.y_m - before.y_m))

    @property
    def length_m(self) -> float:
        return self.at_m[-1]

    def pose_at(self, along_m: float) -> Pose:
        index = min(max(bisect.bisect_right(self.at_m, along_m), 1), len(self.poses) - 1)
        if index < 1:
            return self.poses[0]
        a, b = self.poses[index - 1], self.poses[index]
        span_m = self.at_m[index] - self.at_m[index - 1]
        part = 0.0 if span_m == 0 else min(max((along_m - self.at_m[index - 1]) / span_m, 0.0), 1.0)
        turn = math.remainder(b.heading_rad - a.heading_rad, math.tau)
        return Pose(a.x_m + part * (b.x_m - a.x_m), a.y_m + part * (b.y_m - a.y_m), a.heading_rad + part * turn)

    def nearest(self, pose: Pose) -> tuple[float, float]:
        """How far along the path is nearest to a pose, and how far off that is."""
        best = (0.0, math.hypot(pose.x_m - self.poses[0].x_m, pose.y_m - self.poses[0].y_m))
        for index in range(1, len(self.poses)):
            a, b = self.poses[index - 1], self.poses[index]
            dx, dy = b.x_m - a.x_m, b.y_m - a.y_m
            squared = dx * dx + dy * dy
            part = 0.0 if squared == 0 else ((pose.x_m - a.x_m) * dx + (pose.y_m - a.y_m) * dy) / squared
            part = min(max(part, 0.0), 1.0)
            off_m = math.hypot(pose.x_m - a.x_m - part * dx, pose.y_m - a.y_m - part * dy)
            if off_m < best[1] - 1e-9:
                best = (self.at_m[index - 1] + part * math.sqrt(squared), off_m)
        return best


def is_inside(corners: tuple[tuple[float, float], ...], pose: Pose, length_m: float, width_m: float) -> bool:
    """Whether the whole body is inside of a convex outline, counter-clockwise, in the frame of the pose."""
    cos, sin = math.cos(pose.heading_rad), math.sin(pose.heading_rad)
    for ahead_m in (-length_m / 2, length_m / 2):
        for left_m in (-width_m / 2, width_m / 2):
            x, y = pose.x_m + ahead_m * cos - left_m * sin, pose.y_m + ahead_m * sin + left_m * cos
            for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1]):
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) < 0:
                    return False
    return True


@dataclass(frozen=True)
class Leg:
    """A node ahead: how far along the path, and how fast at most until there."""

    at_m: float
    max_speed_mps: float


class Body:
    def __init__(self, pose: Pose, max_speed_mps: float, acceleration_mps2: float):
        self.pose = pose
        self.speed_mps = 0.0
        self.max_speed_mps = max_speed_mps
        self.acceleration_mps2 = acceleration_mps2
        self.path: Path | None = None
        self.along_m = 0.0
        self.legs: list[Leg] = []

    def distance_to(self, path: Path) -> float:
        return path.nearest(self.pose)[1]

    def remaining(self) -> list[Pose]:
        """What is left of the path, from where it is."""
        if self.path is None:
            return [self.pose]
        ahead = [pose for pose, at_m in zip(self.path.poses, self.path.at_m) if at_m > self.along_m + 1e-6]
        return [self.pose, *ahead]

    def follow(self, path: Path, legs: list[Leg]) -> None:
        """Takes a path in place of the one before, at the speed that it has."""
        self.along_m = path.nearest(self.pose)[0]
        self.path, self.legs = path, list(legs)

    def drop_path(self) -> None:
        self.path, self.legs = None, []

    def advance(self, dt_s: float, may_move: bool) -> int:
        """Moves for `dt_s`; returns how many nodes were reached."""
        if self.path is None:
            self.speed_mps = 0.0
            return 0
        limit = 0.0
        if may_move:
            leg_limit = self.legs[0].max_speed_mps if self.legs else 0.0
            limit = min(self.max_speed_mps, leg_limit) if leg_limit > 0 else self.max_speed_mps
        left_m = self.path.length_m - self.along_m
        step = self.acceleration_mps2 * dt_s
        wanted = min(self.speed_mps + step, limit, math.sqrt(2 * self.acceleration_mps2 * max(left_m, 0.0)))
        self.speed_mps = max(wanted, self.speed_mps - step, 0.0)
        self.along_m = min(self.along_m + self.speed_mps * dt_s, self.path.length_m)
        if self.path.length_m - self.along_m < 0.01:
            self.along_m, self.speed_mps = self.path.length_m, 0.0
        self.pose = self.path.pose_at(self.along_m)
        reached = [leg for leg in self.legs if leg.at_m <= self.along_m + 1e-6]
        self.legs = self.legs[len(reached) :]
        return len(reached)
