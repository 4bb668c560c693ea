/**
 * `npm run custody -- verify FILE [--keys FILE]` proves a custody chain offline, from public keys alone;
 * `npm run custody -- export URL --token TOKEN [--out FILE]` writes such a file from a running side.
 */
import { readFile, writeFile } from "node:fs/promises";
import Type from "typebox";
import { Value } from "typebox/value";
import { SignedRecord } from "../orchestrator/src/handoff/core/messages.ts";
import { CustodyFile, verifyCustodyFile } from "../orchestrator/src/handoff/custody-file.ts";
import { PublicJwk } from "../orchestrator/src/handoff/keys.ts";
import { commandLine } from "./command-line.ts";

const USAGE = `npm run custody -- verify FILE [--keys FILE]
npm run custody -- export URL --token TOKEN [--out FILE]

  verify   checks every signature and every link of a custody chain, with no network
  --keys   public keys that are believed instead of the file's own: [{"side": "vn", "jwk": {...}}, ...]
  export   writes this side's chain with both sides' public keys (an account that may read the site)`;

const Keys = Type.Object({
  side: Type.Union([Type.Literal("vn"), Type.Literal("cn")]),
  keys: Type.Array(PublicJwk),
  partner: Type.Object({
    side: Type.Union([Type.Literal("vn"), Type.Literal("cn")]),
    keys: Type.Array(Type.Object({ jwk: PublicJwk })),
  }),
});
const Custody = Type.Array(Type.Object({ jws: SignedRecord }));

async function verify(path: string, keysPath: string | undefined): Promise<number> {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, "utf8"));
  const trusted =
    keysPath === undefined ? undefined : Value.Parse(CustodyFile.properties.keys, await read(keysPath));
  const reading = await verifyCustodyFile(await read(path), trusted);
  if (reading.kind === "no-custody-file") {
    console.error(`${path} is no custody file: ${reading.detail}`);
    return 2;
  }
  const { chain, keys, side } = reading;
  for (const { side: whose, kid, thumbprint } of keys) console.log(`key    ${whose} ${kid}  ${thumbprint}`);
  if (!chain.ok) {
    console.log(`BROKEN at record ${chain.at + 1}: ${chain.code}, ${chain.detail}`);
    return 1;
  }
  console.log(
    `chain  of ${side}: ${chain.records} records, ${chain.pending} not countersigned yet, head ${chain.head}`,
  );
  if (trusted === undefined)
    console.log("keys   are the file's own: compare their thumbprints with those published");
  console.log("HOLDS");
  return 0;
}

async function get(url: URL, token?: string): Promise<unknown> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`GET ${url.pathname}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function write(base: string, token: string, out: string): Promise<number> {
  const { side, keys, partner } = Value.Parse(
    Keys,
    Value.Clean(Keys, await get(new URL("/partner/v1/keys", base))),
  );
  const custody = Value.Parse(
    Custody,
    Value.Clean(Custody, await get(new URL("/api/v1/custody", base), token)),
  );
  const file: CustodyFile = {
    format: "baton-custody/1",
    side,
    exportedAt: new Date().toISOString(),
    keys: [
      ...keys.map((jwk) => ({ side, jwk })),
      ...partner.keys.map(({ jwk }) => ({ side: partner.side, jwk })),
    ],
    records: custody.map(({ jws }) => jws),
  };
  await writeFile(out, `${JSON.stringify(file, null, 1)}\n`);
  console.log(`${out}: ${file.records.length} records of ${side}`);
  return 0;
}

const { positionals, values } = commandLine(USAGE, {
  allowPositionals: true,
  options: { keys: { type: "string" }, token: { type: "string" }, out: { type: "string" } },
});
const [command, target] = positionals;
try {
  if (command === "verify" && target !== undefined) process.exitCode = await verify(target, values.keys);
  else if (command === "export" && target !== undefined && values.token !== undefined)
    process.exitCode = await write(target, values.token, values.out ?? "custody.json");
  else {
    console.error(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
