import type { AudiblePriority } from "./alarm-bell.ts";

/** Bursts that tell priorities apart by number and pitch of their pulses, after the idea of IEC 60601-1-8, 6.3.3. */
const BURSTS: Readonly<Record<AudiblePriority, { readonly pulses: number; readonly hz: number }>> = {
  critical: { pulses: 5, hz: 880 },
  high: { pulses: 3, hz: 660 },
  medium: { pulses: 2, hz: 440 },
};
const PULSE_S = 0.14;
const GAP_S = 0.1;
const LOUDNESS = 0.25;
/** Without a ramp a pulse clicks. */
const RAMP_S = 0.01;

/** Plays bursts by WebAudio. Before somebody has pressed something on the page, browsers let nothing be heard. */
export class TonePlayer {
  #context: AudioContext | undefined;

  /** To be called when a person has pressed something. */
  async unblock(): Promise<void> {
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") await this.#context.resume();
  }

  get isBlocked(): boolean {
    return this.#context?.state !== "running";
  }

  play(priority: AudiblePriority): void {
    const context = this.#context;
    if (context === undefined || context.state !== "running") return;
    const { pulses, hz } = BURSTS[priority];
    for (let pulse = 0; pulse < pulses; pulse++) {
      const fromS = context.currentTime + pulse * (PULSE_S + GAP_S);
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, fromS);
      gain.gain.linearRampToValueAtTime(LOUDNESS, fromS + RAMP_S);
      gain.gain.setValueAtTime(LOUDNESS, fromS + PULSE_S - RAMP_S);
      gain.gain.linearRampToValueAtTime(0, fromS + PULSE_S);
      const tone = new OscillatorNode(context, { type: "triangle", frequency: hz });
      tone.connect(gain).connect(context.destination);
      tone.start(fromS);
      tone.stop(fromS + PULSE_S);
    }
  }

  close(): void {
    void this.#context?.close();
  }
}
