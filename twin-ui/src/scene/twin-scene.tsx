import { useReducedMotion } from "@mantine/hooks";
import { useFrame, useThree } from "@react-three/fiber";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { PerspectiveCamera } from "three";
import { type LiveTwin, useLive } from "../app/live-twin.ts";
import { sightIn } from "../app/permalink.ts";
import { mergeLineCranes } from "../feed/merge.ts";
import { currentLanguage, translate } from "../i18n/language.ts";
import { type Theme, useTheme } from "../theme/theme-choice.ts";
import { parseView, type ViewSlot, viewText } from "./camera/views.ts";
import { FiberCanvas } from "./fiber-canvas.tsx";
import { FramePacer } from "./frame-pacer.ts";
import { publishProbe } from "./probe.ts";
import { wantsFullQuality } from "./quality.ts";
import { Sharpness } from "./sharpness.ts";
import { Stage } from "./stage.ts";

/** The scene's place in the page: a canvas, a layer for labels over it, and the stage that draws. */
export function TwinScene() {
  const { t, i18n } = useTranslation();
  const live = useLive();
  const theme = useTheme();
  const reducedMotion = useReducedMotion();
  const labels = useRef<HTMLDivElement>(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the view is operated with keys, and must be reachable.
    <section className="scene" aria-label={t("scene.label")} tabIndex={0}>
      <FiberCanvas fallback={<p className="notice">{t("scene.noWebgl")}</p>}>
        <StageMount
          live={live}
          labels={labels}
          theme={theme}
          reducedMotion={reducedMotion}
          language={i18n.language}
        />
      </FiberCanvas>
      <div ref={labels} className="scene-labels" aria-hidden="true" />
    </section>
  );
}

interface StageProps {
  readonly live: LiveTwin;
  readonly labels: React.RefObject<HTMLDivElement | null>;
  readonly theme: Theme;
  readonly reducedMotion: boolean;
  /** Labels are written in the new language with the next frame. */
  readonly language: string;
}

