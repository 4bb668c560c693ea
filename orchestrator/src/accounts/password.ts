import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** scrypt (RFC 7914) at the cost that OWASP's cheat sheet on password storage names: N = 2^17, r = 8, p = 1. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** What is kept of a password: `scrypt$N$r$p$salt$key`, salt and key in base64url. */
export const PASSWORD_HASH =
  "^scrypt\\$\\d{1,8}\\$\\d{1,2}\\$\\d{1,2}\\$[A-Za-z0-9_-]{16,}\\$[A-Za-z0-9_-]{43}$";

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password.normalize("NFC"), salt, KEY_BYTES, { ...COST, maxmem: memoryFor(COST) });
  const { N, r, p } = COST;
  return `scrypt$${N}$${r}$${p}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Whether a password is the one that was hashed; false for a hash that is not one. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  if (!new RegExp(PASSWORD_HASH).test(hash)) return false;
  const [, N = "", r = "", p = "", salt = "", key = ""] = hash.split("$");
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const expected = Buffer.from(key, "base64url");
  const found = await derive(password.normalize("NFC"), Buffer.from(salt, "base64url"), expected.length, {
    ...cost,
    maxmem: memoryFor(cost),
  });
  return timingSafeEqual(found, expected);
}

/** Node refuses to spend more than it is told; scrypt needs 128 N r bytes, and a little. */
const memoryFor = ({ N, r }: { readonly N: number; readonly r: number }): number => 256 * N * r;
