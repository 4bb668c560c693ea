/**
 * Which moment of the site's clock to draw, so that motion is smooth although frames arrive unevenly:
 * a tick behind the newest frame and as much more as frames of late have come late, up to half a tick; never running backwards, never ahead of the newest frame
 * by more than `MAX_EXTRAPOLATION_MS`. Where pictures come slowly, motion is not smooth anyway, and the time until the next
 * picture is saved here: what is fed is to be drawn within two ticks.
 * Times: `localMs` is the page's steady clock, `atMs` the site's clock (which may run `speed` times faster).
 */
export class PlayoutClock {
  #speed = 1;
  #tickMs = 0;
  #pictureMs = 0;
  /** For frames that come late, in ticks beyond the one that is driven between two frames. */
  #slackTicks = MOST_SLACK_TICKS;
  /** Site time minus scaled local time, of the quickest recent frame. */
  #offsetMs = Number.NaN;
  #newestAtMs = Number.NEGATIVE_INFINITY;
  #newestLocalMs = Number.NEGATIVE_INFINITY;
  #renderedAtMs = Number.NEGATIVE_INFINITY;

  /** Takes over what the feed says about itself; `tickMs` is in the site's time. */
  configure(tickMs: number, speed: number): void {
    this.#speed = speed;
    this.#tickMs = tickMs;
    this.#slackTicks = MOST_SLACK_TICKS;
    this.#offsetMs = Number.NaN;
    this.#newestAtMs = Number.NEGATIVE_INFINITY;
    this.#renderedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** How long it takes from one picture to the next, viewer's time. */
  pace(pictureMs: number): void {
    this.#pictureMs = pictureMs;
  }

  /** A frame of site time `atMs` has arrived. */
  observe(atMs: number, localMs: number): void {
    const offset = atMs - localMs * this.#speed;
    // A frame that came quicker than expected moves the estimate at once, slower ones let it drift: late frames
    // must not pull the picture back. A jump of more than a few seconds is a new clock.
    const behindMs = this.#offsetMs - offset;
    if (Number.isNaN(this.#offsetMs) || behindMs < 0 || behindMs > 5_000 * this.#speed)
      this.#offsetMs = offset;
    else this.#offsetMs -= behindMs * 0.05;
    this.#allowFor(behindMs > 0 ? behindMs / this.#tickMs : 0);
    if (atMs < this.#newestAtMs - 5_000 * this.#speed) this.#renderedAtMs = Number.NEGATIVE_INFINITY;
    this.#newestAtMs = atMs;
    this.#newestLocalMs = localMs;
  }

  /** Whether anything has been observed. */
  get running(): boolean {
    return this.#newestAtMs !== Number.NEGATIVE_INFINITY;
  }

  get speed(): number {
    return this.#speed;
  }

  /** The moment to draw; before the first frame there is none, which must not be kept as one. */
  renderAtMs(localMs: number): number {
    if (!this.running) return Number.NEGATIVE_INFINITY;
    const wanted = this.siteNowMs(localMs) - this.#delayMs();
    const limited = Math.min(wanted, this.#newestAtMs + MAX_EXTRAPOLATION_MS * this.#speed);
    this.#renderedAtMs = Math.max(this.#renderedAtMs, limited);
    return this.#renderedAtMs;
  }

  /** The site's clock now, as far as the frames tell. */
  siteNowMs(localMs: number): number {
    return localMs * this.#speed + this.#offsetMs;
  }

  /** More at once when a frame is late, less only bit by bit; never so quickly that one sees the shown time stand or run. */
  #allowFor(lateTicks: number): void {
    const wanted = Math.max(LEAST_SLACK_TICKS, Math.min(MOST_SLACK_TICKS, lateTicks * SLACK_TIMES));
    this.#slackTicks = Math.min(
      this.#slackTicks + MORE_TICKS,
      Math.max(this.#slackTicks - LESS_TICKS, wanted),
    );
  }

  #delayMs(): number {
    const leftMs = DRAWN_WITHIN_TICKS * this.#tickMs - this.#pictureMs * this.#speed;
    const wantedMs = (1 + this.#slackTicks) * this.#tickMs;
    return Math.max(LEAST_DELAY_TICKS * this.#tickMs, Math.min(wantedMs, leftMs));
  }

  /** How long ago, in the viewer's time, the newest frame came. */
  silentForMs(localMs: number): number {
    return localMs - this.#newestLocalMs;
  }
}

/** Beyond the tick that is driven between two frames: for a timer that is no better, and for a frame that comes late. */
const LEAST_SLACK_TICKS = 0.15;
const MOST_SLACK_TICKS = 0.5;
/** As late as the last one a frame may come again, and somewhat later. */
const SLACK_TIMES = 1.5;
/** With each frame so much more at most, and so much less: in ten seconds of five frames each from the most to the least. */
const MORE_TICKS = 0.1;
const LESS_TICKS = 0.007;
/** Two, less what a frame is under way. */
const DRAWN_WITHIN_TICKS = 1.9;
/** With less, every second picture would be drawn from where vehicles are thought to be. */
const LEAST_DELAY_TICKS = 0.5;

/** Poses are carried on along their last speed for at most this long (viewer's time), then they stand. */
export const MAX_EXTRAPOLATION_MS = 1_000;
