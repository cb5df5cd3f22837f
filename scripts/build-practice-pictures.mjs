// Draws the pictures of the practice card: skin, lesions, burns and a ruler, all computed, no person in them.
// `node scripts/build-practice-pictures.mjs [scene ...]` writes resources/practice/card. Needs sharp (a dependency of ours), and
// exiftool and heif-enc (Debian: libimage-exiftool-perl, libheif-examples). The result is in the repository; this runs
// only when somebody changes the pictures. Deterministic: every scene has its seed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const card = fileURLToPath(new URL('../resources/practice/card', import.meta.url));
const size = { width: 3008, height: 2000 };

// ---------------------------------------------------------------- numbers
const clamp = (value, low = 0, high = 1) => Math.min(Math.max(value, low), high);
const mix = (a, b, t) => a + (b - a) * t;
const smooth = (from, to, value) => {
  const t = clamp((value - from) / (to - from));
  return t * t * (3 - 2 * t);
};
const mixColour = (a, b, t) => [mix(a[0], b[0], t), mix(a[1], b[1], t), mix(a[2], b[2], t)];
const scaleColour = (a, by) => [a[0] * by, a[1] * by, a[2] * by];

function noiseFrom(seed) {
  const lattice = (x, y) => {
    let h = Math.imul(x, 374761393) + Math.imul(y, 668265263) + Math.imul(seed, 2147483647);
    h = Math.imul(h ^ (h >>> 13), 1274126177);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };
  const value = (x, y) => {
    const cx = Math.floor(x);
    const cy = Math.floor(y);
    const fx = x - cx;
    const fy = y - cy;
    const u = fx * fx * (3 - 2 * fx);
    const v = fy * fy * (3 - 2 * fy);
    return mix(mix(lattice(cx, cy), lattice(cx + 1, cy), u), mix(lattice(cx, cy + 1), lattice(cx + 1, cy + 1), u), v);
  };
  const fractal = (startX, startY, octaves) => {
    let [x, y] = [startX, startY];
    let sum = 0;
    let weight = 0.5;
    for (let octave = 0; octave < octaves; octave += 1) {
      sum += value(x, y) * weight;
      x = x * 2.03 + 17.1;
      y = y * 2.03 + 9.7;
      weight /= 2;
    }
    return sum;
  };
  /** Distance to the nearest of scattered points, for pores, cells and skin lines. */
  const cells = (x, y) => {
    let nearest = 9;
    let second = 9;
    const cx = Math.floor(x);
    const cy = Math.floor(y);
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) {
        const px = cx + dx + lattice(cx + dx, cy + dy + 91);
        const py = cy + dy + lattice(cx + dx + 57, cy + dy);
        const d = Math.hypot(px - x, py - y);
        if (d < nearest) {
          second = nearest;
          nearest = d;
        } else if (d < second) second = d;
      }
    }
    return { nearest, edge: second - nearest };
  };
  return { value, fractal, cells };
}

// ---------------------------------------------------------------- shapes: distance inside a body part (positive = skin)
const capsule = (ax, ay, bx, by, ra, rb) => (x, y) => {
  const vx = bx - ax;
  const vy = by - ay;
  const t = clamp(((x - ax) * vx + (y - ay) * vy) / (vx * vx + vy * vy));
  return mix(ra, rb, t) - Math.hypot(x - ax - vx * t, y - ay - vy * t);
};
const union =
  (blend, ...parts) =>
  (x, y) => {
    let result = parts[0](x, y);
    for (let i = 1; i < parts.length; i += 1) {
      const d = parts[i](x, y);
      const h = Math.max(blend - Math.abs(result - d), 0) / blend;
      result = Math.max(result, d) + (h * h * blend) / 4;
    }
    return result;
  };
const everywhere = () => 5;

function hand(mirror) {
  const m = mirror ? -1 : 1;
  const finger = (x, y, tx, ty, r) => capsule(x * m, y, tx * m, ty, r * 1.08, r * 0.82);
  return union(
    0.07,
    capsule(-0.1 * m, 0.12, 0.16 * m, 0.1, 0.36, 0.34),
    capsule(-0.06 * m, 0.36, 0.06 * m, 0.38, 0.3, 0.28),
    capsule(0.0, 0.5, 0.02 * m, 1.4, 0.245, 0.29),
    finger(-0.33, -0.06, -0.44, -0.62, 0.094),
    finger(-0.12, -0.14, -0.15, -0.78, 0.1),
    finger(0.1, -0.13, 0.13, -0.71, 0.096),
    finger(0.33, -0.02, 0.42, -0.5, 0.082),
    finger(-0.34, 0.3, -0.72, -0.1, 0.12),
  );
}
function foot() {
  const toe = (x, y, tx, ty, r) => capsule(x, y, tx, ty, r, r * 0.96);
  return union(
    0.08,
    capsule(1.5, -0.05, 0.55, 0.02, 0.4, 0.36),
    capsule(0.6, 0.02, -0.25, 0.06, 0.36, 0.4),
    capsule(-0.25, 0.02, -0.42, 0.05, 0.38, 0.36),
    toe(-0.6, -0.27, -0.95, -0.25, 0.135),
    toe(-0.66, -0.03, -0.93, -0.01, 0.09),
    toe(-0.64, 0.13, -0.86, 0.16, 0.083),
    toe(-0.58, 0.27, -0.76, 0.32, 0.078),
    toe(-0.48, 0.38, -0.63, 0.45, 0.074),
  );
}

// ---------------------------------------------------------------- lesions: each changes the skin at one point
// skin = { colour, height, gloss }; all coordinates in units of half the picture's height.
const outline = (noise, x, y, at, radius, wobble, stretch = 1) => {
  const dx = (x - at[0]) / stretch;
  const dy = y - at[1];
  return (
    Math.hypot(dx, dy) / radius + (noise.fractal((x * 3) / radius ** 0.6, (y * 3) / radius ** 0.6, 5) - 0.48) * wobble
  );
};

