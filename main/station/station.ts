import { randomBytes, randomUUID } from 'node:crypto';
import type { CallName, CallOutput, CallParsed } from '../../shared/contract.ts';
import type { FrameFacts, FrameSealed } from '../../shared/contract/capture.ts';
import { errorCode, PhotodockError } from '../../shared/domain/errors.ts';
import { PERMISSIONS } from '../../shared/domain/people.ts';
import type { SessionCall } from './answers.ts';
import { answers } from './answers.ts';
import { appendAudit } from './audit/index.ts';
import type { StationConfig } from './config/index.ts';
import type { Household, PictureAnswer } from './door/index.ts';
import { Announcer } from './door/index.ts';
import type { Logger } from './logging.ts';
import type { SignedIn } from './people/index.ts';
import { Keyring, Sessions, SignInThrottle } from './people/index.ts';
import { pictureOf } from './pictures.ts';
import { practicePeople } from './practice/index.ts';
import type { Rooms } from './rooms.ts';
import type { Reserve } from './reserve.ts';
import { openRooms } from './rooms.ts';
import { indexPresence } from './store/index.ts';
import { VERSION } from './version.ts';

export interface StationOptions {
  readonly dataFolder: string;
  readonly config: StationConfig;
  /** station.json as it lies on the disk; null in practice. */
  readonly configText: Uint8Array | null;
  /** The practice hospital stands around this station. */
  readonly practice: boolean;
  readonly logger: Logger;
  readonly reserve: Reserve;
}

/** SQLite calls a disk without room for its shared memory a failing one. */
const DISK_TROUBLE: ReadonlySet<string> = new Set(['station-disk-full', 'station-disk', 'ENOSPC', 'EDQUOT']);

export class SignInError extends PhotodockError {}

/**
 * The station: what stands behind the door. The store opens at the first sign-in after the start and stays open, so that
 * deliveries go on while the window is locked or closed.
 */
export class Station implements Household {
  readonly #options: StationOptions;
  readonly #keyring: Keyring;
  readonly #sessions = new Sessions();
  readonly #throttle = new SignInThrottle();
  readonly #announcer: Announcer;
  #rooms: Rooms | null = null;
  #opening: Promise<Rooms> | null = null;
  #signingIn: Promise<unknown> = Promise.resolve();

  constructor(options: StationOptions) {
    this.#options = options;
    this.#keyring = new Keyring(options.dataFolder);
    this.#announcer = new Announcer(async (id) => (await this.#rooms?.dockingsView.get(id))?.progress ?? null);
  }

