import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const SIDES = ["vn", "cn"] as const;
type DemoSide = (typeof SIDES)[number];

/** Files and tokens with which one side of a demo runs; made fresh at each start, valid nowhere else. */
export interface Identity {
  readonly signingKeyFile: string;
  readonly partnerKeysFile: string;
  readonly accountsFile: string;
  readonly tokens: { readonly operator: string; readonly supervisor: string; readonly engineer: string };
}

async function ownKey(file: string, side: DemoSide): Promise<Record<string, unknown>> {
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept);
  const { privateKey } = generateKeyPairSync("ed25519");
  const jwk = { ...privateKey.export({ format: "jwk" }), kid: `${side}-demo-1`, alg: "EdDSA", use: "sig" };
  await writeFile(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}

/**
 * Keys and accounts for both sides, in a folder that only this user can read. Keys are kept from run to run, since
 * custody records are signed with them; tokens are new each time (`tokens.json`).
 */
export async function makeIdentities(folder: string): Promise<Readonly<Record<DemoSide, Identity>>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keys = {
    vn: await ownKey(join(folder, "vn.key.json"), "vn"),
    cn: await ownKey(join(folder, "cn.key.json"), "cn"),
  };
  const newTokens = (): Identity["tokens"] => ({
    operator: randomBytes(24).toString("base64url"),
    supervisor: randomBytes(24).toString("base64url"),
    engineer: randomBytes(24).toString("base64url"),
  });
  const tokensOf = { vn: newTokens(), cn: newTokens() };
  await writeFile(join(folder, "tokens.json"), JSON.stringify(tokensOf, null, 1), { mode: 0o600 });
  const identity = async (side: DemoSide): Promise<Identity> => {
    const other = side === "vn" ? "cn" : "vn";
    const { d: _private, ...partnerPublic } = keys[other];
    const partnerKeysFile = join(folder, `${side}.partner-keys.json`);
    await writeFile(partnerKeysFile, JSON.stringify({ keys: [partnerPublic] }), { mode: 0o600 });
    const tokens = tokensOf[side];
    const accountsFile = join(folder, `${side}.accounts.json`);
    const account = (name: string, role: string, token: string) => ({
      name,
      role,
      tokenSha256: createHash("sha256").update(token).digest("hex"),
    });
    const accounts = [
      account(`${side}-operator`, "control-operator", tokens.operator),
      account(`${side}-supervisor`, "supervisor", tokens.supervisor),
      account(`${side}-engineer`, "engineer", tokens.engineer),
      // The other control room may look, so that its twin shows both sides.
      account(`${other}-operator`, "viewer", tokensOf[other].operator),
    ];
    await writeFile(accountsFile, JSON.stringify({ accounts }), { mode: 0o600 });
    return { signingKeyFile: join(folder, `${side}.key.json`), partnerKeysFile, accountsFile, tokens };
  };
  return { vn: await identity("vn"), cn: await identity("cn") };
}
