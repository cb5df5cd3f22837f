export type JpegSegment = {
  /** Second byte of the marker. */
  marker: number;
  /** Where the marker's 0xFF is. */
  offset: number;
  /** Payload, after the two length bytes. */
  dataOffset: number;
  dataLength: number;
  /** Only for SOS: the scan that follows the header. */
  scan: JpegScan | null;
};

export type JpegComponent = { id: number; horizontal: number; vertical: number; quantisationTable: number };

export type JpegFrame = {
  marker: number;
  /** `other`: lossless, arithmetic or JPEG-LS. */
  process: 'baseline' | 'extended' | 'progressive' | 'other';
  precision: number;
  width: number;
  height: number;
  components: JpegComponent[];
};

export type JpegScan = {
  components: { index: number; dcTable: number; acTable: number }[];
  spectralStart: number;
  spectralEnd: number;
  approximationHigh: number;
  approximationLow: number;
  /** Entropy-coded data, restart markers included, without the marker that ends them. */
  dataOffset: number;
  dataEnd: number;
};

export type ByteRange = { offset: number; length: number };

export type JpegStructure = {
  /** All segments with a length, in order; SOI, EOI and RSTn have none. */
  segments: JpegSegment[];
  frame: JpegFrame;
  scans: JpegScan[];
  /** The last restart interval defined, in MCUs; 0 = none. */
  restartInterval: number;
  hasJfif: boolean;
  /** Colour transform of the Adobe APP14 segment, or null when there is none. */
  adobeTransform: number | null;
  /** ICC profile parts in their order; null when there is none or the set isn't whole (then `iccBroken`). */
  iccChunks: ByteRange[] | null;
  iccBroken: boolean;
  /** TIFF data of the first EXIF APP1 segment (after `Exif\0\0`). */
  exif: ByteRange | null;
  /** One past the EOI (past the last byte when truncated). */
  endOffset: number;
  /** Bytes after the EOI: multi-picture previews, maker trailers. */
  trailingBytes: number;
  /** Bytes between segments that belong to none, skipped as libjpeg does. */
  strayBytes: number;
  /** The data end without an EOI. */
  truncated: boolean;
};
