// `npm run accounts -- hash`: reads a password and prints the line that an accounts file keeps of it.
import { createInterface } from "node:readline";
import { hashPassword } from "../orchestrator/src/accounts/password.ts";

const LEAST_CHARACTERS = 12;

const [command] = process.argv.slice(2);
if (command !== "hash") {
  console.error("usage: npm run accounts -- hash   (the password is read from standard input)");
  process.exit(2);
}
if (process.stdin.isTTY) console.error("Password (shown as typed; or pipe it in):");
const lines = createInterface({ input: process.stdin });
const { value: password = "" } = await lines[Symbol.asyncIterator]().next();
lines.close();
if (password.length < LEAST_CHARACTERS) {
  console.error(`A password has at least ${LEAST_CHARACTERS} characters.`);
  process.exit(1);
}
console.log(await hashPassword(password));