const nevus =
  ({ at, radius, colour = [92, 58, 42], wobble = 0.7, raised = 0.01 }) =>
  (skin, x, y, noise) => {
    const d = outline(noise, x, y, at, radius, wobble);
    if (d > 1.6) return;
    const mask = 1 - smooth(0.78, 1.08, d);
    const pigment = 0.55 + noise.fractal(x * 26, y * 26, 4) * 0.7;
    const net = smooth(0.02, 0.16, noise.cells(x * 70, y * 70).edge);
    skin.colour = mixColour(
      skin.colour,
      mixColour([42, 26, 22], colour, clamp(pigment * (0.75 + net * 0.3))),
      mask * 0.93,
    );
    skin.colour = mixColour(skin.colour, [200, 120, 105], (1 - smooth(1.0, 1.5, d)) * (1 - mask) * 0.35);
    skin.height += mask * raised * (0.7 + noise.value(x * 30, y * 30) * 0.5);
  };

const burn =
  ({ at, radius, stretch = 1.5, depth = 1, blisters = [] }) =>
  (skin, x, y, noise) => {
    const d = outline(noise, x, y, at, radius, 1.1, stretch);
    if (d < 1.9) {
      skin.colour = mixColour(skin.colour, [205, 92, 84], (1 - smooth(0.8, 1.75, d)) * 0.62);
      const raw = 1 - smooth(0.72, 0.86, d);
      const patch = noise.fractal(x * 9 + 4, y * 9, 5);
      const bed = mixColour([186, 52, 58], [232, 146, 136], smooth(0.36, 0.62, patch));
      const pale = mixColour(bed, [240, 214, 190], smooth(0.56, 0.7, noise.fractal(x * 6, y * 6 + 8, 5)) * depth);
      const speckle = smooth(0.62, 0.8, noise.value(x * 70, y * 70));
      skin.colour = mixColour(skin.colour, mixColour(pale, [150, 30, 40], speckle * 0.35), raw * 0.95);
      skin.gloss = Math.max(skin.gloss, raw * 0.9);
      skin.height += raw * (noise.fractal(x * 14, y * 14, 4) - 0.6) * 0.035;
      const peel = Math.exp(-(((d - 0.84) / 0.05) ** 2)) * smooth(0.42, 0.6, noise.value(x * 11, y * 11));
      skin.colour = mixColour(skin.colour, [238, 216, 196], peel * 0.85);
      skin.height += peel * 0.012;
    }
    for (const [bx, by, br] of blisters) {
      const b = outline(noise, x, y, [bx, by], br, 0.16, 1.15);
      if (b > 1.2) continue;
      const dome = Math.sqrt(Math.max(0, 1 - b * b));
      skin.height += dome * br * 0.5;
      skin.colour = mixColour(skin.colour, [232, 178, 140], smooth(0, 0.35, dome) * 0.62);
      skin.gloss = Math.max(skin.gloss, smooth(0, 0.3, dome));
    }
  };

const plaque =
  ({ at, radius, stretch = 1.2 }) =>
  (skin, x, y, noise) => {
    const d = outline(noise, x, y, at, radius, 0.8, stretch);
    if (d > 1.4) return;
    const mask = 1 - smooth(0.86, 1.0, d);
    skin.colour = mixColour(skin.colour, [188, 84, 80], mask * 0.85);
    const flake = noise.cells(x * 24, y * 24);
    const silver = smooth(0.45, 0.62, noise.fractal(x * 7, y * 7, 4)) * smooth(0.04, 0.2, flake.edge);
    skin.colour = mixColour(skin.colour, [236, 226, 218], mask * silver * 0.85);
    skin.height += mask * 0.018 + mask * silver * 0.014 * (1 - flake.nearest);
  };

const ulcer =
  ({ at, radius, stretch = 1.25 }) =>
  (skin, x, y, noise) => {
    const d = outline(noise, x, y, at, radius, 0.75, stretch);
    if (d > 2.4) return;
    skin.colour = mixColour(skin.colour, [150, 74, 70], (1 - smooth(0.9, 2.2, d)) * 0.55);
    const rim = Math.exp(-(((d - 1.04) / 0.12) ** 2));
    skin.colour = mixColour(skin.colour, [226, 196, 168], rim * 0.6);
    skin.height += rim * 0.025;
    const bed = 1 - smooth(0.86, 0.98, d);
    const slough = smooth(0.45, 0.6, noise.fractal(x * 10 + 3, y * 10, 5));
    const granular = mixColour([128, 22, 30], [196, 52, 52], noise.value(x * 46, y * 46));
    const wet = mixColour(granular, [206, 180, 104], slough * 0.85);
    skin.colour = mixColour(
      skin.colour,
      mixColour(wet, [44, 26, 22], smooth(0.7, 0.8, noise.fractal(x * 5, y * 5 + 31, 4)) * 0.8),
      bed,
    );
    skin.height += bed * (-0.05 + noise.fractal(x * 26, y * 26, 3) * 0.035);
    skin.gloss = Math.max(skin.gloss, bed * 0.85);
  };

const eczema =
  ({ at, radius, stretch = 1.4, strength = 0.75 }) =>
  (skin, x, y, noise) => {
    const d = outline(noise, x, y, at, radius, 1.5, stretch);
    if (d > 1.5) return;
    const mask = (1 - smooth(0.35, 1.25, d)) * smooth(0.3, 0.55, noise.fractal(x * 6, y * 6, 5));
    skin.colour = mixColour(skin.colour, [196, 70, 66], mask * strength);
    const crust = smooth(0.66, 0.76, noise.value(x * 38, y * 38)) * mask;
    skin.colour = mixColour(skin.colour, [214, 160, 96], crust * 0.8);
    skin.height += mask * noise.cells(x * 40, y * 40).edge * 0.01 + crust * 0.01;
  };

