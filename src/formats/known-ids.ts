import { randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DIGITS = 12;

/**
 * The captured events there are, by the random part of their ids. A million of them take 16 MB, a
 * quarter of what a Set of texts would.
 */
export class KnownIds {
  #slots = 1 << 12;
  #high = new Uint32Array(this.#slots);
  #low = new Uint32Array(this.#slots);
  #count = 0;
  /** Ids come from files of others, who are not to know where they fall. */
  readonly #seed = randomBytes(4).readUInt32LE();

  has(id: string): boolean {
    const { high, low } = partsOf(id);
    return this.#high[this.#find(high, low)] !== 0;
  }

  /** False when it was there already. */
  add(id: string): boolean {
    const { high, low } = partsOf(id);
    const at = this.#find(high, low);
    if (this.#high[at] !== 0) return false;
    this.#high[at] = high;
    this.#low[at] = low;
    if (++this.#count > this.#slots / 2) this.#grow();
    return true;
  }

  #find(high: number, low: number): number {
    let mixed = Math.imul(low ^ this.#seed, 0x9e3779b1) ^ Math.imul(high + this.#seed, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    let at = (mixed ^ (mixed >>> 13)) & (this.#slots - 1);
    while (this.#high[at] !== 0 && (this.#high[at] !== high || this.#low[at] !== low)) {
      at = (at + 1) & (this.#slots - 1);
    }
    return at;
  }

  #grow(): void {
    const [highs, lows] = [this.#high, this.#low];
    this.#slots *= 2;
    this.#high = new Uint32Array(this.#slots);
    this.#low = new Uint32Array(this.#slots);
    for (const [i, high] of highs.entries()) {
      if (high === 0) continue;
      const low = lows[i] as number;
      const at = this.#find(high, low);
      this.#high[at] = high;
      this.#low[at] = low;
    }
  }
}

/** Sixty of the eighty random bits, in two halves; the first is never 0, which marks a free slot. */
function partsOf(id: string): { high: number; low: number } {
  const half = (from: number) => {
    let bits = 0;
    for (let i = from; i < from + DIGITS / 2; i++)
      bits = bits * 32 + CROCKFORD.indexOf(id[i] ?? '0');
    return bits;
  };
  return { high: half(id.length - DIGITS) + 1, low: half(id.length - DIGITS / 2) };
}
