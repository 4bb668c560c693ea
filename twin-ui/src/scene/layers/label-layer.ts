import { PoseFlag, type SiteView } from "@baton/orchestrator/contract";
import { Group, Vector3 } from "three";
import type { MergedVehicle } from "../../feed/merge.ts";
import { durationText } from "../../i18n/duration.ts";
import { CoveredView } from "../covered-view.ts";
import { type LabelSpot, type LabelWish, placeLabels } from "../label-placement.ts";
import { type LabelSize, LabelSizes } from "../label-sizes.ts";
import type { FrameInfo, Layer, SceneInput, SlowState } from "../layer.ts";
import { paintedNumber } from "../number-atlas.ts";
import { type Place, placesOf, stationTextKey } from "../places.ts";
import type { StationView } from "../site-plan.ts";
import { shortVehicleName } from "../vehicle-name.ts";
import type { ChainPart } from "../waiting-arrows.ts";

/** Texts of the user's language. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Carriers farther away than this wear no name. */
const VEHICLE_LABEL_M = 230;

const NO_SIZE: LabelSize = { widthPx: 0, heightPx: 0 };

interface Tag {
  readonly element: HTMLDivElement;
  readonly first: HTMLSpanElement;
  readonly second: HTMLSpanElement;
  className: string;
  text: string;
  size: LabelSize | undefined;
  leftPx: number;
  topPx: number;
}

/** Where the name of a thing would like to be, before collisions are sorted out. */
interface Wanted {
  readonly id: string;
  readonly first: string;
  readonly second: string;
  readonly className: string;
  readonly xM: number;
  readonly yM: number;
  readonly zM: number;
  readonly priority: number;
}

interface NamedPlace {
  readonly place: Place;
  readonly wanted: Wanted;
}

/**
 * Names in the scene: of places, and of vehicles that are near, chosen or in trouble. HTML over the canvas, so that
 * every script is crisp; placed anew with every drawn frame. Hidden from assistive technology: lists say the same.
 */
