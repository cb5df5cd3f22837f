/** Variance of the Laplacian of the grey values (0..255): the usual cheap measure of sharpness. `null` below 3 x 3 pixels. */
export function sharpnessScore(pixels: Uint8Array, width: number, height: number, channels: number): number | null {
  if (width < 3 || height < 3) return null;
  const grey = new Float32Array(width * height);
  for (let index = 0, at = 0; index < grey.length; index++, at += channels) {
    grey[index] = channels >= 3 ? 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]! : pixels[at]!;
  }
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const value = 4 * grey[at]! - grey[at - 1]! - grey[at + 1]! - grey[at - width]! - grey[at + width]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = (width - 2) * (height - 2);
  return Math.round((squares / count - (sum / count) ** 2) * 100) / 100;
}