  /** Prepares the practice people of a new practice data folder. Their store holds nothing but practice pictures. */
  async preparePractice(): Promise<void> {
    if (!this.#options.practice || !(await this.#isEmpty())) return;
    const storeKey = new Uint8Array(randomBytes(32));
    const lead = practicePeople.find((person) => person.role === 'lead')!;
    await this.#keyring.wrap(randomUUID(), lead.login, lead.password, storeKey);
    await this.#signIn(lead.login, lead.password);
    for (const { login, name, role, password } of practicePeople) {
      if (role !== 'lead') await this.#rooms!.people.add({ login, displayName: name, role, password }, null);
    }
  }

  async #isEmpty(): Promise<boolean> {
    if (!(await this.#keyring.isEmpty())) return false;
    const presence = await indexPresence(this.#options.dataFolder);
    if (presence !== 'none') {
      throw new SignInError(
        'keyring-missing',
        'keys.json is missing: without it the index cannot be opened; restore it from the backup',
      );
    }
    return true;
  }

  #open(storeKey: Uint8Array): Promise<Rooms> {
    const { dataFolder, config, configText, logger } = this.#options;
    this.#opening ??= openRooms({
      dataFolder,
      config,
      configText,
      storeKey,
      keyring: this.#keyring,
      sessions: this.#sessions,
      logger,
      announce: (topics, dockingId) => this.#announcer.announce(topics, dockingId),
      tell: (event) => this.#announcer.tell(event),
    }).then(
      (rooms) => (this.#rooms = rooms),
      (error: unknown) => {
        this.#opening = null;
        throw error;
      },
    );
    return this.#opening;
  }

  personOf(sessionToken: string | null): SignedIn | null {
    return this.#sessions.find(sessionToken);
  }

  listen(listener: Parameters<Household['listen']>[0]): () => void {
    return this.#announcer.listen(listener);
  }

  onFailure(call: string, code: string): void {
    this.#options.logger.error('call failed', { step: call, code });
  }

  async picture(id: string, size: 'thumb' | 'screen' | 'full', signal: AbortSignal): Promise<PictureAnswer> {
    return this.#rooms ? pictureOf(this.#rooms, id, size, signal) : { status: 423 };
  }

  /** Answers a call; on a full disk once more with the room that was kept for it. Every call may be repeated. */
  answer(name: CallName, input: unknown, person: SignedIn | null, sessionToken: string | null): Promise<unknown> {
    return this.#withRoom(() => this.#answer(name, input, person, sessionToken));
  }

  frame(dockingId: string, facts: FrameFacts, bytes: Uint8Array, person: SignedIn): Promise<FrameSealed> {
    const rooms = this.#rooms;
    if (!rooms) return Promise.reject(new SignInError('not-signed-in', 'nobody is signed in'));
    return this.#withRoom(() => rooms.frames.take(dockingId, facts, bytes, person.personId));
  }

  async #withRoom<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const full = DISK_TROUBLE.has(errorCode(error)) && (await this.#options.reserve.makeRoom());
      if (!full) {
        const code = await this.#options.reserve.whyDisk(errorCode(error));
        throw code === errorCode(error) ? error : new PhotodockError(code, 'the disk of the data folder is full');
      }
      this.#options.logger.warn('reserve given up', { code: 'station-disk-full' });
      return work();
    }
  }

  async #answer(name: CallName, input: unknown, person: SignedIn | null, sessionToken: string | null) {
    switch (name) {
      case 'session.current':
        return this.#current(person);
      case 'session.firstLead':
        return this.#inTurn(() => this.#firstLead(input as CallParsed<'session.firstLead'>));
      case 'session.signIn': {
        const { login, password } = input as CallParsed<'session.signIn'>;
        return this.#inTurn(() => this.#signIn(login.trim().toLowerCase(), password));
      }
      case 'session.lock':
      case 'session.signOut':
        return this.#signOut(name, person, sessionToken);
      case 'station.info':
        return this.#info();
      default:
        if (!this.#rooms || !person) throw new SignInError('not-signed-in', 'nobody is signed in');
        return this.#delegate(name, input, this.#rooms, person);
    }
  }

  /**
   * Sign-ins one after the other: guesses sent together must not slip past the throttle together, nor two first leads make
   * two store keys.
   */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#signingIn.then(work);
    this.#signingIn = turn.catch(() => undefined);
    return turn;
  }

  async #delegate(
    name: Exclude<CallName, SessionCall>,
    input: unknown,
    rooms: Rooms,
    person: SignedIn,
  ): Promise<unknown> {
    const { dataFolder, practice } = this.#options;
    // The door has parsed the input by this very call's schema.
    const answer = answers[name] as (input: unknown, context: object) => Promise<unknown>;
    return answer(input, { rooms, person, dataFolder, practice });
  }

  async #current(person: SignedIn | null): Promise<CallOutput<'session.current'>> {
    const { config, practice } = this.#options;
    const empty = this.#rooms === null && (await this.#isEmpty());
    return {
      store: empty ? 'empty' : this.#rooms ? 'open' : 'locked',
      practice,
      practicePeople: practice ? practicePeople.map(({ login, role, password }) => ({ login, role, password })) : [],
      stationName: config.station.name,
      department: config.station.department,
      person: person && {
        id: person.personId,
        login: person.login,
        displayName: person.displayName,
        role: person.role,
        disabled: false,
      },
      may: person ? [...PERMISSIONS[person.role]] : [],
      version: VERSION,
    };
  }

  /** The first person of a new data folder is a lead. The key is wrapped before anything is sealed by it. */
  async #firstLead(input: CallParsed<'session.firstLead'>): Promise<CallOutput<'session.signIn'>> {
    if (!(await this.#isEmpty())) throw new SignInError('not-empty', 'this station has its first lead already');
    await this.#keyring.wrap(randomUUID(), input.login, input.password, new Uint8Array(randomBytes(32)));
    return this.#signIn(input.login, input.password, input.displayName);
  }

  async #signIn(login: string, password: string, displayName = login): Promise<CallOutput<'session.signIn'>> {
    const wait = this.#throttle.waitOf(login);
    if (wait > 0) throw new SignInError('wait-before-sign-in', 'too many wrong passwords', { waitMs: wait });
    if (await this.#isEmpty()) throw new SignInError('no-people', 'this station has nobody yet: create the first lead');
    const opened = await this.#keyring.unwrap(login, password);
    if (!opened) {
      this.#throttle.failed(login);
      if (this.#rooms)
        await this.#rooms.store.write((tx) =>
          appendAudit(tx, { person: null, action: 'sign-in-refused', subject: 'session' }),
        );
      throw new SignInError('wrong-password', 'login or password is wrong');
    }
    const rooms = await this.#open(opened.storeKey);
    const known = await rooms.people.find(opened.personId);
    const person = known ?? (await this.#firstPerson(rooms, opened.personId, login, displayName));
    if (person.disabled) throw new SignInError('wrong-password', 'login or password is wrong');
    this.#throttle.succeeded(login);
    const signedIn = { personId: person.id, login, displayName: person.displayName, role: person.role };
    await rooms.store.write((tx) => appendAudit(tx, { person: person.id, action: 'signed-in', subject: person.id }));
    this.#announcer.announce(['session'], null);
    return { sessionToken: this.#sessions.open(signedIn), person };
  }

  /** Somebody holds a key and the store knows nobody: the first lead, whose row a crash may have cost. */
  async #firstPerson(rooms: Rooms, id: string, login: string, displayName: string) {
    if ((await rooms.people.list()).length > 0) throw new SignInError('wrong-password', 'login or password is wrong');
    const lead = practicePeople.find((person) => this.#options.practice && person.login === login);
    const person = { id, login, displayName: lead?.name ?? displayName, role: 'lead' as const, disabled: false };
    await rooms.store.write(async (tx) => {
      await tx.run(
        'INSERT INTO person (id, login, display_name, role, disabled, created_at) VALUES (?, ?, ?, ?, 0, ?)',
        [id, login, person.displayName, person.role, Date.now()],
      );
      await appendAudit(tx, { person: id, action: 'first-lead', subject: id });
    });
    return person;
  }

  async #signOut(
    name: 'session.lock' | 'session.signOut',
    person: SignedIn | null,
    token: string | null,
  ): Promise<object> {
    if (token !== null) this.#sessions.close(token);
    const action = name === 'session.lock' ? 'locked' : 'signed-out';
    await this.#rooms?.store.write((tx) =>
      appendAudit(tx, { person: person?.personId ?? null, action, subject: 'session' }),
    );
    this.#announcer.announce(['session'], null);
    return {};
  }

  #info(): CallOutput<'station.info'> {
    const { config, practice } = this.#options;
    const unknown = { state: 'unknown' as const, checkedAt: null, code: null };
    return {
      stationName: config.station.name,
      department: config.station.department,
      institution: config.station.institution,
      version: VERSION,
      practice,
      lockAfterMinutes: config.policy.lockAfterMinutes,
      archive: this.#rooms?.health.archive ?? { ...unknown, name: config.archive.name, kind: config.archive.kind },
      worklist: this.#rooms?.health.worklist ?? {
        ...unknown,
        name: 'Worklist',
        kind: config.worklist ? 'mwl' : 'none',
      },
    };
  }

  async close(): Promise<void> {
    this.#announcer.close();
    const rooms = await this.#opening?.catch(() => null);
    await rooms?.close();
  }
}
