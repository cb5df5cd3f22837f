/** One DICOM object as it leaves the station. */
export interface Outgoing {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** The Part 10 file. */
  readonly bytes: Buffer;
}

export interface StoreAnswer {
  readonly outcome: 'stored' | 'warning' | 'refused' | 'unknown';
  readonly code: number | null;
}

export type Reference = Pick<Outgoing, 'sopClassUid' | 'sopInstanceUid'>;

/** What an archive reported about a commitment request. A UID in neither list is not committed. */
export interface CommitmentOutcome {
  readonly transactionUid: string;
  readonly committed: readonly Reference[];
  readonly failed: readonly (Reference & { readonly reason: number | null })[];
}

/**
 * The archive as the delivery sees it, whatever it speaks. Every method throws a named error when the archive could not
 * be asked; an answer is evidence, the absence of an error never is.
 */
export interface Destination {
  readonly name: string;
  readonly kind: 'dimse' | 'dicomweb';
  readonly commitmentOffered: boolean;
  readonly commitmentTimeoutMs: number;
  /** How many instances at a time. */
  readonly concurrency: number;
  store(instance: Outgoing, signal: AbortSignal): Promise<StoreAnswer>;
  /** Asks for storage commitment. The outcome comes through `onCommitment` of the factory, maybe before this resolves. */
  requestCommitment(transactionUid: string, references: readonly Reference[], signal: AbortSignal): Promise<void>;
  /**
   * The pixel stream of frame 1 as the archive keeps it, maybe with a pad byte; null when it does not hold the instance.
   * Never takes in more than `maximumBytes`.
   */
  readBack(instance: Omit<Outgoing, 'bytes'>, maximumBytes: number, signal: AbortSignal): Promise<Uint8Array | null>;
  /** A cheap question whether the archive answers. */
  check(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Keeps a commitment outcome durably; the archive is answered only after it resolved. */
export type OnCommitment = (outcome: CommitmentOutcome) => Promise<void>;
