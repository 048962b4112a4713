// Runs in the thread of the sound: gathers samples into pieces of a tenth of a second, as 16-bit numbers, with their level.

class Tap extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(Math.round(sampleRate / 10));
    this.filled = 0;
    this.power = 0;
  }

  process(inputs) {
    const channels = inputs[0];
    const length = channels[0]?.length ?? 0;
    for (let index = 0; index < length; index += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[index];
      this.take(sum / channels.length);
    }
    return true;
  }

  take(value) {
    const sample = Math.max(-1, Math.min(1, value));
    this.piece[this.filled] = Math.round(sample * 32767);
    this.power += sample * sample;
    this.filled += 1;
    if (this.filled < this.piece.length) return;
    const level = 10 * Math.log10(this.power / this.filled + 1e-10);
    this.port.postMessage({ samples: this.piece, level }, [this.piece.buffer]);
    this.piece = new Int16Array(this.filled);
    this.filled = 0;
    this.power = 0;
  }
}

registerProcessor("mien-tap", Tap);
