/** Looks of the room: the colours of one time of day. Neutral ground; saturated colour only for what is abnormal. */
export interface Palette {
  readonly skyTop: string;
  readonly skyHorizon: string;
  readonly fogNearM: number;
  readonly fogFarM: number;
  readonly sun: string;
  readonly sunIntensity: number;
  /** From where the sun shines (direction, not normalised; z up). */
  readonly sunFrom: { readonly x: number; readonly y: number; readonly z: number };
  readonly ambientSky: string;
  readonly ambientGround: string;
  readonly ambientIntensity: number;
  readonly earth: Readonly<Record<"vn" | "cn", string>>;
  readonly grass: Readonly<Record<"vn" | "cn", string>>;
  readonly rock: string;
  readonly foliage: string;
  readonly apron: Readonly<Record<"vn" | "cn", string>>;
  readonly pad: Readonly<Record<"vn" | "cn", string>>;
  readonly asphalt: string;
  readonly marking: string;
  readonly line: string;
  readonly ribbon: string;
  readonly ribbonPlanned: string;
  readonly lampGlow: number;
  readonly shadowStrength: number;
}

const dusk: Palette = {
  skyTop: "#1c2a3a",
  skyHorizon: "#5d6b78",
  fogNearM: 500,
  fogFarM: 3200,
  sun: "#ffd9b0",
  sunIntensity: 1.9,
  sunFrom: { x: -0.45, y: -0.75, z: 0.62 },
  ambientSky: "#93abc6",
  ambientGround: "#4b4a44",
  ambientIntensity: 1.35,
  earth: { vn: "#6d6757", cn: "#5c6264" },
  grass: { vn: "#56604a", cn: "#4c5b56" },
  rock: "#7d807d",
  foliage: "#3f4f3f",
  apron: { vn: "#77725f", cn: "#6a7073" },
  pad: { vn: "#86826f", cn: "#787f83" },
  asphalt: "#3a3f45",
  marking: "#d5d8d2",
  line: "#f4f6f4",
  ribbon: "#bfe0ee",
  ribbonPlanned: "#9db9c6",
  lampGlow: 0.34,
  shadowStrength: 0.75,
};

const day: Palette = {
  skyTop: "#9fb9cc",
  skyHorizon: "#dfe6e8",
  fogNearM: 700,
  fogFarM: 4200,
  sun: "#fff3df",
  sunIntensity: 2.5,
  sunFrom: { x: -0.4, y: -0.7, z: 0.95 },
  ambientSky: "#d6e4f0",
  ambientGround: "#8f8a7a",
  ambientIntensity: 1.75,
  earth: { vn: "#a19a82", cn: "#8f9796" },
  grass: { vn: "#85906f", cn: "#788c80" },
  rock: "#a9aca8",
  foliage: "#64775d",
  apron: { vn: "#aaa48d", cn: "#9aa1a2" },
  pad: { vn: "#bcb7a4", cn: "#adb4b6" },
  asphalt: "#565b61",
  marking: "#f3f4ef",
  line: "#ffffff",
  ribbon: "#e6f6fd",
  ribbonPlanned: "#dcecf4",
  lampGlow: 0,
  shadowStrength: 0.7,
};

export const PALETTES: Readonly<Record<"dark" | "light", Palette>> = { dark: dusk, light: day };

/** Colours of what is abnormal, the same in every theme. */
export const ABNORMAL = { critical: "#ff4d4f", high: "#ff9a3c", medium: "#ffd23f", low: "#5cc8e8", old: "#8b93a7" } as const;

/** Muted colours of steel boxes; which one a container has follows from its number. */
export const CONTAINER_COLOURS: readonly string[] = [
  "#8c4a3c",
  "#a3673f",
  "#3f5f7a",
  "#4f7480",
  "#5d7358",
  "#7d7f84",
  "#b1a893",
  "#6a4f66",
  "#36505e",
  "#946f4a",
];
