import type { SiteParameters } from "./parameters.ts";
import { GATE_2030 } from "./sites/gate-2030.ts";
import { MARKERS_1088_1089 } from "./sites/markers-1088-1089.ts";
import { MARKERS_1119_1120 } from "./sites/markers-1119-1120.ts";
import { MINI } from "./sites/mini.ts";

/** The sites whose files are committed under `sites/`. */
export const SITE_PARAMETERS: readonly SiteParameters[] = [MINI, MARKERS_1119_1120, MARKERS_1088_1089];

/** Those, and the layouts that are only ever made on the fly. */
export const ALL_PARAMETERS: readonly SiteParameters[] = [...SITE_PARAMETERS, GATE_2030];