export class LabelLayer implements Layer {
  readonly object = new Group();
  readonly #host: HTMLElement;
  readonly #places: readonly Place[];
  readonly #translate: Translate;
  readonly #tags = new Map<string, Tag>();
  readonly #sizes = new LabelSizes();
  readonly #covered: CoveredView;
  readonly #point = new Vector3();
  #spots: ReadonlyMap<string, LabelSpot> = new Map();
  #state: SlowState | undefined;
  #named: { readonly language: string; readonly places: readonly NamedPlace[] } = {
    language: "",
    places: [],
  };
  #vehicleOf: ReadonlyMap<string, MergedVehicle> = new Map();
  #partOf: ReadonlyMap<string, ChainPart> = new Map();
  readonly #ownSide: SiteView["side"];
  readonly #stations: ReadonlyMap<string, StationView>;

  constructor({ plan, site }: SceneInput, host: HTMLElement, translate: Translate) {
    this.#host = host;
    this.#covered = new CoveredView(host);
    this.#places = placesOf(plan, site);
    this.#translate = translate;
    this.#ownSide = site.side;
    this.#stations = new Map(plan.stations.map((station) => [station.stationId, station]));
    document.fonts.addEventListener("loadingdone", this.#onFonts);
  }

  update(state: SlowState): void {
    const before = this.#state;
    this.#state = state;
    if (before?.vehicles !== state.vehicles)
      this.#vehicleOf = new Map(state.vehicles.map((vehicle) => [vehicle.vehicleId, vehicle]));
    if (before?.chain !== state.chain)
      this.#partOf = new Map(state.chain.map((part) => [part.vehicleId, part]));
  }

  startFrame(frame: FrameInfo): boolean {
    const seen: { readonly wanted: Wanted; readonly tag: Tag; readonly xPx: number; readonly yPx: number }[] =
      [];
    const { width, height } = frame.sizePx;
    for (const wanted of this.#wanted(frame)) {
      const point = this.#point.set(wanted.xM, wanted.yM, wanted.zM).project(frame.camera);
      if (point.z > 1 || Math.abs(point.x) > 1.05 || Math.abs(point.y) > 1.05) continue;
      const tag = this.#tag(wanted);
      seen.push({ wanted, tag, xPx: ((point.x + 1) / 2) * width, yPx: ((1 - point.y) / 2) * height });
    }
    // All is written before anything is measured: the page is laid out at most once, and seldom that.
    for (const { tag } of seen) tag.size ??= this.#measured(tag);
    const wishes = seen.map(({ wanted: { id, priority }, tag, xPx, yPx }): LabelWish => {
      const { widthPx, heightPx } = tag.size ?? NO_SIZE;
      return { id, xPx, yPx, widthPx, heightPx, priority };
    });
    this.#place(wishes, frame);
    return false;
  }

  dispose(): void {
    document.fonts.removeEventListener("loadingdone", this.#onFonts);
    this.#covered.dispose();
    for (const { element } of this.#tags.values()) element.remove();
    this.#tags.clear();
  }

  #place(wishes: readonly LabelWish[], { sizePx, elapsedS }: FrameInfo): void {
    const placed = placeLabels(wishes, sizePx, this.#spots, this.#covered.boxes(elapsedS));
    this.#spots = new Map(placed.map(({ id, spot }) => [id, spot]));
    for (const { id, leftPx, topPx, spot } of placed) {
      const tag = this.#tags.get(id);
      if (tag === undefined) continue;
      const left = Math.round(leftPx);
      const top = Math.round(topPx);
      if (tag.leftPx !== left || tag.topPx !== top) {
        tag.leftPx = left;
        tag.topPx = top;
        tag.element.style.transform = `translate(${left}px, ${top}px)`;
      }
      if (tag.element.dataset.spot !== spot) tag.element.dataset.spot = spot;
    }
    for (const [id, { element }] of this.#tags) {
      if (!this.#spots.has(id) && element.dataset.spot !== "none") element.dataset.spot = "none";
    }
  }

  #wanted(frame: FrameInfo): readonly Wanted[] {
    const { fleet, camera } = frame;
    const found: Wanted[] = [];
    const { names = true, areas = true } = this.#state?.layers ?? {};
    for (const { place, wanted } of names ? this.#namedPlaces() : []) {
      if (place.kind === "area" && !areas) continue;
      const distanceM = camera.position.distanceTo(this.#point.set(place.xM, place.yM, place.zM));
      if (place.maxDistanceM === undefined || distanceM <= place.maxDistanceM) found.push(wanted);
    }
    found.push(...this.#awayDevices());
    const { x, y, z } = camera.position;
    const chosen = this.#state?.selectedVehicleId;
    const hovered = this.#state?.hoveredVehicleId;
    for (let i = 0; i < fleet.count; i++) {
      const away2 = ((fleet.xM[i] ?? 0) - x) ** 2 + ((fleet.yM[i] ?? 0) - y) ** 2 + z ** 2;
      // One that obeys a stop request stands until a person lifts it.
      const isInTrouble = ((fleet.flags[i] ?? 0) & (PoseFlag.trouble | PoseFlag.paused)) !== 0;
      const vehicleId = fleet.vehicleIds[i] ?? "";
      const isNeeded =
        isInTrouble || vehicleId === chosen || vehicleId === hovered || this.#partOf.has(vehicleId);
      // Nearly all of a large fleet is far away, in every frame: nothing more is asked about those.
      if (!isNeeded && away2 > VEHICLE_LABEL_M ** 2) continue;
      if (isNeeded || this.#isNamed(this.#vehicleOf.get(vehicleId)))
        found.push(this.#ofVehicle(frame, i, Math.sqrt(away2)));
    }
    return found;
  }

  /** Stations with a device that is away say so, from any distance. */
  #awayDevices(): readonly Wanted[] {
    return (this.#state?.devices ?? []).flatMap(({ deviceId, stationId, state }): Wanted[] => {
      if (state !== "away") return [];
      const station = stationId === undefined ? undefined : this.#stations.get(stationId);
      const textKey = station === undefined ? undefined : stationTextKey(station.kind);
      if (station === undefined || textKey === undefined) return [];
      return [
        {
          id: `away-${deviceId}`,
          first: `▲ ${this.#translate(textKey)}`,
          second: this.#translate("scene.deviceAway"),
          className: "scene-label scene-label-vehicle is-trouble",
          xM: station.xM,
          yM: station.yM,
          zM: station.heightM + 1.5,
          priority: 96,
        },
      ];
    });
  }

  /** In the user's language: the same objects until that is another. */
  #namedPlaces(): readonly NamedPlace[] {
    const language = this.#translate("place.line");
    if (this.#named.language !== language) {
      const places = this.#places.map((place) => ({
        place,
        wanted: {
          ...place,
          first: this.#translate(place.textKey),
          second: place.secondKey === undefined ? (place.secondText ?? "") : this.#translate(place.secondKey),
          className: `scene-label scene-label-${place.kind}`,
        },
      }));
      this.#named = { language, places };
    }
    return this.#named.places;
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
      ? this.#translate("scene.age", { seconds: ageS })
      : stopped
        ? this.#translate("waiting.head.is-stopped")
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
    if (because !== undefined) return this.#translate(`waiting.head.${because}`);
    const whom = this.#translate("scene.waitsFor", { vehicle: shortVehicleName(waitsFor ?? "") });
    if (freeAtMs === undefined || siteNowMs === undefined || freeAtMs <= siteNowMs) return whom;
    const duration = durationText(this.#translate, freeAtMs - siteNowMs);
    return `${whom} · ${this.#translate("waiting.free", { duration })}`;
  }

  /** The element of a label, made when first wanted; its size is asked for when its text changes. */
  #tag(wanted: Wanted): Tag {
    let tag = this.#tags.get(wanted.id);
    if (tag === undefined) {
      const element = document.createElement("div");
      const first = document.createElement("span");
      const second = document.createElement("span");
      second.className = "scene-label-second";
      element.append(first, second);
      element.dataset.spot = "none";
      this.#host.append(element);
      tag = { element, first, second, className: "", text: "", size: undefined, leftPx: 0, topPx: 0 };
      this.#tags.set(wanted.id, tag);
    }
    const text = `${wanted.first}\n${wanted.second}`;
    if (tag.text !== text || tag.className !== wanted.className) {
      tag.text = text;
      tag.className = wanted.className;
      tag.element.className = wanted.className;
      tag.first.textContent = wanted.first;
      tag.second.textContent = wanted.second;
      tag.second.hidden = wanted.second === "";
      tag.size = this.#sizes.sizeOf(tag.className, text);
    }
    return tag;
  }

  #measured({ element, className, text }: Tag): LabelSize {
    const known = this.#sizes.sizeOf(className, text);
    if (known !== undefined) return known;
    const size = { widthPx: element.offsetWidth, heightPx: element.offsetHeight };
    this.#sizes.keep(className, text, size);
    return size;
  }

  readonly #onFonts = (): void => {
    this.#sizes.forget();
    for (const tag of this.#tags.values()) tag.size = undefined;
  };
}