const scar =
  ({ from, to, width = 0.045, bend = 0.1 }) =>
  (skin, x, y, noise) => {
    const vx = to[0] - from[0];
    const vy = to[1] - from[1];
    const length = Math.hypot(vx, vy);
    const along = ((x - from[0]) * vx + (y - from[1]) * vy) / length / length;
    if (along < -0.1 || along > 1.1) return;
    const curve = Math.sin(along * Math.PI) * bend + (noise.fractal(along * 6, 3.3, 3) - 0.45) * 0.05;
    const across = Math.abs(((x - from[0]) * -vy + (y - from[1]) * vx) / length - curve);
    const w = width * smooth(-0.06, 0.12, along) * smooth(1.06, 0.88, along) * (0.7 + noise.value(along * 9, 1) * 0.6);
    const mask = 1 - smooth(w * 0.55, w, across);
    if (mask > 0) {
      skin.colour = mixColour(
        skin.colour,
        mixColour([226, 132, 128], [244, 190, 180], noise.fractal(x * 14, y * 14, 3)),
        mask * 0.85,
      );
      skin.height += mask * 0.035;
      skin.gloss = Math.max(skin.gloss, mask * 0.45);
    }
    const stitch = Math.abs(((along * 11 + 0.5) % 1) - 0.5) * (length / 11);
    if (along > 0.04 && along < 0.96 && across > w * 0.8 && across < w * 2.3) {
      skin.colour = mixColour(skin.colour, [206, 120, 112], (1 - smooth(0.004, 0.011, stitch)) * 0.55);
    }
  };

const graft =
  ({ at, radius, stretch = 1.6 }) =>
  (skin, x, y, noise) => {
    const d = outline(noise, x, y, at, radius, 0.5, stretch);
    if (d > 1.3) return;
    const mask = 1 - smooth(0.92, 1.0, d);
    const wx = x + (noise.fractal(x * 4, y * 4, 3) - 0.45) * 0.08;
    const wy = y + (noise.fractal(x * 4 + 9, y * 4, 3) - 0.45) * 0.08;
    const row = Math.floor(wy * 17);
    const u = (((wx * 8.5 + (row % 2 === 0 ? 0 : 0.5)) % 1) + 1) % 1;
    const v = (((wy * 17) % 1) + 1) % 1;
    const hole = 1 - smooth(0.55, 0.95, Math.abs(u - 0.5) * 2.1 + Math.abs(v - 0.5) * 1.5);
    skin.colour = mixColour(skin.colour, [226, 166, 146], mask * 0.7);
    skin.colour = mixColour(skin.colour, [168, 44, 50], mask * hole * 0.85);
    skin.height += mask * (0.012 - hole * 0.022);
    skin.gloss = Math.max(skin.gloss, mask * hole * 0.7);
    skin.colour = mixColour(skin.colour, [196, 84, 80], Math.exp(-(((d - 1.02) / 0.07) ** 2)) * 0.6);
  };

const pearl =
  ({ at, radius }) =>
  (skin, x, y, noise) => {
    const d = outline(noise, x, y, at, radius, 0.35);
    if (d > 1.5) return;
    const mask = 1 - smooth(0.85, 1.05, d);
    const rim = Math.exp(-(((d - 0.8) / 0.17) ** 2));
    skin.colour = mixColour(skin.colour, [222, 158, 150], mask * 0.7);
    skin.height += rim * radius * 0.2;
    skin.gloss = Math.max(skin.gloss, mask * 0.6);
    const vessel = 1 - smooth(0.006, 0.018, Math.abs(noise.fractal(x * 13, y * 13, 4) - 0.47));
    skin.colour = mixColour(skin.colour, [176, 40, 54], vessel * mask * 0.75);
    const pit = 1 - smooth(0.25, 0.42, d);
    skin.colour = mixColour(skin.colour, [110, 40, 34], pit * 0.8);
    skin.height -= pit * 0.02;
  };

const line =
  (points, width, darkness = 0.35) =>
  (skin, x, y, noise) => {
    let nearest = 9;
    for (let i = 1; i < points.length; i += 1) {
      const d = -capsule(...points[i - 1], ...points[i], 0, 0)(x, y);
      nearest = Math.min(nearest, d + (noise.fractal(x * 12, y * 12, 2) - 0.37) * 0.014);
    }
    const mask = 1 - smooth(0, width, nearest);
    skin.colour = mixColour(skin.colour, scaleColour(skin.colour, 0.66), mask * darkness * 1.7);
    skin.height -= mask * width * 0.5;
  };

const nail = (at, radius, angle) => (skin, x, y) => {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const dx = ((x - at[0]) * c + (y - at[1]) * s) / radius;
  const dy = ((y - at[1]) * c - (x - at[0]) * s) / (radius * 1.35);
  const d = (dx ** 4 + dy ** 4) ** 0.25;
  const mask = 1 - smooth(0.9, 1.0, d);
  skin.colour = mixColour(skin.colour, dy < -0.62 ? [240, 228, 214] : [230, 176, 164], mask * 0.75);
  skin.gloss = Math.max(skin.gloss, mask * 0.8);
  skin.height += mask * 0.01 - Math.exp(-(((d - 1.03) / 0.07) ** 2)) * 0.008;
};

