// Makes the pictures of docs/screenshots: runs the tour of the practice hospital (scripts/tour.ts) in the real app on a virtual display,
// and keeps the pictures that the README and docs/ show, as small palette PNGs. Run it after the window has changed:
//   npm run setup -- --tests && node scripts/screenshots.mjs
//   node scripts/screenshots.mjs --from DIR      takes the pictures of a tour that has already run
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { openSeat } from './as-user.mjs';
import { build } from './build.mjs';
import { root, say } from './toolchain.mjs';

/** Picture of the tour -> name in docs/screenshots. */
const wanted = {
  '01-sign-in-light': 'sign-in',
  '03-reading-light': 'reading',
  '04-sealed-light': 'sealed',
  '05-contact-sheet-light': 'contact-sheet',
  '05-contact-sheet-dark': 'contact-sheet-dark',
  '06-viewer-dark': 'viewer-dark',
  '07-file-ready-light': 'filing',
  '09-confirmed-light': 'confirmed',
  '10-erase-light': 'erase',
  '11-erased-light': 'erased',
  '12-certificate-light': 'certificate',
  '13-review-light': 'review',
};
const MOST_WIDTH = 1600;
const MOST_BYTES = 2_500_000;
const target = path.join(root, 'docs', 'screenshots');

/** Shrinks the wanted pictures into docs/screenshots; throws when one is missing or all together are too big. */
async function keep(tour) {
  const missing = Object.keys(wanted).filter((name) => !existsSync(path.join(tour, `${name}.png`)));
  if (missing.length > 0) throw new Error(`the tour made no picture of: ${missing.join(', ')}`);
  const { default: sharp } = await import('sharp');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(target)) if (name.endsWith('.png')) rmSync(path.join(target, name));
  let bytes = 0;
  for (const [from, to] of Object.entries(wanted)) {
    const file = path.join(target, `${to}.png`);
    await sharp(path.join(tour, `${from}.png`))
      .resize({ width: MOST_WIDTH, withoutEnlargement: true })
      .png({ palette: true, colours: 256, quality: 90, effort: 10, compressionLevel: 9 })
      .toFile(file);
    bytes += statSync(file).size;
  }
  if (bytes > MOST_BYTES) throw new Error(`the pictures have ${bytes} bytes, more than ${MOST_BYTES}`);
  say(`screenshots: ${Object.keys(wanted).length} pictures, ${Math.round(bytes / 1000)} kB, in docs/screenshots`);
}

async function tour() {
  if (!(await build())) throw new Error('the build failed');
  const seat = openSeat();
  try {
    const code = await seat.run('node', ['scripts/tour.ts']);
    if (code !== 0) throw new Error(`the tour ended with ${code}: no picture was changed`);
    await keep(seat.output);
  } finally {
    seat.close();
  }
}

try {
  const fromAt = process.argv.indexOf('--from');
  await (fromAt > 0 ? keep(path.resolve(process.argv[fromAt + 1] ?? '')) : tour());
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}
