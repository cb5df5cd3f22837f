import sharp from 'sharp';

/** Above this nothing is decoded (header says so before any pixel is). */
export const MOST_PIXELS = 200_000_000;

/** Only these decoders of libvips may ever run on untrusted bytes. HEIF is for AVIF, and for the headers of HEIC. */
const ALLOWED = ['JpegBuffer', 'PngBuffer', 'WebpBuffer', 'TiffBuffer', 'NsgifBuffer', 'HeifBuffer'];

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ALLOWED.map((name) => `VipsForeignLoad${name}`) });

export { sharp };
