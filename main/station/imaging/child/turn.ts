import type { Sharp } from 'sharp';

/** Turns stored pixels upright by an EXIF orientation that we read ourselves (sharp mirrors first, then turns, whatever the order of the calls). */
export function turn(image: Sharp, orientation: number): Sharp {
  const angle = [0, 0, 0, 180, 0, 270, 90, 90, 270][orientation] ?? 0;
  const turned = angle === 0 ? image : image.rotate(angle);
  if (orientation === 2 || orientation === 5 || orientation === 7) return turned.flop();
  return orientation === 4 ? turned.flip() : turned;
}
