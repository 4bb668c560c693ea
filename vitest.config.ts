import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "{maps,fleet-adapter,orchestrator,sim,twin-ui}/src/**/*.test.ts",
      "test/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    globalSetup: ["test/setup/redis.ts"],
    setupFiles: ["test/setup/seed.ts"],
    // Forks, not threads: native ROS bindings abort in a worker thread, and a crash must stay in its file.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: process.env.CI === undefined ? ["default"] : ["dot"],
  },
});
