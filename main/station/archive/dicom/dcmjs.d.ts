/**
 * The few parts of dcmjs 0.50.3 that we use. The package ships no types.
 * Values are in the library's "denaturalized" form: eight hex digits of the tag -> { vr, Value[] }.
 */
declare module 'dcmjs' {
  export interface DcmjsElement {
    vr: string;
    Value: unknown[];
  }

  export type DcmjsDataset = Record<string, DcmjsElement>;

  export interface DcmjsWriteOptions {
    /** false writes one fragment per frame; the default cuts frames into 20 KiB fragments. */
    fragmentMultiframe?: boolean;
    /** true skips the library's own length check, whose error text holds the value. */
    allowInvalidVRLength?: boolean;
  }

  export interface DcmjsLogger {
    setLevel(level: 'silent' | 'error' | 'warn' | 'info', persist?: boolean): void;
    setDefaultLevel(level: 'silent' | 'error' | 'warn' | 'info'): void;
    getLogger(name: string): DcmjsLogger;
    getLoggers(): Record<string, DcmjsLogger>;
    getLevel(): number;
    warn(...values: unknown[]): void;
  }

  class DicomDict {
    meta: DcmjsDataset;
    dict: DcmjsDataset;
    constructor(meta: DcmjsDataset);
    write(options?: DcmjsWriteOptions): ArrayBuffer;
  }

  const dcmjs: {
    data: {
      DicomDict: typeof DicomDict;
      DicomMessage: { readFile(buffer: ArrayBuffer, options?: Record<string, unknown>): DicomDict };
      DicomMetaDictionary: {
        denaturalizeDataset(dataset: Record<string, unknown>): DcmjsDataset;
        naturalizeDataset(dataset: DcmjsDataset): Record<string, unknown>;
      };
    };
    log: DcmjsLogger;
  };
  export default dcmjs;
}
