import type { EntropyReader } from './entropy-reader.ts';
import type { HuffmanDecoder } from './huffman-decoder.ts';

/** One component as a scan sees it. */
export type ScanComponent = {
  /** Blocks of this component in an MCU of an interleaved scan. */
  horizontal: number;
  vertical: number;
  blocksWide: number;
  blocksHigh: number;
  coefficients: Int16Array;
  lastPositions: Uint8Array;
  dc: HuffmanDecoder;
  ac: HuffmanDecoder;
  prediction: number;
};

export type ScanParameters = {
  progressive: boolean;
  spectralStart: number;
  spectralEnd: number;
  approximationHigh: number;
  approximationLow: number;
  restartInterval: number;
  /** MCUs of an interleaved scan. */
  mcusWide: number;
  mcusHigh: number;
};

/** Decodes one scan into the coefficients of its components (T.81 annexes F.2 and G.2). */
export class ScanDecoder {
  readonly #reader: EntropyReader;
  readonly #parameters: ScanParameters;
  readonly #components: ScanComponent[];
  readonly #decodeBlock: (component: ScanComponent, coefficients: Int16Array, block: number) => void;
  /** Takes the blocks that only fill up an MCU at the right and lower edge. */
  readonly #scratch = new Int16Array(64);
  #endOfBandRun = 0;
  #mcu = 0;

  constructor(reader: EntropyReader, parameters: ScanParameters, components: ScanComponent[]) {
    this.#reader = reader;
    this.#parameters = parameters;
    this.#components = components;
    this.#decodeBlock = this.#blockDecoder();
  }

  /** @throws JpegMalformedError, EntropyEndedError */
  decode(): void {
    const [only] = this.#components;
    if (this.#components.length === 1 && only !== undefined) this.#decodeAlone(only);
    else this.#decodeInterleaved();
  }

  #blockDecoder(): (component: ScanComponent, coefficients: Int16Array, block: number) => void {
    const { progressive, spectralStart, approximationHigh } = this.#parameters;
    if (!progressive) return (component, coefficients, block) => this.#sequential(component, coefficients, block);
    if (spectralStart === 0) {
      if (approximationHigh === 0)
        return (component, coefficients, block) => this.#dcFirst(component, coefficients, block);
      return (_, coefficients, block) => this.#dcRefine(coefficients, block);
    }
    if (approximationHigh === 0)
      return (component, coefficients, block) => this.#acFirst(component, coefficients, block);
    return (component, coefficients, block) => this.#acRefine(component, coefficients, block);
  }

