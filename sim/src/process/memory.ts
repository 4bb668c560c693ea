import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where simulated things keep what a restart of their process must not lose. */
export interface Memory {
  load(name: string): string | undefined;
  /**
   * Kept whole or not at all, before it returns. `text` says it from values that never change: a memory that ends with its
   * process asks only when somebody wants to know.
   */
  save(name: string, text: () => string): void;
}

/** One file a name, in a folder of its own. */
export function fileMemory(folder: string): Memory {
  mkdirSync(folder, { recursive: true });
  const pathOf = (name: string): string => join(folder, `${encodeURIComponent(name)}.json`);
  return {
    load: (name) => {
      try {
        return readFileSync(pathOf(name), "utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    save: (name, text) => {
      const path = pathOf(name);
      writeFileSync(`${path}.new`, text());
      renameSync(`${path}.new`, path);
    },
  };
}

/** Forgets with the process. */
export function processMemory(): Memory {
  const texts = new Map<string, () => string>();
  return { load: (name) => texts.get(name)?.(), save: (name, text) => void texts.set(name, text) };
}