// ---------------------------------------------------------------- scenes
const tone = {
  fair: [236, 196, 174],
  light: [224, 178, 150],
  olive: [204, 158, 122],
  tan: [178, 128, 94],
  brown: [138, 92, 64],
  dark: [96, 63, 46],
};
const many = (seed, count, box, make) => {
  const noise = noiseFrom(seed);
  return Array.from({ length: count }, (_, i) =>
    make(
      [mix(box[0], box[2], noise.value(i * 7.31, 1.5)), mix(box[1], box[3], noise.value(2.5, i * 5.77))],
      noise.value(i * 3.3, 9.1),
    ),
  );
};
const palmLines = [
  line(
    [
      [0.36, 0.02],
      [0.15, 0.08],
      [-0.08, 0.02],
      [-0.2, -0.08],
    ],
    0.016,
  ),
  line(
    [
      [-0.36, 0.1],
      [-0.1, 0.14],
      [0.1, 0.24],
      [0.22, 0.36],
    ],
    0.016,
  ),
  line(
    [
      [-0.34, 0.08],
      [-0.18, 0.24],
      [-0.12, 0.42],
      [-0.14, 0.6],
    ],
    0.018,
  ),
  line(
    [
      [-0.21, -0.38],
      [-0.11, -0.4],
    ],
    0.012,
  ),
  line(
    [
      [0.04, -0.36],
      [0.16, -0.37],
    ],
    0.012,
  ),
  line(
    [
      [-0.45, -0.32],
      [-0.34, -0.34],
    ],
    0.012,
  ),
  line(
    [
      [0.32, -0.24],
      [0.42, -0.27],
    ],
    0.012,
  ),
];
const knuckles = [
  line(
    [
      [-0.47, -0.32],
      [-0.37, -0.33],
    ],
    0.012,
  ),
  line(
    [
      [-0.21, -0.44],
      [-0.09, -0.44],
    ],
    0.012,
  ),
  line(
    [
      [0.06, -0.4],
      [0.18, -0.41],
    ],
    0.012,
  ),
  line(
    [
      [0.33, -0.24],
      [0.44, -0.25],
    ],
    0.012,
  ),
];
const tablecloth = {
  teal: [52, 108, 112],
  blue: [66, 104, 150],
  grey: [120, 126, 130],
  green: [70, 122, 92],
  black: [26, 28, 32],
};

/** Sessions of a card: a burn clinic at nine, a mole clinic at ten, a ward round at eleven. */
const scenes = [
  {
    name: 'PHOT0001',
    at: '09:02:11',
    seed: 11,
    skin: tone.light,
    cloth: tablecloth.teal,
    ruler: 'bottom',
    shape: capsule(-2, 0.1, 2, -0.12, 0.62, 0.5),
    round: 0.6,
    lesions: [
      burn({
        at: [0.1, 0.02],
        radius: 0.27,
        stretch: 1.9,
        blisters: [
          [0.55, 0.12, 0.07],
          [0.42, -0.2, 0.045],
          [-0.42, 0.16, 0.05],
        ],
      }),
    ],
  },
  {
    name: 'PHOT0002',
    at: '09:02:48',
    seed: 12,
    skin: tone.light,
    cloth: tablecloth.teal,
    shape: everywhere,
    round: 2,
    bend: [0.1, 0.7],
    lesions: [
      burn({
        at: [-0.1, 0.0],
        radius: 0.55,
        stretch: 1.5,
        blisters: [
          [0.82, 0.3, 0.16],
          [0.5, -0.48, 0.1],
          [-0.86, 0.4, 0.12],
        ],
      }),
    ],
  },
  {
    name: 'PHOT0003',
    at: '09:04:05',
    seed: 13,
    skin: tone.fair,
    cloth: tablecloth.blue,
    orientation: 6,
    shape: hand(false),
    round: 0.24,
    portrait: true,
    ruler: 'side',
    lesions: [
      ...palmLines,
      burn({
        at: [0.04, 0.14],
        radius: 0.16,
        stretch: 1.2,
        depth: 0.7,
        blisters: [
          [0.13, -0.36, 0.05],
          [-0.12, -0.3, 0.04],
        ],
      }),
    ],
  },
  {
    name: 'PHOT0004',
    at: '09:05:31',
    seed: 14,
    skin: tone.olive,
    cloth: tablecloth.green,
    orientation: 6,
    shape: hand(true),
    round: 0.24,
    portrait: true,
    lesions: [
      ...knuckles.map((one) => (skin, x, y, noise) => one(skin, -x, y, noise)),
      nail([0.435, -0.6], 0.052, -0.18),
      nail([0.148, -0.755], 0.056, -0.05),
      nail([-0.128, -0.69], 0.053, 0.04),
      nail([-0.415, -0.48], 0.046, 0.18),
      nail([0.705, -0.09], 0.064, -0.72),
      eczema({ at: [-0.02, 0.1], radius: 0.34, stretch: 1.1 }),
    ],
  },
  {
    name: 'PHOT0005',
    at: '09:06:20',
    seed: 15,
    skin: tone.tan,
    cloth: tablecloth.teal,
    shape: capsule(-2, -0.12, 2, 0.1, 0.58, 0.66),
    round: 0.6,
    ruler: 'bottom',
    lesions: [graft({ at: [-0.05, 0.0], radius: 0.34, stretch: 2.1 })],
  },
  {
    name: 'PHOT0006',
    at: '10:01:02',
    seed: 16,
    skin: tone.fair,
    cloth: tablecloth.grey,
    shape: everywhere,
    round: 2,
    spine: true,
    freckles: 0.5,
    lesions: many(61, 22, [-1.35, -0.9, 1.35, 0.9], (at, r) =>
      nevus({ at, radius: 0.014 + r * r * 0.05, colour: r > 0.6 ? [104, 62, 44] : [146, 96, 70], raised: 0.004 }),
    ),
  },
  {
    name: 'PHOT0007',
    at: '10:01:40',
    seed: 17,
    skin: tone.fair,
    cloth: tablecloth.grey,
    shape: everywhere,
    round: 2,
    bend: [-0.4, 0.5],
    ruler: 'bottom',
    freckles: 0.4,
    zoom: 1.6,
    lesions: [
      nevus({ at: [0.02, -0.05], radius: 0.34, wobble: 1.1, raised: 0.02 }),
      nevus({ at: [1.05, -0.6], radius: 0.05 }),
    ],
  },
  {
    name: 'PHOT0008',
    at: '10:03:15',
    seed: 18,
    skin: tone.light,
    cloth: tablecloth.black,
    shape: capsule(-0.75, -0.1, 0.1, 0.15, 1.15, 1.2),
    round: 1.2,
    orientation: 3,
    freckles: 0.3,
    lesions: [
      pearl({ at: [0.02, 0.02], radius: 0.15 }),
      nevus({ at: [-0.6, -0.5], radius: 0.03 }),
      nevus({ at: [-0.9, 0.4], radius: 0.02 }),
    ],
  },
  {
    name: 'PHOT0009',
    at: '10:04:51',
    seed: 19,
    skin: tone.brown,
    cloth: tablecloth.blue,
    shape: capsule(-0.1, -1.6, 0.12, 1.7, 0.78, 0.7),
    round: 0.72,
    orientation: 6,
    portrait: true,
    lesions: [
      plaque({ at: [0.0, -0.12], radius: 0.33 }),
      plaque({ at: [0.3, 0.5], radius: 0.12 }),
      plaque({ at: [-0.34, 0.42], radius: 0.09 }),
    ],
  },
  {
    name: 'PHOT0010',
    at: '11:20:09',
    seed: 20,
    skin: tone.olive,
    cloth: tablecloth.green,
    shape: foot(),
    round: 0.34,
    ruler: 'bottom',
    lesions: [
      ulcer({ at: [-0.18, -0.02], radius: 0.13 }),
      nail([-0.985, -0.25], 0.075, -Math.PI / 2),
      nail([-0.97, -0.01], 0.045, -Math.PI / 2),
      nail([-0.895, 0.165], 0.042, -1.4),
      nail([-0.79, 0.33], 0.038, -1.25),
      nail([-0.66, 0.46], 0.036, -1.1),
    ],
  },
  {
    name: 'PHOT0011',
    at: '11:22:37',
    seed: 21,
    skin: tone.dark,
    cloth: tablecloth.teal,
    shape: capsule(-2, -0.05, 2, 0.2, 0.72, 0.52),
    round: 0.66,
    raw: true,
    lesions: [scar({ from: [-0.85, -0.15], to: [0.8, 0.12] })],
  },
  {
    name: 'IMG_0012',
    at: '11:31:58',
    seed: 22,
    skin: tone.tan,
    cloth: tablecloth.grey,
    shape: everywhere,
    round: 2,
    bend: [0.6, 0.4],
    heic: true,
    lesions: [eczema({ at: [-0.1, 0.0], radius: 0.7, strength: 0.65 }), nevus({ at: [0.9, -0.5], radius: 0.035 })],
  },
];

