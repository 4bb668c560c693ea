import type { Protocol } from "@baton/fleet-adapter/vda5050";
import type { Tongue } from "./tongue.ts";
import { v2_0 } from "./v2_0.ts";
import { v2_1 } from "./v2_1.ts";
import { v3_0 } from "./v3_0.ts";

const TONGUES: Readonly<Record<Protocol, Tongue>> = { "2.0": v2_0, "2.1": v2_1, "3.0": v3_0 };

/** The tongue of a vehicle; 2.1 unless it is said to speak another. */
export function tongueOf(protocol: Protocol = "2.1"): Tongue {
  return TONGUES[protocol];
}
