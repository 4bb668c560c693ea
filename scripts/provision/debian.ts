import { execFile } from "node:child_process";
import { access, constants, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A program that Baton needs beside Node, and the Debian package that has it. */
export interface Program {
  /** Names it may go by, best first. */
  readonly names: readonly string[];
  readonly debianPackage: string;
  /** Shown when it cannot be had. */
  readonly purpose: string;
}

export const REDIS: Program = {
  names: ["redis-server", "valkey-server"],
  debianPackage: "redis-server",
  purpose: "the ledger of each side",
};
export const MOSQUITTO: Program = {
  names: ["mosquitto"],
  debianPackage: "mosquitto",
  purpose: "a real MQTT broker for the tests",
};
export const CHROMIUM: Program = {
  names: ["chromium"],
  debianPackage: "chromium",
  purpose: "the browser for tests and screenshots",
};

/** A program could not be found nor installed; the message says which one command mends it. */
export class ProgramMissing extends Error {
  override readonly name = "ProgramMissing";
}

/** Where packages are unpacked for a user who is not root. */
const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "baton");

async function executable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function onPath(program: Program): Promise<string | undefined> {
  const unpacked = join(cacheFolder, program.debianPackage);
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    join(unpacked, "usr/bin"),
    join(unpacked, "usr/sbin"),
  ];
  for (const name of program.names) {
    for (const folder of folders) {
      if (folder !== "" && (await executable(join(folder, name)))) return join(folder, name);
    }
  }
  return undefined;
}

/** Whether this is a Debian-like machine, where the package can be had without a person. */
async function hasApt(): Promise<boolean> {
  return (
    (await executable("/usr/bin/apt-get")) && (await readFile("/etc/os-release", "utf8")).includes("debian")
  );
}

async function installAsRoot(program: Program): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // Debian starts a packaged server at once; Baton runs its own, so a machine-wide one must not come up.
  const policy = "/usr/sbin/policy-rc.d";
  const hadPolicy = await executable(policy);
  if (!hadPolicy) await writeFile(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await run("apt-get", ["update", "-qq"], { env });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", program.debianPackage], {
      env,
      maxBuffer: 64 << 20,
    });
  } finally {
    if (!hadPolicy) await run("rm", ["-f", policy]);
  }
}

/** Without root: fetch the package and the ones it needs that are not there, and unpack them into a folder of our own. */
async function unpackAsUser(program: Program): Promise<void> {
  const folder = join(cacheFolder, program.debianPackage);
  await mkdir(folder, { recursive: true });
  const needed = await run("apt-cache", [
    "depends",
    "--recurse",
    "--no-recommends",
    "--no-suggests",
    "--no-conflicts",
    "--no-breaks",
    "--no-replaces",
    "--no-enhances",
    program.debianPackage,
  ]);
  const names = [...new Set(needed.stdout.split("\n").filter((line) => /^[a-z0-9]/.test(line)))];
  const missing: string[] = [];
  for (const name of names) {
    const status = await run("dpkg", ["-s", name]).catch(() => ({ stdout: "" }));
    if (!status.stdout.includes("install ok installed")) missing.push(name);
  }
  await run("apt-get", ["download", ...missing], { cwd: folder, maxBuffer: 64 << 20 });
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".deb"))) {
    await run("dpkg-deb", ["-x", join(folder, file), folder]);
  }
}

/**
 * The path of a program: found, or installed from Debian (as root with apt-get; as a user unpacked into a cache folder).
 * @throws {ProgramMissing} naming the one command that a person has to run.
 */
export async function provide(program: Program): Promise<string> {
  const found = await onPath(program);
  if (found !== undefined) return found;
  const byHand = `Install it with: sudo apt-get install -y ${program.debianPackage}`;
  if (!(await hasApt())) {
    throw new ProgramMissing(
      `${program.names.join(" or ")} (${program.purpose}) is not on the path. ${byHand}`,
    );
  }
  process.stderr.write(`installing ${program.debianPackage} (${program.purpose}) …\n`);
  try {
    if (process.getuid?.() === 0) await installAsRoot(program);
    else await unpackAsUser(program);
  } catch (cause) {
    throw new ProgramMissing(
      `${program.debianPackage} (${program.purpose}) could not be installed. ${byHand}`,
      {
        cause,
      },
    );
  }
  const installed = await onPath(program);
  if (installed === undefined)
    throw new ProgramMissing(`${program.debianPackage} was installed but has no program. ${byHand}`);
  return installed;
}
