/** A Huffman table ready for encoding. */
export type HuffmanEncoder = {
  /** The DHT form: how many codes have 1..16 bits, then the symbols by code length. */
  lengthCounts: Uint8Array;
  symbols: Uint8Array;
  /** Code and its length by symbol. */
  codes: Uint16Array;
  lengths: Uint8Array;
};

/** Stands for the code of all ones, which T.81 forbids: it gets the longest code, and that is then left out. */
const RESERVED = 256;

/**
 * The optimal table for these symbol counts with codes of at most 16 bits (T.81 annex K.2).
 *
 * @param counts 256 counts, at least one of them above 0
 */
export function buildOptimalHuffman(counts: Uint32Array): HuffmanEncoder {
  const depths = symbolDepths(counts);
  const perLength = new Uint32Array(258);
  for (const depth of depths) if (depth > 0) perLength[depth]!++;
  limitLengths(perLength);

  const order = Array.from({ length: 256 }, (_, symbol) => symbol)
    .filter((symbol) => depths[symbol]! > 0)
    .sort((a, b) => depths[a]! - depths[b]! || a - b);
  const lengthCounts = Uint8Array.from(perLength.subarray(1, 17));
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length++, code <<= 1) {
    for (let i = 0; i < lengthCounts[length - 1]!; i++) {
      const symbol = order[next++]!;
      codes[symbol] = code++;
      lengths[symbol] = length;
    }
  }
  return { lengthCounts, symbols: Uint8Array.from(order), codes, lengths };
}

/** Depth of each symbol in the Huffman tree, the reserved one included (figure K.1). */
function symbolDepths(counts: Uint32Array): Uint16Array {
  const weights = new Float64Array(257);
  weights.set(counts);
  weights[RESERVED] = 1;
  const depths = new Uint16Array(257);
  const chain = new Int16Array(257).fill(-1);
  for (;;) {
    let least = -1;
    let second = -1;
    for (let symbol = 0; symbol <= RESERVED; symbol++) {
      const weight = weights[symbol]!;
      if (weight === 0) continue;
      // Of equal weights the later one, so that the reserved symbol ends up deepest.
      if (least === -1 || weight <= weights[least]!) {
        second = least;
        least = symbol;
      } else if (second === -1 || weight <= weights[second]!) {
        second = symbol;
      }
    }
    if (second === -1) return depths;
    // The joined tree takes the place of the lesser: so the one with the reserved symbol goes on being the last of its equals.
    weights[least]! += weights[second]!;
    weights[second] = 0;
    let last = least;
    for (; ; last = chain[last]!) {
      depths[last]!++;
      if (chain[last] === -1) break;
    }
    chain[last] = second;
    for (let member = second; member !== -1; member = chain[member]!) depths[member]!++;
  }
}

/** Shortens codes above 16 bits by lengthening others (figure K.3), then takes the reserved code out. */
function limitLengths(perLength: Uint32Array): void {
  for (let length = perLength.length - 1; length > 16; length--) {
    while (perLength[length]! > 0) {
      let shorter = length - 2;
      while (perLength[shorter] === 0) shorter--;
      perLength[length]! -= 2;
      perLength[length - 1]!++;
      perLength[shorter + 1]! += 2;
      perLength[shorter]!--;
    }
  }
  let longest = 16;
  while (perLength[longest] === 0) longest--;
  perLength[longest]!--;
}
