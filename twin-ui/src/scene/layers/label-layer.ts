import { PoseFlag, type SiteView } from "@baton/orchestrator/contract";
import { Group, Vector3 } from "three";
import type { Fleet } from "../../feed/fleet.ts";
import type { MergedVehicle } from "../../feed/merge.ts";
import { durationText } from "../../i18n/duration.ts";
import { CoveredView } from "../covered-view.ts";
import { type Box, type LabelSpot, type LabelWish, placeLabels } from "../label-placement.ts";
import { LabelTags, type Tag, type Wanted } from "../label-tags.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { paintedNumber } from "../number-atlas.ts";
import { type Place, placesOf, stationTextKey } from "../places.ts";
import type { StationView } from "../site-plan.ts";
import { StillView } from "../still-view.ts";
import { shortVehicleName } from "../vehicle-name.ts";
import type { ChainPart } from "../waiting-arrows.ts";

/** Texts of the user's language. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** What the layer asks of the page's language: its name, and its texts. */
export interface Wording {
  readonly language: () => string;
  readonly translate: Translate;
}

/** Carriers farther away than this wear no name. */
const VEHICLE_LABEL_M = 230;

/** One in trouble; and one that obeys a stop request, since it stands until a person lifts it. */
const ALWAYS_NAMED = PoseFlag.trouble | PoseFlag.paused;
const NO_ROWS: ReadonlySet<number> = new Set();

interface NamedPlace {
  readonly place: Place;
  readonly wanted: Wanted;
}

/** What is named where it is, until something is told anew or in another language. */
interface Standing {
  readonly language: string;
  readonly places: readonly NamedPlace[];
  readonly awayDevices: readonly Wanted[];
}

/**
 * Names in the scene: of places, and of vehicles that are near, chosen or in trouble. HTML over the canvas, so that
 * every script is crisp; placed anew with every drawn frame in which something named, or the view, has moved. Hidden from assistive
 * technology: lists say the same.
 */
export class LabelLayer implements Layer {
  readonly object = new Group();
  readonly #fleet: Fleet;
  readonly #places: readonly Place[];
  readonly #wording: Wording;
  readonly #tags: LabelTags;
  readonly #covered: CoveredView;
  readonly #point = new Vector3();
  #spots: ReadonlyMap<string, LabelSpot> = new Map();
  #state: SlowState | undefined;
  #standing: Standing = { language: "", places: [], awayDevices: [] };
  readonly #view = new StillView();
  /** Whether the names have to be placed anew although nothing has moved. */
  #isNew = true;
  #areVehiclesNamed = false;
  #coveredBoxes: readonly Box[] = [];
  #vehicleOf: ReadonlyMap<string, MergedVehicle> = new Map();
  #partOf: ReadonlyMap<string, ChainPart> = new Map();
  readonly #ownSide: SiteView["side"];
  readonly #stations: ReadonlyMap<string, StationView>;

