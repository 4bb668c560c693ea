import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below those that systems give to whoever connects somewhere (from 32768 up on Linux): a port from up there that is free now
 * may be some connection's before the server that it was for listens, or while that server is started again.
 */
const FIRST = 10_000;
const END = 32_000;
const MOST_TRIES = 1_000;

/** A port on loopback that is free at this moment, drawn at random, so that two that ask at once hardly get the same. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < MOST_TRIES; tried++) {
    const port = randomInt(FIRST, END);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${FIRST} to ${END} is free on loopback`);
}

/** `preferred` if it is free on loopback, else the next free one after it. */
export async function portFrom(preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + 100; port++) if (await isFree(port)) return port;
  return freePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
