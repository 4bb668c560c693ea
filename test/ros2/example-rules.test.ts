import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** The example vehicle's own tests, which need Python and no ROS 2. */

const PACKAGE = fileURLToPath(new URL("../../fleet-adapter/ros2/baton_example_vehicle", import.meta.url));
const python = process.env.BATON_ROS_PYTHON ?? "python3";
const hasPython = spawnSync(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]).status === 0;

describe.skipIf(!hasPython)(
  `the example vehicle's rules${hasPython ? "" : ": no Python 3.10 or newer"}`,
  () => {
    it("hold in its own tests", () => {
      const ran = spawnSync(python, ["-m", "unittest", "discover", "-s", "test"], {
        cwd: PACKAGE,
        encoding: "utf8",
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
      });
      expect(ran.stderr).toMatch(/Ran \d\d tests/);
      expect(ran.status, ran.stderr).toBe(0);
    });
  },
);
