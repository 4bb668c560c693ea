import type { TestProject } from "vitest/node";
import { startRedis } from "../../scripts/provision/redis.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A real Redis for the whole run, without persistence; every test uses keys of its own. */
    redisUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.REDIS_URL;
  if (given !== undefined) {
    project.provide("redisUrl", given);
    return async () => {};
  }
  const redis = await startRedis({ durability: "none" });
  project.provide("redisUrl", redis.url);
  return () => redis.stop();
}
