import { seededRandom } from "../random/seeded.ts";
import type { ChannelShares } from "../scenario/demand-schema.ts";

export type CustomsChannel = "green" | "yellow" | "red";

/**
 * The customs channel of a declared container. The customer's order says it and customs decides by it, in different processes
 * that need not speak of it: the same seed and number give the same channel.
 */
export function channelOf(seed: string, shares: ChannelShares, containerNo: string): CustomsChannel {
  const drawn = seededRandom(seed, "channel", containerNo).next();
  if (drawn < shares.red) return "red";
  return drawn < shares.red + shares.yellow ? "yellow" : "green";
}
