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
  readonly shadow: string;
  readonly shadowStrength: number;
}

const dusk: Palette = {
  skyTop: "#2a3b4e",
  skyHorizon: "#76838f",
  fogNearM: 60,
  fogFarM: 560,
  sun: "#ffdcb8",
  sunIntensity: 3.3,
  sunFrom: { x: -0.45, y: -0.75, z: 0.62 },
  ambientSky: "#a9bace",
  ambientGround: "#5b5a55",
  ambientIntensity: 2.7,
  earth: { vn: "#716b5f", cn: "#5f6567" },
  grass: { vn: "#5d6456", cn: "#525e5b" },
  rock: "#7c7f7f",
  foliage: "#4a5549",
  apron: { vn: "#7d7768", cn: "#6d7376" },
  pad: { vn: "#8b887f", cn: "#7f8588" },
  asphalt: "#565c63",
  marking: "#d5d8d2",
  line: "#f4f6f4",
  ribbon: "#bfe0ee",
  ribbonPlanned: "#9db9c6",
  lampGlow: 0.3,
  shadow: "#0a121c",
  shadowStrength: 0.42,
};

const day: Palette = {
  skyTop: "#9db6c8",
  skyHorizon: "#dde4e6",
  fogNearM: 90,
  fogFarM: 760,
  sun: "#fff3df",
  sunIntensity: 4.2,
  sunFrom: { x: -0.4, y: -0.7, z: 0.95 },
  ambientSky: "#d6e4f0",
  ambientGround: "#8f8a7a",
  ambientIntensity: 3.3,
  earth: { vn: "#a39b87", cn: "#8f9695" },
  grass: { vn: "#8b927c", cn: "#7d8c84" },
  rock: "#a9aca8",
  foliage: "#6d7c68",
  apron: { vn: "#aaa48d", cn: "#9aa1a2" },
  pad: { vn: "#bcb7a4", cn: "#adb4b6" },
  asphalt: "#686d73",
  marking: "#f3f4ef",
  line: "#ffffff",
  ribbon: "#16384c",
  ribbonPlanned: "#1f4358",
  lampGlow: 0,
  shadow: "#20303c",
  shadowStrength: 0.34,
};

export const PALETTES: Readonly<Record<"dark" | "light", Palette>> = { dark: dusk, light: day };

/** Colours of what is abnormal, the same in every theme. */
export const ABNORMAL = {
  critical: "#ff4d4f",
  high: "#ff9a3c",
  medium: "#ffd23f",
  low: "#5cc8e8",
  old: "#8b93a7",
} as const;

/** Muted colours of steel boxes; which one a container has follows from its number. */
export const CONTAINER_COLOURS: readonly string[] = [
  "#87574d",
  "#96705a",
  "#566b7d",
  "#637d85",
  "#6b7a68",
  "#85878b",
  "#aaa596",
  "#71616e",
  "#4f6069",
  "#8f7a60",
];
