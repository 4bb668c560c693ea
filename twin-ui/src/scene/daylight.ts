/** How the site is lit at one moment. Directions are not normalised, z is up. */
export interface Light {
  readonly skyTop: string;
  readonly skyHorizon: string;
  readonly sun: string;
  readonly sunIntensity: number;
  readonly ambientSky: string;
  readonly ambientGround: string;
  readonly ambientIntensity: number;
  readonly lampGlow: number;
  readonly shadowStrength: number;
}

/** The lights of a palette: what they are between is mixed. */
export interface Lights {
  readonly day: Light;
  readonly twilight: Light;
  readonly night: Light;
}

/** Parts of two lights; 0 is all `from`. */
export interface LightMix {
  readonly from: Light;
  readonly to: Light;
  readonly part: number;
}

export interface SunPlace {
  /** Sine of the sun's height over the horizon. */
  readonly height: number;
  /** From where it shines, and at night the moon. */
  readonly from: { readonly x: number; readonly y: number; readonly z: number };
}

const HOUR_MS = 3_600_000;
/** Lower than this it would throw shadows longer than anything is far apart. */
const LOWEST_SHADOW = 0.42;
const MOON = { x: -0.45, y: -0.6, z: 0.8 } as const;
/** Over this height of the sun it is day, under its negative it is night. */
const TWILIGHT = 0.3;

/**
 * Where the sun stands at the site's hour: up at six, down at eighteen, through the south at noon. In these latitudes (22° N)
 * that is right to half an hour all the year, and nothing is decided by it. The roads run north: x is north, y is west.
 */
export function sunAt(siteNowMs: number, utcOffsetMinutes: number): SunPlace {
  const hour = (siteNowMs / HOUR_MS + utcOffsetMinutes / 60) % 24;
  const angle = (Math.PI * (hour - 6)) / 12;
  const height = Math.sin(angle);
  if (height < -TWILIGHT / 2) return { height, from: MOON };
  return { height, from: { x: -0.45, y: -Math.cos(angle), z: Math.max(LOWEST_SHADOW, height) } };
}

/** The light under a sun of that height. */
export function lightUnder(lights: Lights, height: number): LightMix {
  const part = Math.min(1, Math.abs(height) / TWILIGHT);
  return { from: lights.twilight, to: height >= 0 ? lights.day : lights.night, part };
}

export const mixed = (from: number, to: number, part: number): number => from + (to - from) * part;
