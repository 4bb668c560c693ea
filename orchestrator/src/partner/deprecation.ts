/** A route that will go: what its answers say so that a partner notices in time (RFC 9745, RFC 8594). */
export interface Deprecation {
  readonly method: string;
  /** As it is registered, e.g. `/partner/v1/slots`. */
  readonly route: string;
  readonly sinceMs: number;
  readonly sunsetMs: number;
  /** What to use instead. */
  readonly successor: string;
}

/** The major version is in the path; this is what `Baton-Api-Version` answers. */
export const API_VERSION = "1.0";
export const KNOWN_VERSIONS: readonly string[] = ["1", API_VERSION];

/** The headers of an answer of this route. */
export function versionHeaders(
  method: string,
  route: string,
  deprecations: readonly Deprecation[],
): Readonly<Record<string, string>> {
  const found = deprecations.find((one) => one.method === method && one.route === route);
  if (found === undefined) return { "baton-api-version": API_VERSION };
  return {
    "baton-api-version": API_VERSION,
    deprecation: `@${Math.floor(found.sinceMs / 1000)}`,
    sunset: new Date(found.sunsetMs).toUTCString(),
    link: `<${found.successor}>; rel="successor-version"`,
  };
}