// ---------------------------------------------------------------- drawing
const light = normalise([-0.45, -0.62, 0.78]);
function normalise(v) {
  const length = Math.hypot(...v);
  return v.map((one) => one / length);
}

/** Colour, height and gloss of every point, then light from the upper left with a flash's highlight. */
function draw(scene, width, height) {
  const noise = noiseFrom(scene.seed);
  const unit = Math.min(width, height) / 2;
  const zoom = scene.zoom ?? 1;
  const colours = new Float32Array(width * height * 3);
  const heights = new Float32Array(width * height);
  const glosses = new Float32Array(width * height);
  const inside = new Float32Array(width * height);
  const bodies = new Float32Array(width * height);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const x = (column - width / 2) / unit;
      const y = (row - height / 2) / unit;
      const at = row * width + column;
      const d = scene.shape(x, y) + (noise.fractal(x * 3, y * 3, 3) - 0.44) * 0.012;
      inside[at] = d;
      const skin = d > 0 ? skinAt(scene, noise, x, y, d, zoom) : clothAt(scene, noise, x, y, d);
      colours.set(skin.colour, at * 3);
      heights[at] = skin.height;
      glosses[at] = skin.gloss;
      bodies[at] = skin.body;
    }
  }
  // Limbs are drawn from distances to a bone, which leaves an edge along it: flesh has none.
  for (let pass = 0; pass < 3; pass += 1) blur(bodies, width, height, Math.round(unit * 0.03));
  for (let at = 0; at < heights.length; at += 1) heights[at] += bodies[at];
  const pixels = Buffer.alloc(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = row * width + column;
      const right = heights[at + (column + 1 < width ? 1 : 0)] - heights[at - (column > 0 ? 1 : 0)];
      const down = heights[at + (row + 1 < height ? width : 0)] - heights[at - (row > 0 ? width : 0)];
      const steep = clamp(unit / 2, 0, 1e9);
      const normal = normalise([-right * steep, -down * steep, 1]);
      const facing = clamp(normal[0] * light[0] + normal[1] * light[1] + normal[2] * light[2], 0, 1);
      const half = normalise([light[0], light[1], light[2] + 1]);
      const shine = clamp(normal[0] * half[0] + normal[1] * half[1] + normal[2] * half[2]);
      const gloss = glosses[at];
      const highlight = shine ** 18 * 10 * (0.6 + gloss) + shine ** 90 * 150 * gloss;
      const x = (column - width / 2) / unit;
      const y = (row - height / 2) / unit;
      const vignette = 1 - 0.13 * (x * x + y * y);
      // Skin lets red through: its shadows are warm. A limb throws a soft shadow on the cloth.
      const onSkin = smooth(-0.004, 0.004, inside[at]);
      const shadow = onSkin > 0.5 ? 1 : 1 - 0.55 * smooth(-0.3, 0.0, scene.shape(x - 0.07, y - 0.09));
      const lit = 0.42 + 0.7 * facing;
      for (let channel = 0; channel < 3; channel += 1) {
        const warm = onSkin > 0.5 ? [1.05, 0.985, 0.96][channel] ** ((1 - facing) * 3) : 1;
        const value = colours[at * 3 + channel] * lit * warm * shadow * vignette + highlight * (onSkin > 0.5 ? 1 : 0.1);
        pixels[at * 3 + channel] = clamp(value, 0, 255);
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Box blur in both directions by running sums. */
function blur(field, width, height, radius) {
  const pass = (count, length, step, jump) => {
    const line = new Float32Array(length);
    for (let i = 0; i < count; i += 1) {
      const start = i * jump;
      for (let j = 0; j < length; j += 1) line[j] = field[start + j * step];
      let sum = line[0] * radius;
      for (let j = 0; j < radius; j += 1) sum += line[j];
      for (let j = 0; j < length; j += 1) {
        sum += line[Math.min(j + radius, length - 1)];
        field[start + j * step] = sum / (2 * radius + 1);
        sum -= line[Math.max(j - radius, 0)];
      }
    }
  };
  pass(height, width, 1, width);
  pass(width, height, width, 1);
}

function skinAt(scene, noise, x, y, d, zoom) {
  const blotch = noise.fractal(x * 2.2 + 40, y * 2.2, 5) - 0.48;
  let colour = mixColour(
    scene.skin,
    [scene.skin[0] * 0.985, scene.skin[1] * 0.88, scene.skin[2] * 0.86],
    clamp(0.35 + blotch * 2.2),
  );
  const fine = noise.fractal(x * 24, y * 24, 3) - 0.44;
  colour = scaleColour(colour, 1 + fine * 0.1);
  // Veins show faintly where skin is fair.
  const vein = 1 - smooth(0, 0.045, Math.abs(noise.fractal(x * 1.3 + 7, y * 1.7 + 3, 4) - 0.47));
  colour = mixColour(colour, [colour[0] * 0.9, colour[1] * 0.97, colour[2] * 1.03], vein * 0.4);
  if (scene.freckles) {
    const spot = noise.cells(x * 16 + 3, y * 16);
    const keep = smooth(0.55, 0.75, noise.value(x * 5.3, y * 5.3));
    colour = mixColour(
      colour,
      scaleColour(colour, 0.74),
      (1 - smooth(0.06, 0.2, spot.nearest)) * keep * scene.freckles,
    );
  }
  const radius = scene.round;
  const depth = clamp(1 - d / radius);
  let body = radius * Math.sqrt(1 - depth * depth) * 0.9;
  if (scene.bend) body = -((x * scene.bend[0] + y * scene.bend[1]) ** 2) * 0.5;
  if (scene.spine) {
    body = -(y ** 2) * 0.05 - x * x * 0.09 - Math.exp(-((x / 0.12) ** 2)) * 0.05;
    body += Math.exp(-(((Math.abs(x) - 0.75) / 0.3) ** 2)) * Math.exp(-(((y + 0.35) / 0.5) ** 2)) * 0.12;
  }
  const skin = { colour, body, height: noise.fractal(x * 4, y * 4, 3) * 0.01, gloss: 0.22 };
  for (const lesion of scene.lesions) lesion(skin, x, y, noise);
  // Skin lines end where skin does: wet wounds and blisters have none.
  const fineScale = 105 / zoom;
  const furrow = smooth(0, 0.35, noise.cells(x * fineScale + fine * 2, y * fineScale * 0.8).edge);
  const lined = 1 - smooth(0.3, 0.7, skin.gloss) * 0.9;
  skin.height += (furrow * 0.0011 * zoom + noise.fractal(x * 60, y * 60, 2) * 0.0016) * lined;
  skin.colour = scaleColour(skin.colour, 1 - (1 - furrow) * 0.05 * lined);
  return skin;
}

function clothAt(scene, noise, x, y) {
  const weave = Math.sin(x * 420) * Math.sin(y * 420);
  const fold = noise.fractal(x * 1.1 + 5, y * 1.5, 4);
  const colour = scaleColour(scene.cloth, 0.82 + fold * 0.45 + weave * 0.025);
  return { colour, body: 0, height: fold * 0.16, gloss: 0 };
}

/** A paper scale with millimetres and grey patches, as it is laid beside a lesion. */
function ruler(scene, width) {
  if (!scene.ruler) return null;
  const millimetre = 15 * (scene.zoom ?? 1);
  const long = Math.round(width * (scene.ruler === 'side' ? 0.36 : 0.5));
  const ticks = Array.from({ length: Math.floor((long - 40) / millimetre) }, (_, i) => {
    const tall = i % 10 === 0 ? 62 : i % 5 === 0 ? 44 : 28;
    const label =
      i % 10 === 0 && i > 0
        ? `<text x="${22 + i * millimetre}" y="100" font-size="38" text-anchor="middle">${i / 10}</text>`
        : '';
    return `<rect x="${20 + i * millimetre}" y="0" width="2.4" height="${tall}"/>${label}`;
  }).join('');
  const greys = [245, 190, 128, 70, 20]
    .map((g, i) => `<rect x="${long - 330 + i * 62}" y="112" width="56" height="36" fill="rgb(${g},${g},${g})"/>`)
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${long + 60}" height="230">
    <defs><filter id="s" x="-10%" y="-30%" width="120%" height="180%"><feGaussianBlur stdDeviation="9"/></filter></defs>
    <rect x="34" y="38" width="${long}" height="168" fill="#000" opacity=".5" filter="url(#s)"/>
    <g transform="translate(22,22)" font-family="DejaVu Sans, sans-serif" fill="#1b1b1d"><rect width="${long}" height="164" rx="5" fill="#edeae2"/>
    ${ticks}${greys}<text x="24" y="146" font-size="34" letter-spacing="3">PRACTICE  cm</text></g></svg>`;
  const turn = scene.ruler === 'side' ? 90 : (scene.seed % 5) - 2;
  return { svg, turn, place: scene.ruler === 'side' ? [0.8, 0.62] : [0.5, 0.87] };
}

async function render(scene) {
  const [width, height] = scene.portrait ? [size.height, size.width] : [size.width, size.height];
  const half = await draw(scene, width / 2, height / 2)
    .png()
    .toBuffer();
  const layers = [];
  const paper = ruler(scene, width);
  if (paper !== null) {
    const input = await sharp(Buffer.from(paper.svg)).rotate(paper.turn, { background: '#0000' }).png().toBuffer();
    const { width: w, height: h } = await sharp(input).metadata();
    layers.push({
      input,
      left: Math.round(width * paper.place[0] - w / 2),
      top: Math.round(height * paper.place[1] - h / 2),
    });
  }
  const full = await sharp(half)
    .resize(width, height, { kernel: 'lanczos3' })
    .composite(layers)
    .removeAlpha()
    .raw()
    .toBuffer();
  grain(full, scene.seed);
  return { pixels: full, width, height };
}

/** A little sensor noise; without it the pictures look painted. */
function grain(pixels, seed) {
  let state = seed * 2654435761;
  for (let i = 0; i < pixels.length; i += 3) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const n = ((state >>> 24) + ((state >>> 16) & 255) - 255) / 95;
    pixels[i] = clamp(pixels[i] + n, 0, 255);
    pixels[i + 1] = clamp(pixels[i + 1] + n, 0, 255);
    pixels[i + 2] = clamp(pixels[i + 2] + n * 1.1, 0, 255);
  }
}

/** Turns the upright picture to how the sensor saw it: what `orientation` undoes. */
function asSensorSaw(image, orientation) {
  return orientation === 6 ? image.rotate(270) : orientation === 3 ? image.rotate(180) : image;
}

// ---------------------------------------------------------------- files
const folder = join(card, 'DCIM', '100PHOTO');
const phoneFolder = join(card, 'DCIM', '101PHONE');
const temporary = mkdtempSync(join(tmpdir(), 'practice-pictures-'));

function describe(file, scene, thumbnail) {
  const phone = scene.heic === true;
  const exposure = 60 + (scene.seed % 4) * 40;
  const gps = phone ? ['-GPSLatitude=51.4779', '-GPSLatitudeRef=N', '-GPSLongitude=0.0015', '-GPSLongitudeRef=W'] : [];
  execFileSync('exiftool', [
    '-q',
    '-overwrite_original',
    '-n',
    `-Make=${phone ? 'Practice Phones' : 'Practice Cameras'}`,
    `-Model=${phone ? 'Pocket 12' : scene.seed < 16 ? 'PC-5 Mark II' : 'PC-7'}`,
    `-SerialNumber=${phone ? '' : scene.seed < 16 ? 'PR0042001' : 'PR0077310'}`,
    `-LensModel=${phone ? 'Pocket 12 back camera' : 'PX 60mm F2.8 Macro'}`,
    `-DateTimeOriginal=2026:11:20 ${scene.at}`,
    `-CreateDate=2026:11:20 ${scene.at}`,
    `-ModifyDate=2026:11:20 ${scene.at}`,
    ...(scene.seed % 2 === 0 ? ['-OffsetTimeOriginal=+01:00', '-OffsetTime=+01:00'] : []),
    `-ExposureTime=${1 / exposure}`,
    `-FNumber=${phone ? 1.8 : 11}`,
    `-ISO=${100 + (scene.seed % 3) * 100}`,
    `-FocalLength=${phone ? 6.9 : 60}`,
    `-Orientation=${scene.orientation ?? 1}`,
    '-Flash=1',
    '-ColorSpace=1',
    '-Artist=Phil Practice',
    '-OwnerName=Practice Hospital',
    '-ImageDescription=Drawn for practice. No person.',
    ...gps,
    ...(thumbnail ? [`-ThumbnailImage<=${thumbnail}`] : []),
    file,
  ]);
}

async function writeJpeg(scene, picture, file) {
  const image = sharp(picture.pixels, { raw: { width: picture.width, height: picture.height, channels: 3 } });
  const turned = sharp(await asSensorSaw(image, scene.orientation).png({ compressionLevel: 1 }).toBuffer());
  await turned
    .clone()
    .withIccProfile('srgb')
    .jpeg({ quality: 76, chromaSubsampling: '4:2:0', mozjpeg: false, progressive: false })
    .toFile(file);
  const thumbnail = join(temporary, `${scene.name}.jpg`);
  await turned.clone().resize(160, 120, { fit: 'contain', background: '#000' }).jpeg({ quality: 70 }).toFile(thumbnail);
  describe(file, scene, thumbnail);
}

/** A DNG: an IFD with a JPEG preview, and below it the mosaic of the sensor, kept small. */
async function writeRaw(scene, picture, file) {
  const image = sharp(picture.pixels, { raw: { width: picture.width, height: picture.height, channels: 3 } });
  const preview = await image.clone().resize(1504).jpeg({ quality: 80 }).toBuffer();
  const [width, height] = [376, 250];
  const small = await image.clone().resize(width, height, { fit: 'fill' }).raw().toBuffer();
  const mosaic = Buffer.alloc(width * height * 2);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const channel = y % 2 === 0 ? (x % 2 === 0 ? 0 : 1) : x % 2 === 0 ? 1 : 2;
      mosaic.writeUInt16LE(Math.round((small[(y * width + x) * 3 + channel] / 255) ** 2.2 * 4095), (y * width + x) * 2);
    }
  }
  writeFileSync(file, tiff(preview, 1504, Math.round((1504 * picture.height) / picture.width), mosaic, width, height));
  describe(file, scene, null);
}

function tiff(preview, previewWidth, previewHeight, mosaic, width, height) {
  const types = { byte: [1, 1], ascii: [2, 1], short: [3, 2], long: [4, 4], rational: [5, 8], srational: [10, 8] };
  const ascii = (text) => ['ascii', [...Buffer.from(`${text}\0`)]];
  const matrix = [6653, -1486, -611, -4221, 13303, 929, -881, 2416, 7226].flatMap((n) => [n, 10000]);
  const first = [
    [254, 'long', [1]],
    [256, 'long', [previewWidth]],
    [257, 'long', [previewHeight]],
    [258, 'short', [8, 8, 8]],
    [259, 'short', [7]],
    [262, 'short', [6]],
    [271, ...ascii('Practice Cameras')],
    [272, ...ascii('PC-7')],
    [273, 'long', ['preview']],
    [274, 'short', [1]],
    [277, 'short', [3]],
    [278, 'long', [previewHeight]],
    [279, 'long', [preview.length]],
    [330, 'long', ['second']],
    [50706, 'byte', [1, 4, 0, 0]],
    [50707, 'byte', [1, 1, 0, 0]],
    [50708, ...ascii('Practice PC-7')],
    [50721, 'srational', matrix],
    [50728, 'rational', [48, 100, 1, 1, 62, 100]],
    [50778, 'short', [21]],
  ];
  const second = [
    [254, 'long', [0]],
    [256, 'long', [width]],
    [257, 'long', [height]],
    [258, 'short', [16]],
    [259, 'short', [1]],
    [262, 'short', [32803]],
    [273, 'long', ['mosaic']],
    [277, 'short', [1]],
    [278, 'long', [height]],
    [279, 'long', [mosaic.length]],
    [33421, 'short', [2, 2]],
    [33422, 'byte', [0, 1, 1, 2]],
    [50714, 'short', [0]],
    [50717, 'short', [4095]],
  ];
  const unitsOf = (type, values) => values.length / (type.includes('rational') ? 2 : 1);
  const bytesOf = (ifd) => 2 + ifd.length * 12 + 4;
  const extra = (ifd) =>
    ifd.reduce((sum, [, type, values]) => {
      const length = unitsOf(type, values) * types[type][1];
      return sum + (length > 4 ? length + (length % 2) : 0);
    }, 0);
  const firstAt = 8;
  const secondAt = firstAt + bytesOf(first) + extra(first);
  const previewAt = secondAt + bytesOf(second) + extra(second);
  const mosaicAt = previewAt + preview.length + (preview.length % 2);
  const places = { preview: previewAt, mosaic: mosaicAt, second: secondAt };
  const out = Buffer.alloc(mosaicAt + mosaic.length);
  out.write('II', 0, 'latin1');
  out.writeUInt16LE(42, 2);
  out.writeUInt32LE(firstAt, 4);
  const writeValues = (type, values, at) => {
    const [, width] = types[type];
    values.forEach((value, i) => {
      const number = typeof value === 'string' ? places[value] : value;
      if (type === 'byte' || type === 'ascii') out.writeUInt8(number, at + i);
      else if (width === 2) out.writeUInt16LE(number, at + i * 2);
      else if (type === 'srational') out.writeInt32LE(number, at + i * 4);
      else out.writeUInt32LE(number, at + i * 4);
    });
  };
  for (const [ifd, at] of [
    [first, firstAt],
    [second, secondAt],
  ]) {
    out.writeUInt16LE(ifd.length, at);
    let free = at + bytesOf(ifd);
    ifd.forEach(([tag, type, values], i) => {
      const entry = at + 2 + i * 12;
      const count = unitsOf(type, values);
      out.writeUInt16LE(tag, entry);
      out.writeUInt16LE(types[type][0], entry + 2);
      out.writeUInt32LE(count, entry + 4);
      const length = count * types[type][1];
      if (length <= 4) writeValues(type, values, entry + 8);
      else {
        out.writeUInt32LE(free, entry + 8);
        writeValues(type, values, free);
        free += length + (length % 2);
      }
    });
  }
  preview.copy(out, previewAt);
  mosaic.copy(out, mosaicAt);
  return out;
}

async function writeHeic(scene, picture, file) {
  const png = join(temporary, `${scene.name}.png`);
  await sharp(picture.pixels, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(png);
  execFileSync('heif-enc', ['-q', '45', '-o', file, png], { stdio: 'ignore' });
  describe(file, scene, null);
  const edits = Buffer.from('<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict/></plist>').toString(
    'base64',
  );
  writeFileSync(
    file.replace(/\.HEIC$/, '.AAE'),
    `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n<dict>\n\t<key>adjustmentBaseVersion</key>\n\t<integer>0</integer>\n\t<key>adjustmentData</key>\n\t<data>${edits}</data>\n\t<key>adjustmentFormatIdentifier</key>\n\t<string>com.example.practice</string>\n\t<key>adjustmentFormatVersion</key>\n\t<string>1.0</string>\n</dict>\n</plist>\n`,
  );
}

const chosen = process.argv.slice(2);
for (const path of [folder, phoneFolder, join(card, 'MISC')]) mkdirSync(path, { recursive: true });
for (const scene of scenes) {
  if (chosen.length > 0 && !chosen.includes(scene.name)) continue;
  const picture = await render(scene);
  if (scene.heic) await writeHeic(scene, picture, join(phoneFolder, `${scene.name}.HEIC`));
  else await writeJpeg(scene, picture, join(folder, `${scene.name}.JPG`));
  if (scene.raw) await writeRaw(scene, picture, join(folder, `${scene.name}.DNG`));
  process.stdout.write(`${scene.name}\n`);
}
// The print-order file a camera leaves behind (DPOF 1.10): housekeeping, not a picture.
writeFileSync(
  join(card, 'MISC', 'AUTPRINT.MRK'),
  '[HDR]\r\nGEN REV = 01.10\r\nGEN CRT = "PC-7" -01.00\r\nGEN DTM = 2026:11:20:11:32:00\r\n\r\n[JOB]\r\nPRT PID = 001\r\nPRT TYP = STD\r\nPRT QTY = 001\r\nIMG FMT = EXIF2 -J\r\n<IMG SRC = "../DCIM/100PHOTO/PHOT0001.JPG">\r\n',
);
rmSync(temporary, { recursive: true });