function StageMount({ live, labels, theme, reducedMotion, language }: StageProps) {
  const { gl, scene, camera, invalidate, setDpr } = useThree();
  const size = useThree((state) => state.size);
  const stage = useRef<Stage | undefined>(undefined);
  const pacer = useRef<FramePacer | undefined>(undefined);
  const sharpness = useRef(new Sharpness());
  const heardUntilMs = useRef(0);
  const still = useRef(false);
  still.current = reducedMotion;

  useEffect(() => {
    const host = labels.current;
    if (host === null || !(camera instanceof PerspectiveCamera)) return;
    const made = new Stage(
      {
        renderer: gl,
        scene,
        camera,
        labelHost: host,
        fleet: live.fleet,
        groundUse: live.groundUse,
        wording: { language: currentLanguage, translate },
        hour: hourIn(location.href),
        invalidate: () => invalidate(),
        onFault: (fault) => live.store.getState().addLayerFault(fault),
      },
      live.site,
    );
    const linked = parseView(sightIn(location.href).view ?? null);
    if (linked !== undefined) made.rig.jumpTo(linked);
    const pace = new FramePacer(() => invalidate());
    stage.current = made;
    pacer.current = pace;
    live.onPoses = () => pace.wake();
    // Without data nothing else asks for frames, and the shown ages must go on growing.
    const ages = setInterval(() => pace.wake(), 1000);
    // Its turn comes after that of every message that was there before: what has come by now has been read.
    const ears = setInterval(() => {
      heardUntilMs.current = performance.now();
    }, LISTEN_EVERY_MS);
    live.commands = commandsOf(made, live, () => still.current);
    live.store.getState().setKeptViews(made.keptViews());
    const pointer = watchPointer(gl.domElement, made, live);
    const slow = (): void => made.update(slowStateOf(live));
    slow();
    const unsubscribe = live.store.subscribe(slow);
    const unpublish = publishProbe(() => made.probe());
    return () => {
      unpublish();
      unsubscribe();
      pointer();
      clearInterval(ages);
      clearInterval(ears);
      pace.stop();
      live.commands = undefined;
      live.onPoses = () => {};
      stage.current = undefined;
      made.dispose();
    };
  }, [gl, scene, camera, invalidate, live, labels]);

  useEffect(() => {
    stage.current?.setTheme(theme);
  }, [theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the language is what calls for a new frame.
  useEffect(() => {
    invalidate();
  }, [language, invalidate]);

  // A priority above zero: the stage draws, not fiber.
  useFrame(({ viewport }, elapsedS) => {
    const more = stage.current?.frame(elapsedS, heardUntilMs.current, size, still.current) ?? false;
    if (pacer.current !== undefined) {
      pacer.current.drawn(more);
      live.fleet.pace(pacer.current.intervalMs);
      sharpness.current.observe(pacer.current.costMs);
    }
    const dpr =
      Math.max(1, Math.min(MOST_DPR, devicePixelRatio)) * (wantsFullQuality() ? 1 : sharpness.current.part);
    if (viewport.dpr !== dpr) setDpr(dpr);
    stage.current?.draw();
  }, 1);
  return null;
}

/** Finer than this nobody sees. */
const MOST_DPR = 2;
const LISTEN_EVERY_MS = 250;

/** `?hour=18.5`; undefined when there is none. */
function hourIn(address: string): number | undefined {
  const text = new URL(address).searchParams.get("hour");
  const hour = Number(text);
  return text !== null && hour >= 0 && hour <= 24 ? hour : undefined;
}

function slowStateOf(live: LiveTwin): Parameters<Stage["update"]>[0] {
  const {
    vehicles,
    missions,
    alarms,
    closures,
    devices,
    layers,
    selectedVehicleId,
    hoveredVehicleId,
    sides,
  } = live.store.getState();
  const lineCranes = mergeLineCranes(sides.vn, sides.cn);
  return {
    vehicles,
    missions,
    alarms,
    closures,
    lineCranes,
    devices,
    layers,
    selectedVehicleId,
    hoveredVehicleId,
  };
}

function commandsOf(stage: Stage, live: LiveTwin, reducedMotion: () => boolean) {
  const { store } = live;
  return {
    goTo: (slot: ViewSlot) => {
      store.getState().setFollowed(undefined);
      stage.goTo(slot, reducedMotion());
    },
    keep: (slot: ViewSlot) => {
      stage.keep(slot);
      store.getState().setKeptViews(stage.keptViews());
    },
    show: (vehicleId: string) => {
      store.getState().setFollowed(undefined);
      stage.show(vehicleId, reducedMotion());
    },
    showAll: (vehicleIds: readonly string[]) => {
      store.getState().setFollowed(undefined);
      stage.showAll(vehicleIds, reducedMotion());
    },
    lookAt: (xM: number, yM: number) => {
      store.getState().setFollowed(undefined);
      stage.lookAt(xM, yM, reducedMotion());
    },
    footprint: () => stage.footprint(),
    viewText: () => viewText(stage.rig.view),
    probe: () => stage.probe(),
    toggleFollow: () => {
      const { selectedVehicleId, followedVehicleId } = store.getState();
      if (followedVehicleId !== undefined) {
        stage.rig.release();
        store.getState().setFollowed(undefined);
        return;
      }
      const vehicleId = selectedVehicleId ?? live.fleet.poses.vehicleIds[0];
      if (vehicleId === undefined || !stage.follow(vehicleId, reducedMotion())) return;
      store.getState().select(vehicleId);
      store.getState().setFollowed(vehicleId);
    },
  };
}

/** A click that moved less than this is a click, not a drag. */
const CLICK_PX = 5;

/** Hovering and clicking in the scene, in step with the lists. */
function watchPointer(canvas: HTMLCanvasElement, stage: Stage, live: LiveTwin): () => void {
  let down: { x: number; y: number } | undefined;
  const vehicleAt = (event: PointerEvent): string | undefined => {
    const box = canvas.getBoundingClientRect();
    return stage.pick(
      ((event.clientX - box.left) / box.width) * 2 - 1,
      1 - ((event.clientY - box.top) / box.height) * 2,
    );
  };
  const onMove = (event: PointerEvent): void => {
    if (event.buttons !== 0) return;
    const vehicleId = vehicleAt(event);
    canvas.style.cursor = vehicleId === undefined ? "" : "pointer";
    live.store.getState().hover(vehicleId);
  };
  const onDown = (event: PointerEvent): void => {
    down = { x: event.clientX, y: event.clientY };
  };
  const onUp = (event: PointerEvent): void => {
    if (down === undefined || event.button !== 0) return;
    if (Math.hypot(event.clientX - down.x, event.clientY - down.y) < CLICK_PX)
      live.store.getState().select(vehicleAt(event));
  };
  const onLeave = (): void => live.store.getState().hover(undefined);
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointerup", onUp);
  canvas.addEventListener("pointerleave", onLeave);
  return () => {
    canvas.removeEventListener("pointermove", onMove);
    canvas.removeEventListener("pointerdown", onDown);
    canvas.removeEventListener("pointerup", onUp);
    canvas.removeEventListener("pointerleave", onLeave);
  };
}
