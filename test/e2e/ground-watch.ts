import { decodePoseFrame } from "@baton/orchestrator/contract";

/** A vehicle's body, 15 m by 3 m about its reference point (the sites' one vehicle class). */
const HALF_LENGTH_M = 7.5;
const HALF_WIDTH_M = 1.5;

interface Body {
  readonly xM: number;
  readonly yM: number;
  readonly headingRad: number;
}

const axesOf = ({ headingRad }: Body) => {
  const [c, s] = [Math.cos(headingRad), Math.sin(headingRad)];
  return [
    { xM: c, yM: s },
    { xM: -s, yM: c },
  ] as const;
};

/** Whether two bodies overlap: no axis of either separates them (separating axis theorem). */
export function overlap(a: Body, b: Body): boolean {
  const dxM = b.xM - a.xM;
  const dyM = b.yM - a.yM;
  if (Math.hypot(dxM, dyM) > 2 * Math.hypot(HALF_LENGTH_M, HALF_WIDTH_M)) return false;
  const reach = (body: Body, axis: { readonly xM: number; readonly yM: number }): number => {
    const [along, across] = axesOf(body);
    return (
      HALF_LENGTH_M * Math.abs(along.xM * axis.xM + along.yM * axis.yM) +
      HALF_WIDTH_M * Math.abs(across.xM * axis.xM + across.yM * axis.yM)
    );
  };
  return [...axesOf(a), ...axesOf(b)].every(
    (axis) => Math.abs(dxM * axis.xM + dyM * axis.yM) <= reach(a, axis) + reach(b, axis),
  );
}

export interface GroundWatch {
  readonly frames: number;
  /** Pairs of slots that were seen on the same ground, with where. */
  readonly overlaps: readonly string[];
  readonly farthest: { readonly leftM: number; readonly rightM: number };
  end(): void;
}

/**
 * Watches one side's feed as any viewer would, and checks every frame: nothing of the planner or the ledger is used.
 * Both sides' vehicles are in either feed, since every vehicle reports to both brokers.
 */
export async function watchGround(feedUrl: string): Promise<GroundWatch> {
  const socket = new WebSocket(feedUrl);
  socket.binaryType = "arraybuffer";
  const overlaps = new Set<string>();
  const farthest = { leftM: 0, rightM: 0 };
  let frames = 0;
  socket.addEventListener("message", ({ data }) => {
    if (!(data instanceof ArrayBuffer)) return;
    const frame = decodePoseFrame(new Uint8Array(data));
    if (frame === undefined) return;
    frames++;
    const bodies = Array.from({ length: frame.count }, (_, i) => ({
      slot: frame.slot[i] ?? 0,
      xM: frame.xM[i] ?? 0,
      yM: frame.yM[i] ?? 0,
      headingRad: frame.headingRad[i] ?? 0,
    }));
    bodies.forEach((a, i) => {
      farthest.leftM = Math.min(farthest.leftM, a.xM);
      farthest.rightM = Math.max(farthest.rightM, a.xM);
      for (const b of bodies.slice(i + 1)) {
        if (overlap(a, b))
          overlaps.add(`${a.slot} and ${b.slot} at x ${Math.round(a.xM)} y ${Math.round(a.yM)}`);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error(`no feed at ${feedUrl}`)), { once: true });
  });
  return {
    get frames() {
      return frames;
    },
    get overlaps() {
      return [...overlaps];
    },
    farthest,
    end: () => socket.close(),
  };
}
