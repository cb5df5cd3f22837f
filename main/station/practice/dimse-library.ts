import dimse from 'dcmjs-dimse';

// It writes values of patients to the console when something puzzles it.
dimse.log.setLevel('silent');

export { dimse };

/** A data set that is sent exactly as it is; the library would parse it, drop private tags and write it anew. */
export class RawDataset extends dimse.Dataset {
  readonly raw: Buffer;

  constructor(instance: { sopClassUid: string; sopInstanceUid: string; transferSyntax: string; dataset: Buffer }) {
    super({ SOPClassUID: instance.sopClassUid, SOPInstanceUID: instance.sopInstanceUid }, instance.transferSyntax);
    this.raw = instance.dataset;
  }

  override getDenaturalizedDataset(): Buffer {
    return this.raw;
  }
}
