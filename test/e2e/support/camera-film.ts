import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

export const FILM_SIZE = { width: 1600, height: 1200 } as const;
const PICTURES = 12;

/**
 * Draws a film that Chromium shows in the place of a camera: a spot on skin, wandering, so that no two pictures of it are alike.
 * @param file ends in `.mjpeg`: JPEG streams one after the other
 */
export async function drawFilm(file: string): Promise<void> {
  const { width, height } = FILM_SIZE;
  const pictures = Array.from({ length: PICTURES }, (_, at) => {
    const angle = (at / PICTURES) * 2 * Math.PI;
    const [x, y] = [width / 2 + 60 * Math.sin(angle), height / 2 + 60 * Math.cos(angle)];
    return sharp(
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
        <defs><radialGradient id="spot"><stop offset="0" stop-color="#3b2418"/><stop offset="0.7" stop-color="#6d4330"/>
        <stop offset="1" stop-color="#e0b8a0"/></radialGradient></defs>
        <rect width="100%" height="100%" fill="#e0b8a0"/>
        <ellipse cx="${x}" cy="${y}" rx="330" ry="270" fill="url(#spot)"/>
        <circle cx="${x - 90}" cy="${y + 40}" r="60" fill="#2a1710"/><circle cx="${x + 110}" cy="${y - 60}" r="38" fill="#8a5138"/>
        </svg>`),
    )
      .flatten({ background: '#e0b8a0' })
      .jpeg({ quality: 85 })
      .toBuffer();
  });
  await writeFile(file, Buffer.concat(await Promise.all(pictures)));
}