  constructor({ plan, site }: SceneInput, host: HTMLElement, fleet: Fleet, wording: Wording) {
    this.#tags = new LabelTags(host);
    this.#fleet = fleet;
    this.#covered = new CoveredView(host);
    this.#places = placesOf(plan, site);
    this.#wording = wording;
    this.#ownSide = site.side;
    this.#stations = new Map(plan.stations.map((station) => [station.stationId, station]));
    document.fonts.addEventListener("loadingdone", this.#onFonts);
  }

  update(state: SlowState): void {
    const before = this.#state;
    this.#state = state;
    // Vehicles are told of all the time; those that are named are looked at in every frame.
    const areDevicesSame = before?.devices === state.devices && before.lineCranes === state.lineCranes;
    if (before?.layers !== state.layers || !areDevicesSame) this.#isNew = true;
    if (!areDevicesSame) this.#standing = this.#saidIn(this.#wording.language());
    if (before?.vehicles !== state.vehicles)
      this.#vehicleOf = new Map(state.vehicles.map((vehicle) => [vehicle.vehicleId, vehicle]));
    if (before?.chain !== state.chain)
      this.#partOf = new Map(state.chain.map((part) => [part.vehicleId, part]));
  }

  startFrame(frame: FrameInfo): boolean {
    const vehicles = this.#wantedVehicles(frame);
    if (!this.#isAnythingElse(frame, vehicles.length > 0)) return false;
    const seen: { readonly wanted: Wanted; readonly tag: Tag; readonly xPx: number; readonly yPx: number }[] =
      [];
    const { width, height } = frame.sizePx;
    for (const wanted of [...this.#wantedPlaces(frame), ...this.#standing.awayDevices, ...vehicles]) {
      const point = this.#point.set(wanted.xM, wanted.yM, wanted.zM).project(frame.camera);
      if (point.z > 1 || Math.abs(point.x) > 1.05 || Math.abs(point.y) > 1.05) continue;
      const tag = this.#tags.of(wanted);
      seen.push({ wanted, tag, xPx: ((point.x + 1) / 2) * width, yPx: ((1 - point.y) / 2) * height });
    }
    // All is written before anything is measured: the page is laid out at most once, and seldom that.
    const wishes = seen.map(({ wanted: { id, priority }, tag, xPx, yPx }): LabelWish => {
      const { widthPx, heightPx } = this.#tags.sizeOf(tag);
      return { id, xPx, yPx, widthPx, heightPx, priority };
    });
    this.#place(wishes, frame);
    return false;
  }

  dispose(): void {
    document.fonts.removeEventListener("loadingdone", this.#onFonts);
    this.#covered.dispose();
    this.#tags.dispose();
  }

  /** Whether names belong elsewhere than in the last frame: vehicles drive; places move in the picture as the camera does. */
  #isAnythingElse({ camera, sizePx, elapsedS }: FrameInfo, areVehiclesNamed: boolean): boolean {
    const language = this.#wording.language();
    const boxes = this.#covered.boxes(elapsedS);
    const isStill = this.#view.isStill(camera, sizePx);
    const isSaid = language === this.#standing.language;
    const isSame =
      isStill && isSaid && boxes === this.#coveredBoxes && !areVehiclesNamed && !this.#areVehiclesNamed;
    if (!isSaid) this.#standing = this.#saidIn(language);
    this.#coveredBoxes = boxes;
    this.#areVehiclesNamed = areVehiclesNamed;
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew || !isSame;
  }

  #place(wishes: readonly LabelWish[], { sizePx }: FrameInfo): void {
    const placed = placeLabels(wishes, sizePx, this.#spots, this.#coveredBoxes);
    this.#spots = new Map(placed.map(({ id, spot }) => [id, spot]));
    this.#tags.put(placed);
  }

  #wantedPlaces({ camera }: FrameInfo): readonly Wanted[] {
    const { names = true, areas = true } = this.#state?.layers ?? {};
    if (!names) return [];
    const found: Wanted[] = [];
    for (const { place, wanted } of this.#standing.places) {
      if (place.kind === "area" && !areas) continue;
      const { xM, yM, zM, maxDistanceM } = place;
      if (
        maxDistanceM === undefined ||
        camera.position.distanceTo(this.#point.set(xM, yM, zM)) <= maxDistanceM
      )
        found.push(wanted);
    }
    return found;
  }

  #wantedVehicles(frame: FrameInfo): readonly Wanted[] {
    const { count, xM, yM, flags, vehicleIds } = frame.fleet;
    const { x, y, z } = frame.camera.position;
    const within2 = VEHICLE_LABEL_M ** 2 - z ** 2;
    const needed = this.#neededRows();
    const found: Wanted[] = [];
    for (let i = 0; i < count; i++) {
      const awayXM = (xM[i] ?? 0) - x;
      const awayYM = (yM[i] ?? 0) - y;
      const away2 = awayXM * awayXM + awayYM * awayYM;
      const isNeeded = ((flags[i] ?? 0) & ALWAYS_NAMED) !== 0 || (needed.size > 0 && needed.has(i));
      // Nearly all of a large fleet is far away, in every frame: nothing more is asked about those.
      if (!isNeeded && away2 > within2) continue;
      if (isNeeded || this.#isNamed(this.#vehicleOf.get(vehicleIds[i] ?? "")))
        found.push(this.#ofVehicle(frame, i, Math.sqrt(away2 + z * z)));
    }
    return found;
  }

  /** Those that are chosen, pointed at, or in the chain of the chosen one; by their place in the fleet. */
  #neededRows(): ReadonlySet<number> {
    const { selectedVehicleId, hoveredVehicleId } = this.#state ?? {};
    if (selectedVehicleId === undefined && hoveredVehicleId === undefined && this.#partOf.size === 0)
      return NO_ROWS;
    const rows = new Set<number>();
    for (const vehicleId of [selectedVehicleId, hoveredVehicleId, ...this.#partOf.keys()]) {
      const row = vehicleId === undefined ? undefined : this.#fleet.indexOf(vehicleId);
      if (row !== undefined) rows.add(row);
    }
    return rows;
  }

  #saidIn(language: string): Standing {
    const { translate } = this.#wording;
    const places = this.#places.map((place) => ({
      place,
      wanted: {
        ...place,
        first: translate(place.textKey),
        second: place.secondKey === undefined ? (place.secondText ?? "") : translate(place.secondKey),
        className: `scene-label scene-label-${place.kind}`,
      },
    }));
    return { language, places, awayDevices: this.#awayDevices() };
  }

  /** Stations with a device that is away say so, from any distance; and so does a crane at the line that is not heard, at its pads. */
  #awayDevices(): readonly Wanted[] {
    const { devices = [], lineCranes = [] } = this.#state ?? {};
    const away: readonly { readonly deviceId: string; readonly stationId: string | undefined }[] = [
      ...devices
        .filter(({ state }) => state === "away")
        .map(({ deviceId, stationId }) => ({ deviceId, stationId })),
      ...lineCranes
        .filter(({ silentSinceMs }) => silentSinceMs !== undefined)
        .map(({ deviceId, padStationIds }) => ({ deviceId, stationId: padStationIds[this.#ownSide] })),
    ];
    const { translate } = this.#wording;
    return away.flatMap(({ deviceId, stationId }): Wanted[] => {
      const station = stationId === undefined ? undefined : this.#stations.get(stationId);
      const textKey = station === undefined ? undefined : stationTextKey(station.kind);
      if (station === undefined || textKey === undefined) return [];
      return [
        {
          id: `away-${deviceId}`,
          first: `▲ ${translate(textKey)}`,
          second: translate("scene.deviceAway"),
          className: "scene-label scene-label-vehicle is-trouble",
          xM: station.xM,
          yM: station.yM,
          zM: station.heightM + 1.5,
          priority: 96,
        },
      ];
    });
  }

  /** Of a vehicle that is chosen, in trouble, in the chain of the chosen one, or near. */
  #ofVehicle({ fleet, siteNowMs }: FrameInfo, i: number, distanceM: number): Wanted {
    const vehicleId = fleet.vehicleIds[i] ?? "";
    const flags = fleet.flags[i] ?? 0;
    const trouble = (flags & PoseFlag.trouble) !== 0;
    const stopped = (flags & PoseFlag.paused) !== 0;
    const stale = (flags & PoseFlag.stale) !== 0;
    const chosen =
      vehicleId === this.#state?.selectedVehicleId || vehicleId === this.#state?.hoveredVehicleId;
    const part = this.#partOf.get(vehicleId);
    const isHead = part !== undefined && part.because !== undefined;
    const vehicle = this.#vehicleOf.get(vehicleId);
    const ageS = Math.round((fleet.ageMs[i] ?? 0) / 1000);
    const loaded = (flags & PoseFlag.loaded) !== 0;
    const cargo = loaded && vehicle?.containerNo !== undefined ? paintedNumber(vehicle.containerNo) : "";
    const second = stale
      ? this.#wording.translate("scene.age", { seconds: ageS })
      : stopped
        ? this.#wording.translate("waiting.head.is-stopped")
        : part === undefined
          ? cargo
          : this.#partText(part, siteNowMs);
    const look = trouble || stopped || (isHead && part.isStuck) ? " is-trouble" : stale ? " is-old" : "";
    return {
      id: `vehicle.${vehicleId}`,
      first: `${trouble ? "▲ " : stopped ? "■ " : ""}${shortVehicleName(vehicleId)}`,
      second,
      className: `scene-label scene-label-vehicle${chosen ? " is-chosen" : ""}${isHead ? " is-head" : ""}${look}`,
      xM: fleet.xM[i] ?? 0,
      yM: fleet.yM[i] ?? 0,
      zM: loaded ? 4.6 : 2.4,
      priority: chosen
        ? 100
        : isHead
          ? 99
          : trouble || stopped
            ? 97
            : part !== undefined
              ? 96
              : 60 - distanceM / 10,
    };
  }

  #isNamed(vehicle: MergedVehicle | undefined): boolean {
    const layers = this.#state?.layers;
    return layers?.names !== false && (layers?.otherSide !== false || vehicle?.holder === this.#ownSide);
  }

  /** Whom it waits for and for how long; of the head why it does not move. */
  #partText({ waitsFor, freeAtMs, because }: ChainPart, siteNowMs: number | undefined): string {
    if (because !== undefined) return this.#wording.translate(`waiting.head.${because}`);
    const whom = this.#wording.translate("scene.waitsFor", { vehicle: shortVehicleName(waitsFor ?? "") });
    if (freeAtMs === undefined || siteNowMs === undefined || freeAtMs <= siteNowMs) return whom;
    const duration = durationText(this.#wording.translate, freeAtMs - siteNowMs);
    return `${whom} · ${this.#wording.translate("waiting.free", { duration })}`;
  }

  readonly #onFonts = (): void => {
    this.#tags.forgetSizes();
    this.#isNew = true;
  };
}
