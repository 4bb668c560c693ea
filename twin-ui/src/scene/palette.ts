import type { Theme } from "../theme/theme-choice.ts";
import type { Light, Lights } from "./daylight.ts";

/** Looks of the scene in one theme. Neutral ground; saturated colour only for what is abnormal. */
export interface Palette {
  readonly fogNearM: number;
  readonly fogFarM: number;
  /** From where the sun shines when the hour does not matter (direction, not normalised; z up). */
  readonly sunFrom: { readonly x: number; readonly y: number; readonly z: number };
  readonly lights: Lights;
  /** Which of them fits the theme, when the hour does not matter. */
  readonly restful: Light;
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
  readonly shadow: string;
}

const darkDay: Light = {
  skyTop: "#5d7285",
  skyHorizon: "#97a4ac",
  sun: "#fff1dc",
  sunIntensity: 3.9,
  ambientSky: "#c2d0dc",
  ambientGround: "#6f6c64",
  ambientIntensity: 3.1,
  lampGlow: 0,
  shadowStrength: 0.4,
};

const darkTwilight: Light = {
  skyTop: "#2a3b4e",
  skyHorizon: "#76838f",
  sun: "#ffdcb8",
  sunIntensity: 3.3,
  ambientSky: "#a9bace",
  ambientGround: "#5b5a55",
  ambientIntensity: 2.7,
  lampGlow: 0.3,
  shadowStrength: 0.42,
};

const darkNight: Light = {
  skyTop: "#0a1119",
  skyHorizon: "#1c2732",
  sun: "#b3bdcc",
  sunIntensity: 0.9,
  ambientSky: "#8a96a8",
  ambientGround: "#3b3d40",
  ambientIntensity: 2.0,
  lampGlow: 0.62,
  shadowStrength: 0.26,
};

const dark: Palette = {
  lights: { day: darkDay, twilight: darkTwilight, night: darkNight },
  restful: darkTwilight,
  fogNearM: 60,
  fogFarM: 560,
  sunFrom: { x: -0.45, y: -0.75, z: 0.62 },
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
  shadow: "#0a121c",
};

const lightDay: Light = {
  skyTop: "#9db6c8",
  skyHorizon: "#dde4e6",
  sun: "#fff3df",
  sunIntensity: 4.2,
  ambientSky: "#d6e4f0",
  ambientGround: "#8f8a7a",
  ambientIntensity: 3.3,
  lampGlow: 0,
  shadowStrength: 0.34,
};

const lightTwilight: Light = {
  skyTop: "#8f9db0",
  skyHorizon: "#e0d0bf",
  sun: "#ffdcb4",
  sunIntensity: 3.4,
  ambientSky: "#c4d0de",
  ambientGround: "#86806f",
  ambientIntensity: 3.0,
  lampGlow: 0.16,
  shadowStrength: 0.36,
};

const lightNight: Light = {
  skyTop: "#55636f",
  skyHorizon: "#8c98a1",
  sun: "#d8dee8",
  sunIntensity: 1.6,
  ambientSky: "#b5bdc8",
  ambientGround: "#77766f",
  ambientIntensity: 2.7,
  lampGlow: 0.3,
  shadowStrength: 0.26,
};

const light: Palette = {
  lights: { day: lightDay, twilight: lightTwilight, night: lightNight },
  restful: lightDay,
  fogNearM: 90,
  fogFarM: 760,
  sunFrom: { x: -0.4, y: -0.7, z: 0.95 },
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
  shadow: "#20303c",
};

/** Pools of light under the lamps would be grey spots on the black ground. */
const withoutLamps: Light = { ...darkTwilight, lampGlow: 0 };

/** Black ground, white paint: what drives and what is granted stands out, and no hour changes that. */
const contrast: Palette = {
  ...dark,
  lights: { day: withoutLamps, twilight: withoutLamps, night: withoutLamps },
  restful: withoutLamps,
  earth: { vn: "#2c2b28", cn: "#282b2d" },
  grass: { vn: "#262b24", cn: "#222a28" },
  rock: "#3a3c3c",
  foliage: "#1f261f",
  apron: { vn: "#3a3833", cn: "#343839" },
  pad: { vn: "#45433e", cn: "#3e4244" },
  asphalt: "#14181c",
  marking: "#ffffff",
  line: "#ffffff",
  ribbon: "#ffffff",
  ribbonPlanned: "#e6f4fb",
};

export const PALETTES: Readonly<Record<Theme, Palette>> = { dark, light, contrast };

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
