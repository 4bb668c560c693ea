"""The vehicle's rules without ROS: `python3 -m unittest discover -s test` in this package."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from baton_example_vehicle.body import Body, Leg, Path as Way, Pose, is_inside  # noqa: E402
from baton_example_vehicle.rules import DROP, PICK, Grant, Vehicle, Waypoint  # noqa: E402

STAMP = (1, 0)


def grant(order_id="leg", update_id=0, nodes="abc", first=0, side="vn", epoch=0, leads_to_end=True, stamp=STAMP):
    way = tuple(Waypoint(name, first + index, "" if index == 0 else f">{name}", 2.0, index) for index, name in enumerate(nodes))
    return Grant(side, epoch, order_id, update_id, way, leads_to_end, stamp)


def vehicle(**more):
    return Vehicle("vn", [{"vn": "c", "cn": "c-of-cn"}], **more)


def driving(nodes="abc", **more):
    """On its way to the first node but one."""
    one = vehicle()
    given = grant(nodes=nodes, **more)
    assert one.grant(given) == (True, "")
    one.put_in_force(one.pending_for("vn", STAMP))
    one.is_standing = False
    return one


class OrderTest(unittest.TestCase):
    def test_names_move_nothing_until_their_path_comes(self):
        one = vehicle()
        self.assertEqual(one.grant(grant()), (True, ""))
        self.assertFalse(one.has_way_left)
        self.assertIsNone(one.pending_for("vn", (2, 0)))
        one.put_in_force(one.pending_for("vn", STAMP))
        self.assertEqual([stop.node_id for stop in one.order.ahead], ["b", "c"])

    def test_only_the_holder_of_this_epoch_commands(self):
        self.assertIn("vn holds the vehicle", vehicle().grant(grant(side="cn"))[1])
        self.assertIn("epoch 0", vehicle().grant(grant(epoch=1))[1])

    def test_nothing_is_taken_back(self):
        one = driving()
        self.assertIn("leaves out a part", one.grant(grant(update_id=1, nodes="ab"))[1])
        self.assertIn("leaves out a part", one.grant(grant(update_id=1, nodes="abx"))[1])
        self.assertTrue(one.grant(grant(update_id=1, nodes="abcd"))[0])

    def test_what_is_known_changes_nothing_and_is_accepted(self):
        one = driving()
        self.assertTrue(one.grant(grant(nodes="x"))[0])
        self.assertEqual([stop.node_id for stop in one.order.ahead], ["b", "c"])

    def test_another_order_waits_until_nothing_is_left(self):
        one = driving()
        self.assertIn("not done", one.grant(grant(order_id="next", nodes="cd"))[1])
        one.reach_next()
        one.reach_next()
        self.assertTrue(one.grant(grant(order_id="next", nodes="cd"))[0])

    def test_a_cancelled_order_never_begins(self):
        one = vehicle()
        self.assertTrue(one.cancel_order("vn", 0, "leg")[0])
        self.assertIn("cancelled", one.grant(grant())[1])

    def test_a_cancelled_order_is_over_when_the_vehicle_stands(self):
        one = driving()
        one.cancel_order("vn", 0, "leg")
        one.stand_if_it_does()
        self.assertFalse(one.order.cancelled)
        one.is_standing = True
        one.stand_if_it_does()
        self.assertTrue(one.order.cancelled)
        self.assertFalse(one.is_busy)


class StopTest(unittest.TestCase):
    def test_either_side_stops_and_each_lifts_its_own(self):
        one = driving()
        one.stop("vn", True, (5, 0))
        one.stop("cn", True, (5, 0))
        one.stop("vn", False, (6, 0))
        self.assertFalse(one.may_move)
        one.stop("cn", False, (4, 0))
        self.assertFalse(one.may_move, "an older word changes nothing")
        one.stop("cn", False, (6, 0))
        self.assertTrue(one.may_move)


class RegisterTest(unittest.TestCase):
    def test_passes_by_compare_and_set_from_the_holder_standing(self):
        one = vehicle()
        self.assertIn("holds the vehicle", one.transfer_control("cn", "vn", 0, "cn", "h")[1])
        self.assertIn("epoch 0", one.transfer_control("vn", "vn", 1, "cn", "h")[1])
        self.assertEqual(one.transfer_control("vn", "vn", 0, "cn", "h"), (True, ""))
        self.assertEqual(one.transfer_control("vn", "vn", 0, "cn", "h"), (True, ""), "said again")
        self.assertEqual((one.register.authority, one.register.epoch), ("cn", 1))

    def test_rolling_it_keeps_what_is_left_and_takes_the_new_holders_way_from_its_end(self):
        one = driving()
        self.assertIn("ends at c", one.transfer_control("vn", "vn", 0, "cn", "h", "b")[1])
        self.assertTrue(one.transfer_control("vn", "vn", 0, "cn", "h", "c")[0])
        self.assertEqual(one.rolls_to, {"vn": "c", "cn": "c-of-cn"})
        theirs = grant("theirs", nodes=["b"], side="cn", epoch=1)
        self.assertIn("rolls to c-of-cn", one.grant(theirs)[1])
        one.grant(grant("theirs", nodes=["c-of-cn", "d"], side="cn", epoch=1))
        one.put_in_force(one.pending_for("cn", STAMP))
        self.assertEqual([stop.node_id for stop in one.order.ahead], ["c-of-cn", "d"])
        one.grant(grant("theirs", 1, ["c-of-cn", "d", "e"], side="cn", epoch=1, stamp=(2, 0)))
        one.put_in_force(one.pending_for("cn", (2, 0)))
        self.assertEqual([stop.node_id for stop in one.order.ahead], ["c-of-cn", "d", "e"])

    def test_stays_while_it_rolls_where_that_is_not_allowed_or_more_is_planned(self):
        rolling = driving()
        rolling.rolling_handoff = False
        self.assertFalse(rolling.transfer_control("vn", "vn", 0, "cn", "h")[0])
        self.assertFalse(driving(leads_to_end=False).transfer_control("vn", "vn", 0, "cn", "h")[0])

    def test_survives_a_restart_with_the_order_and_the_latches(self):
        one = driving()
        one.stop("cn", True, (1, 0))
        again = vehicle()
        again.recall(one.remember())
        self.assertEqual(again.remember(), one.remember())
        self.assertFalse(again.may_move)
        self.assertEqual([stop.node_id for stop in again.order.ahead], ["b", "c"])


class WorkTest(unittest.TestCase):
    def test_is_done_once_for_each_id_standing_at_the_end_of_the_base(self):
        self.assertIn("on its way", driving().work("vn", 0, "w", PICK, "BOX")[1])
        one = vehicle()
        for _ in range(2):
            self.assertTrue(one.work("vn", 0, "w", PICK, "BOX")[0])
        self.assertEqual(len(one.works), 1)
        one.end_work(one.works[0])
        self.assertEqual(one.load_ids, ["BOX"])
        one.work("vn", 0, "w2", DROP, "BOX")
        one.end_work(one.works[1])
        self.assertEqual(one.load_ids, [])


class BodyTest(unittest.TestCase):
    def test_stops_at_the_end_of_its_path_and_never_beyond(self):
        body = Body(Pose(0.0, 0.0, 0.0), 6.0, 1.0)
        body.follow(Way([Pose(0.0, 0.0, 0.0), Pose(30.0, 0.0, 0.0)]), [Leg(30.0, 0.0)])
        reached = sum(body.advance(0.05, True) for _ in range(600))
        self.assertEqual((reached, body.pose.x_m, body.speed_mps), (1, 30.0, 0.0))

    def test_drives_on_at_its_speed_when_its_path_grows(self):
        body = Body(Pose(0.0, 0.0, 0.0), 6.0, 1.0)
        body.follow(Way([Pose(0.0, 0.0, 0.0), Pose(30.0, 0.0, 0.0)]), [Leg(30.0, 0.0)])
        for _ in range(80):
            body.advance(0.05, True)
        before_mps = body.speed_mps
        body.follow(Way([Pose(0.0, 0.0, 0.0), Pose(90.0, 0.0, 0.0)]), [Leg(90.0, 0.0)])
        body.advance(0.05, True)
        self.assertGreaterEqual(body.speed_mps, before_mps)


class FenceTest(unittest.TestCase):
    def test_holds_a_whole_body_and_not_a_part_of_one(self):
        fence = ((0.0, 0.0), (40.0, 0.0), (40.0, 10.0), (0.0, 10.0))
        self.assertTrue(is_inside(fence, Pose(20.0, 2.0, 0.0), 15.0, 3.0))
        self.assertFalse(is_inside(fence, Pose(20.0, 2.0, 0.5), 15.0, 3.0))
        self.assertFalse(is_inside(fence, Pose(35.0, 5.0, 0.0), 15.0, 3.0))


if __name__ == "__main__":
    unittest.main()
