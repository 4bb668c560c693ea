import type { ClosureId } from "../reservation/port.ts";
import { isLoadsWay } from "./loads-way.ts";
import { isVisitors } from "./visitors-ground.ts";

/**
 * Whether ground is closed because something is on it, or above it, that the ledger knows of by this closure alone: a foreign
 * vehicle, or a load under a crane. It opens by itself, and by nobody's word.
 */
export const isKeptGround = (closureId: ClosureId): boolean => isLoadsWay(closureId) || isVisitors(closureId);
