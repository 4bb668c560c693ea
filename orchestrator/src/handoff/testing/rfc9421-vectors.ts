import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import type { SignedAnswer, SignedRequest } from "../http-signatures.ts";
import { readPublicKey } from "../keys.ts";

/** The test cases of RFC 9421, appendix B: keys (B.1), messages and signatures (B.2 to B.4). */
export interface Vector {
  readonly section: string;
  readonly message: SignedRequest | SignedAnswer;
  readonly input: string;
  readonly signature: string;
  readonly algorithm: string;
  readonly key: KeyObject;
}

const RSA_PSS = createPublicKey(`-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`);

const ECC_P256 = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----`);

const SHARED_SECRET = createSecretKey(
  "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
  "base64",
);

/** B.1.4, the private part too: what it signs is always the same. */
export const RFC_ED25519_JWK = `{"kty":"OKP","crv":"Ed25519","kid":"test-key-ed25519",
  "d":"n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}`;
const ED25519_KEY = readPublicKey(RFC_ED25519_JWK);

export const RFC_REQUEST: SignedRequest = {
  method: "POST",
  scheme: "https",
  authority: "example.com",
  target: "/foo?param=Value&Pet=dog",
  headers: {
    date: "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest":
      "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "content-length": "18",
  },
};
export const RFC_BODY = '{"hello": "world"}';

const RESPONSE: SignedAnswer = {
  status: 200,
  request: RFC_REQUEST,
  headers: {
    date: "Tue, 20 Apr 2021 02:07:56 GMT",
    "content-type": "application/json",
    "content-digest":
      "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:",
    "content-length": "23",
  },
};

/** B.3: what a TLS-terminating proxy sends on. */
const PROXIED: SignedRequest = {
  ...RFC_REQUEST,
  authority: "service.internal.example",
  headers: {
    ...RFC_REQUEST.headers,
    "client-cert":
      ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEl" +
      "udGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQY" +
      "IKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo" +
      "9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAw" +
      "wCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4" +
      "/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:",
  },
};

const DEMO: SignedRequest = {
  method: "GET",
  scheme: "https",
  authority: "example.org",
  target: "/demo?name1=Value1&Name2=value2",
  headers: { accept: "application/json, */*", date: "Fri, 15 Jul 2022 14:24:55 GMT" },
};
const TRANSFORM = {
  input: '("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
  signature: "ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==",
  algorithm: "ed25519",
  key: ED25519_KEY,
};

export const VECTORS: readonly Vector[] = [
  {
    section: "B.2.1, minimal",
    message: RFC_REQUEST,
    input: '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    signature:
      "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsc" +
      "kzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXe" +
      "hhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9" +
      "mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
    algorithm: "rsa-pss-sha512",
    key: RSA_PSS,
  },
  {
    section: "B.2.2, selective",
    message: RFC_REQUEST,
    input:
      '("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"',
    signature:
      "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkS" +
      "owOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkj" +
      "qpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAox" +
      "k//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
    algorithm: "rsa-pss-sha512",
    key: RSA_PSS,
  },
  {
    section: "B.2.3, full",
    message: RFC_REQUEST,
    input:
      '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
    signature:
      "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp76" +
      "8ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQo" +
      "Ld7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX" +
      "2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
    algorithm: "rsa-pss-sha512",
    key: RSA_PSS,
  },
  {
    section: "B.2.4, a response",
    message: RESPONSE,
    input:
      '("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"',
    signature: "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==",
    algorithm: "ecdsa-p256-sha256",
    key: ECC_P256,
  },
  {
    section: "B.2.6, Ed25519",
    message: RFC_REQUEST,
    input:
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
    algorithm: "ed25519",
    key: ED25519_KEY,
  },
  {
    section: "B.3, behind a proxy",
    message: PROXIED,
    input:
      '("@path" "@query" "@method" "@authority" "client-cert");created=1618884473;keyid="test-key-ecc-p256"',
    signature: "xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==",
    algorithm: "ecdsa-p256-sha256",
    key: ECC_P256,
  },
  {
    section: "B.2.5, a shared secret",
    message: RFC_REQUEST,
    input: '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
    signature: "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
    algorithm: "hmac-sha256",
    key: SHARED_SECRET,
  },
  { section: "B.4, as sent", message: DEMO, ...TRANSFORM },
  {
    section: "B.4, with a header and a query parameter added",
    message: {
      ...DEMO,
      target: `${DEMO.target}&param=added`,
      headers: { ...DEMO.headers, "accept-language": "en-US,en;q=0.5" },
    },
    ...TRANSFORM,
  },
  {
    section: "B.4, with another header instead of the date",
    message: {
      ...DEMO,
      headers: { accept: "application/json, */*", referer: "https://developer.example.org/demo" },
    },
    ...TRANSFORM,
  },
];

/** B.4: changes that the signature must not survive. */
export const BROKEN_VECTORS: readonly Vector[] = [
  {
    section: "B.4, another method and authority",
    message: { ...DEMO, method: "POST", authority: "example.com" },
    ...TRANSFORM,
  },
  {
    section: "B.4, the values of a header in another order",
    message: { ...DEMO, headers: { ...DEMO.headers, accept: "*/*, application/json" } },
    ...TRANSFORM,
  },
];
