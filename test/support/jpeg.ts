import sharp from 'sharp';

/** A small JPEG of a colour that depends on the number, under noise of its own, so that no two are duplicates. */
export async function testJpeg(number: number, size = 96): Promise<Buffer> {
  // Never black: soft light leaves black as it is, and two pictures without noise would be one.
  const background = { r: (number * 37) % 256, g: 32 + ((number * 91) % 192), b: (number * 53) % 256 };
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const overlay = await sharp({ create: { width: size, height: size, channels: 3, background, noise } })
    .png()
    .toBuffer();
  return sharp({ create: { width: size, height: size, channels: 3, background } })
    .composite([{ input: overlay, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
