/** What a page shows: the view, the selected vehicle, and the moment when it is not now. */
export interface Sight {
  /** As `viewText` writes it. */
  readonly view: string | undefined;
  readonly vehicleId: string | undefined;
  /** Site's clock; undefined while the picture is live. */
  readonly atMs: number | undefined;
}

const NAMES = { view: "view", vehicleId: "vehicle", atMs: "at" } as const;
/** Whoever follows a link is themselves. */
const OF_THE_VIEWER = ["token", "token.vn", "token.cn"] as const;

/** The page's own address with a sight in it, so that a reload comes back to it. */
export function addressOf(address: string, sight: Sight): string {
  const url = new URL(address);
  for (const part of ["view", "vehicleId", "atMs"] as const) {
    const value = sight[part];
    if (value === undefined) url.searchParams.delete(NAMES[part]);
    else url.searchParams.set(NAMES[part], String(value));
  }
  return url.toString();
}

/** The same for somebody else: no token goes with it. */
export function linkOf(address: string, sight: Sight): string {
  const url = new URL(addressOf(address, sight));
  for (const name of OF_THE_VIEWER) url.searchParams.delete(name);
  return url.toString();
}

export function sightIn(address: string): Sight {
  const { searchParams } = new URL(address);
  const atMs = Number(searchParams.get(NAMES.atMs) ?? Number.NaN);
  return {
    view: searchParams.get(NAMES.view) ?? undefined,
    vehicleId: searchParams.get(NAMES.vehicleId) ?? undefined,
    atMs: Number.isFinite(atMs) ? atMs : undefined,
  };
}
