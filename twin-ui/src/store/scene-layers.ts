/**
 * What a viewer may leave out of the scene. Vehicles, containers, closed ground and whatever is in trouble are always
 * drawn: a picture that hides them would be wrong, not calm.
 */
export const SCENE_LAYERS = [
  "ways",
  "ground",
  "areas",
  "waiting",
  "names",
  "otherSide",
  "haze",
  "hour",
] as const;
export type SceneLayer = (typeof SCENE_LAYERS)[number];
export type LayerChoice = Readonly<Record<SceneLayer, boolean>>;

export const DEFAULT_LAYERS: LayerChoice = {
  ways: true,
  ground: false,
  areas: true,
  waiting: true,
  names: true,
  otherSide: true,
  haze: true,
  hour: true,
};

/** Where a choice is kept: one for each account that uses this browser. */
const keyOf = (account: string): string => `baton.layers.${account}`;

/** What this account chose here before; what it has not decided is as it is for everybody. */
export function keptLayers(storage: Pick<Storage, "getItem">, account: string): LayerChoice {
  let kept: unknown;
  try {
    kept = JSON.parse(storage.getItem(keyOf(account)) ?? "{}");
  } catch {
    return DEFAULT_LAYERS;
  }
  if (typeof kept !== "object" || kept === null) return DEFAULT_LAYERS;
  const choice = { ...DEFAULT_LAYERS };
  for (const layer of SCENE_LAYERS) {
    const value: unknown = Reflect.get(kept, layer);
    if (typeof value === "boolean") choice[layer] = value;
  }
  return choice;
}

export function keepLayers(storage: Pick<Storage, "setItem">, account: string, choice: LayerChoice): void {
  storage.setItem(keyOf(account), JSON.stringify(choice));
}
