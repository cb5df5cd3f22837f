import { isPicture, isVideo, type ItemKind } from './item-kind.ts';

/** Files that cameras and operating systems write for themselves. Paths are relative to the medium; case does not matter. */
const HOUSEKEEPING: readonly RegExp[] = [
  // Operating systems
  /^system volume information\//u,
  /^\$recycle\.bin\//u,
  /^recycler\//u,
  /^(.*\/)?thumbs\.db$/u,
  /^(.*\/)?desktop\.ini$/u,
  /^(.*\/)?\.ds_store$/u,
  /^(.*\/)?\._[^/]+$/u,
  /^\.(trashes|trash-\d+|spotlight-v100|fseventsd|temporaryitems|documentrevisions-v100)\//u,
  /^\.(trashes|metadata_never_index|apdisk|volumeicon\.icns|com\.apple\.timemachine\.donotpresent)$/u,
  /^lost\.dir\//u,
  /^fsck\d{4}\.rec$/u,
  // DCF and DPOF
  /^misc\/[^/]+\.mrk$/u,
  /^dcim\/(.*\/)?\.nomedia$/u,
  /^dcim\/\.thumbnails\//u,
  /^dcim\/(.*\/)?index\.dat$/u,
  // Canon
  /^dcim\/canonmsc\/[^/]+\.(ctg|dat|tmp|thm)$/u,
  /^canonmsc\/[^/]+\.(ctg|dat|tmp)$/u,
  /^misc\/(gpslog|canon)\/[^/]+\.dat$/u,
  // Nikon
  /^nikon\d{3}\.dsc$/u,
  /^nikon\/[^/]+\.(dsc|dat|lst)$/u,
  /^dcim\/(.*\/)?nc_?fllst\.dat$/u,
  /^ncfl\/(.*\/)?[^/]+\.(dat|lst|txt)$/u,
  // Sony
  /^private\/sony\/sonycard\.ind$/u,
  /^private\/sony\/(.*\/)?[^/]+\.(ind|dat|int|bin)$/u,
  /^avf_info\/[^/]+\.(bdm|bup|bin|inp|int|dat)$/u,
  /^private\/avchd\/(.*\/)?[^/]+\.(bdm|bdmv|tdt|tid|cpi|cpl|mpl|xml)$/u,
  /^private\/m4root\/(mediapro|status)\.(xml|bin|bup)$/u,
  /^private\/m4root\/(general|take)\/[^/]+\.(xml|bin|dat|cue)$/u,
  // Panasonic, Olympus, Fujifilm, GoPro
  /^private\/panasonic\/(.*\/)?[^/]+\.(dat|ind|lst)$/u,
  /^dcim\/(.*\/)?leinfo\.sav$/u,
  /^get_started_with_gopro\.(url|txt)$/u,
  /^(capture|ols)\.(idx|dat)$/u,
];

/**
 * Whether an item is a camera's or computer's own index file. Only the names of an explicit list count, and never when the
 * content is a picture or a video: what looks like a picture is never passed over because of its name.
 *
 * @param path relative to the medium, `/` between folders
 */
export function isHousekeeping(path: string, kind: ItemKind): boolean {
  if (isPicture(kind) || isVideo(kind)) return false;
  const name = path.replace(/^\/+/u, '').toLowerCase();
  return HOUSEKEEPING.some((pattern) => pattern.test(name));
}
