// Makes the pictures of docs/screenshots: runs the tour of the practice hospital (scripts/tour.ts) in the real app on a virtual display, and
// the end-to-end tests that show devices; keeps the pictures that the README and docs/ show, as small palette PNGs. Run it after the window has changed:
//   npm run setup -- --tests && node scripts/screenshots.mjs
//   node scripts/screenshots.mjs --from DIR      takes the pictures of a tour that has already run
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { openSeat } from './as-user.mjs';
import { build } from './build.mjs';
import { root, say } from './toolchain.mjs';

/** The tests that take pictures of devices on the emulated bus: the practice hospital has none. */
const tests = ['cable', 'capture', 'media'].map((name) => `test/e2e/${name}.test.ts`);

/** Picture in docs/screenshots: the picture it is made of, and how many of its rows are kept (a screen with one lane is mostly empty). */
const wanted = {
  sealed: { from: '04-sealed-light', rows: 520 },
  'contact-sheet-dark': { from: '05-contact-sheet-dark' },
  'viewer-dark': { from: '06-viewer-dark' },
  filing: { from: '07-file-ready-light' },
  confirmed: { from: '09-confirmed-light', rows: 520 },
  erase: { from: '10-erase-light', rows: 820 },
  certificate: { from: '12-certificate-light' },
  review: { from: '13-review-light', rows: 520 },
  camera: { from: 'pictures/dock-camera-light-1598', rows: 660 },
  capture: { from: 'pictures/capture-light-1598' },
  media: { from: 'pictures/medium-drawer-light-1598' },
};
const MOST_WIDTH = 1600;
const MOST_BYTES = 2_500_000;
const target = path.join(root, 'docs', 'screenshots');

/** Shrinks the wanted pictures into docs/screenshots; throws when one is missing or all together are too big. */
async function keep(tour) {
  const sourceOf = (from) => path.join(tour, `${from}.png`);
  const missing = Object.values(wanted).filter(({ from }) => !existsSync(sourceOf(from)));
  if (missing.length > 0) throw new Error(`the tour made no picture of: ${missing.map(({ from }) => from).join(', ')}`);
  const { default: sharp } = await import('sharp');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(target)) if (name.endsWith('.png')) rmSync(path.join(target, name));
  let bytes = 0;
  for (const [name, { from, rows }] of Object.entries(wanted)) {
    const file = path.join(target, `${name}.png`);
    const { width, height } = await sharp(sourceOf(from)).metadata();
    await sharp(sourceOf(from))
      .extract({ left: 0, top: 0, width, height: Math.min(rows ?? height, height) })
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
    const tested = await seat.run('playwright', ['test', ...tests], { PHOTODOCK_PICTURES: '1', FORCE_COLOR: '0' });
    if (tested !== 0) throw new Error(`the tests ended with ${tested}: no picture was changed`);
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
