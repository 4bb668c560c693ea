import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";

/** A process of this folder that answers each message with one of its own, of one shape. */
export interface AskedProcess<Answer> {
  ask(message?: number): Promise<Answer>;
  end(): void;
}

/** @throws {Error} from `ask`, when it ends or answers anything else. */
export function startAsked<Schema extends TSchema>(
  file: URL,
  args: readonly string[],
  schema: Schema,
): AskedProcess<Static<Schema>> {
  const child = fork(fileURLToPath(file), args);
  return {
    ask: (message = 0) =>
      new Promise((resolve, reject) => {
        child.once("exit", (code) => reject(new Error(`${file.pathname} ended with ${code}`)));
        child.once("message", (answer) => {
          child.removeAllListeners("exit");
          resolve(Value.Parse(schema, answer));
        });
        child.send(message);
      }),
    end: () => child.kill(),
  };
}
