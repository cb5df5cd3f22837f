import type { CustodyEquation } from '../../shared/domain/custody.ts';

/**
 * The pipeline as a plain state machine: what a person who never saw the code would expect of cards, captures and an archive.
 * A content (the bytes of a picture) is the unit: equal pictures share one fate, on whatever card they lie.
 */
export interface ContentModel {
  stage: 'unfiled' | 'filed' | 'confirmed' | 'rejected';
  held: boolean;
  /** Filed, and the archive has been honest since: it may be confirmed at any moment. */
  mayConfirm: boolean;
}

export interface PictureModel {
  /** File name of the picture, without folders. */
  readonly name: string;
  readonly content: ContentModel;
  readonly bytes: Buffer;
  /** How many files its capture has: a picture may have a sidecar. */
  readonly files: number;
  onMedium: 'there' | 'gone';
}

export interface CardModel {
  readonly root: string;
  readonly pictures: PictureModel[];
  /** What its last docking listed. */
  listed: PictureModel[];
  dockingId: string;
  docked: boolean;
}

export type ArchiveMood = 'honest' | 'refusing' | 'losing';

export interface CustodyModel {
  archive: ArchiveMood;
  readonly cards: CardModel[];
}

const contents = (model: CustodyModel) =>
  new Set(model.cards.flatMap((card) => card.pictures.map((one) => one.content)));

export function turnArchive(model: CustodyModel, mood: ArchiveMood): void {
  model.archive = mood;
  if (mood !== 'honest') return;
  for (const content of contents(model)) content.mayConfirm ||= content.stage === 'filed';
}

export function filePicture(model: CustodyModel, content: ContentModel): void {
  content.stage = 'filed';
  content.mayConfirm = model.archive === 'honest';
}

/** Everything that is under way has come to its end. Only with an honest archive. */
export function settleContents(model: CustodyModel): void {
  for (const content of contents(model)) if (content.stage === 'filed') content.stage = 'confirmed';
}

/** Whether releasing must, may, or must not erase a picture that lies on a docked card. */
export function erasing({ stage, held, mayConfirm }: ContentModel): 'must' | 'may' | 'never' {
  if (held) return 'never';
  // Rejected ones may leave by the default policy.
  if (stage === 'confirmed' || stage === 'rejected') return 'must';
  return stage === 'filed' && mayConfirm ? 'may' : 'never';
}

/** What is wrong with a docking's custody equation as it is shown; null when nothing is. */
export function equationProblem(card: CardModel, shown: CustodyEquation): string | null {
  const files = (pick: (content: ContentModel) => boolean) =>
    card.listed.filter((one) => pick(one.content)).reduce((total, one) => total + one.files, 0);
  const confirmed = files(({ stage }) => stage === 'confirmed');
  const mayBe = files(({ stage, mayConfirm }) => stage === 'filed' && mayConfirm);
  const filed = files(({ stage }) => stage === 'filed');
  const isRight =
    shown.listed === files(() => true) &&
    shown.unfiled === files(({ stage }) => stage === 'unfiled') &&
    shown.rejected === files(({ stage }) => stage === 'rejected') &&
    shown.unreadable === 0 &&
    shown.housekeeping === 0 &&
    shown.confirmed >= confirmed &&
    shown.confirmed <= confirmed + mayBe &&
    shown.confirmed + shown.inDelivery === confirmed + filed;
  return isRight ? null : `${JSON.stringify(shown)} is not ${JSON.stringify(card.listed.map((one) => one.content))}`;
}
