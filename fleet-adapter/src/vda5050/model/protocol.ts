/** Versions of VDA 5050 that Baton speaks, side by side, each vehicle its own. */
export const PROTOCOLS = ["2.0", "2.1", "3.0"] as const;
export type Protocol = (typeof PROTOCOLS)[number];