  /** A scan of one component has just that component's blocks, in rows, whatever its sampling factors. */
  #decodeAlone(component: ScanComponent): void {
    const blocks = component.blocksWide * component.blocksHigh;
    for (let block = 0; block < blocks; block++) {
      this.#restartIfDue();
      this.#decodeBlock(component, component.coefficients, block);
      this.#reader.assertNotEnded();
    }
  }

  #decodeInterleaved(): void {
    const { mcusWide, mcusHigh } = this.#parameters;
    for (let mcuRow = 0; mcuRow < mcusHigh; mcuRow++) {
      for (let mcuColumn = 0; mcuColumn < mcusWide; mcuColumn++) {
        this.#restartIfDue();
        for (const component of this.#components) this.#decodeMcuPart(component, mcuColumn, mcuRow);
        this.#reader.assertNotEnded();
      }
    }
  }

  #decodeMcuPart(component: ScanComponent, mcuColumn: number, mcuRow: number): void {
    const { horizontal, vertical, blocksWide, blocksHigh, coefficients } = component;
    for (let v = 0; v < vertical; v++) {
      const row = mcuRow * vertical + v;
      for (let h = 0; h < horizontal; h++) {
        const column = mcuColumn * horizontal + h;
        if (row < blocksHigh && column < blocksWide) {
          this.#decodeBlock(component, coefficients, row * blocksWide + column);
        } else {
          // Only the prediction counts; what it does to lastPositions[0] is mended here.
          const last = component.lastPositions[0]!;
          this.#decodeBlock(component, this.#scratch, 0);
          component.lastPositions[0] = last;
        }
      }
    }
  }

  #restartIfDue(): void {
    const { restartInterval } = this.#parameters;
    if (restartInterval > 0 && this.#mcu > 0 && this.#mcu % restartInterval === 0) {
      this.#reader.restart((this.#mcu / restartInterval - 1) & 7);
      for (const component of this.#components) component.prediction = 0;
      this.#endOfBandRun = 0;
    }
    this.#mcu++;
  }

  #sequential(component: ScanComponent, coefficients: Int16Array, block: number): void {
    const reader = this.#reader;
    const { ac } = component;
    const offset = block * 64;
    coefficients[offset] = this.#nextDc(component);
    let last = 0;
    for (let position = 1; position < 64; position++) {
      const short = reader.shortCoefficient(ac);
      if (short !== 0) {
        position += (short >> 8) & 15;
        if (position > 63) throw reader.malformed('coefficient beyond the block');
        coefficients[offset + position] = short >> 16;
        last = position;
        continue;
      }
      const symbol = reader.symbol(ac);
      const size = symbol & 15;
      if (size === 0) {
        if (symbol !== 0xf0) break;
        position += 15;
        continue;
      }
      position += symbol >> 4;
      if (position > 63) throw reader.malformed('coefficient beyond the block');
      coefficients[offset + position] = reader.signed(size);
      last = position;
    }
    component.lastPositions[block] = last;
  }

  #nextDc(component: ScanComponent): number {
    const size = this.#reader.symbol(component.dc);
    if (size > 11) throw this.#reader.malformed('DC difference out of range');
    component.prediction += this.#reader.signed(size);
    if (component.prediction < -32768 || component.prediction > 32767) {
      throw this.#reader.malformed('DC value out of range');
    }
    return component.prediction;
  }

  #dcFirst(component: ScanComponent, coefficients: Int16Array, block: number): void {
    const value = this.#nextDc(component) * (1 << this.#parameters.approximationLow);
    if (value < -32768 || value > 32767) throw this.#reader.malformed('DC value out of range');
    coefficients[block * 64] = value;
  }

  #dcRefine(coefficients: Int16Array, block: number): void {
    if (this.#reader.raw(1) === 1) coefficients[block * 64]! |= 1 << this.#parameters.approximationLow;
  }

  #acFirst(component: ScanComponent, coefficients: Int16Array, block: number): void {
    if (this.#endOfBandRun > 0) {
      this.#endOfBandRun--;
      return;
    }
    const reader = this.#reader;
    const { spectralStart, spectralEnd, approximationLow } = this.#parameters;
    const { ac, lastPositions } = component;
    const offset = block * 64;
    for (let position = spectralStart; position <= spectralEnd; position++) {
      const symbol = reader.symbol(ac);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0) {
        if (run < 15) {
          this.#endOfBandRun = (1 << run) - 1 + reader.raw(run);
          return;
        }
        position += 15;
        continue;
      }
      position += run;
      if (position > spectralEnd) throw reader.malformed('coefficient beyond the band');
      coefficients[offset + position] = reader.signed(size) * (1 << approximationLow);
      if (position > lastPositions[block]!) lastPositions[block] = position;
    }
  }

  #acRefine(component: ScanComponent, coefficients: Int16Array, block: number): void {
    const reader = this.#reader;
    const { spectralStart, spectralEnd, approximationLow } = this.#parameters;
    const { ac, lastPositions } = component;
    const offset = block * 64;
    const one = 1 << approximationLow;
    let position = spectralStart;
    if (this.#endOfBandRun === 0) {
      for (; position <= spectralEnd; position++) {
        const symbol = reader.symbol(ac);
        let run = symbol >> 4;
        let fresh = 0;
        if ((symbol & 15) !== 0) {
          fresh = reader.raw(1) === 1 ? one : -one;
        } else if (run < 15) {
          this.#endOfBandRun = (1 << run) + reader.raw(run);
          break;
        }
        // Goes over `run` coefficients that are still 0, correcting the others on the way.
        for (; position <= spectralEnd; position++) {
          const value = coefficients[offset + position]!;
          if (value !== 0) coefficients[offset + position] = this.#corrected(value, one);
          else if (--run < 0) break;
        }
        if (fresh !== 0) {
          if (position > spectralEnd) throw reader.malformed('coefficient beyond the band');
          coefficients[offset + position] = fresh;
          if (position > lastPositions[block]!) lastPositions[block] = position;
        }
      }
    }
    if (this.#endOfBandRun > 0) {
      const end = Math.min(spectralEnd, lastPositions[block]!);
      for (; position <= end; position++) {
        const value = coefficients[offset + position]!;
        if (value !== 0) coefficients[offset + position] = this.#corrected(value, one);
      }
      this.#endOfBandRun--;
    }
  }

  #corrected(value: number, one: number): number {
    if (this.#reader.raw(1) === 0 || (value & one) !== 0) return value;
    return value > 0 ? value + one : value - one;
  }
}
