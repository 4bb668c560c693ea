import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "../app/live-twin.ts";
import { useRoom } from "../app/room.ts";
import type { TwinProbe } from "../scene/probe.ts";

const EVERY_MS = 500;

interface Look {
  readonly probe: TwinProbe;
  readonly framesPerS: number;
}

/** What drawing costs here and now, for whoever looks for the reason why a picture is slow. */
export function PerformanceHud() {
  return useRoom((state) => state.isHudShown) ? <Figures /> : null;
}

function Figures() {
  const { t } = useTranslation();
  const live = useLive();
  const [look, setLook] = useState<Look | undefined>(undefined);
  useEffect(() => {
    let last: { readonly frames: number; readonly atMs: number } | undefined;
    const timer = setInterval(() => {
      const probe = live.commands?.probe();
      if (probe === undefined) return;
      const atMs = performance.now();
      const framesPerS = last === undefined ? 0 : ((probe.frames - last.frames) * 1000) / (atMs - last.atMs);
      last = { frames: probe.frames, atMs };
      setLook({ probe, framesPerS });
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [live]);
  if (look === undefined) return null;
  const { probe, framesPerS } = look;
  const slowest = Object.entries(probe.layersMs).sort(([, a], [, b]) => b - a)[0];
  const figures = [
    ["hud.frames", framesPerS.toFixed(0)],
    ["hud.layers", `${probe.prepareMs.toFixed(1)} ms`],
    ["hud.slowest", slowest === undefined ? "–" : `${slowest[0]} ${slowest[1].toFixed(1)} ms`],
    ["hud.render", `${probe.renderMs.toFixed(1)} ms`],
    ["hud.update", `${probe.updateMs.toFixed(1)} ms`],
    ["hud.drawCalls", String(probe.drawCalls)],
    ["hud.triangles", probe.triangles.toLocaleString("en")],
    ["hud.kept", `${probe.geometries} / ${probe.textures}`],
    ["hud.vehicles", String(live.fleet.poses.count)],
  ] as const;
  return (
    <dl data-over-scene className="hud" aria-label={t("hud.label")}>
      {figures.map(([key, value]) => (
        <div key={key}>
          <dt>{t(key)}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
