import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { DoorClient, readDoorFile } from '../../../main/client/index.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/contract.ts';
import type { Role } from '../../../shared/domain/people.ts';
import { freePort } from '../../support/server-process.ts';
import { endStation, launchApp } from './launch.ts';
import type { LaunchedApp, LaunchOptions } from './launch.ts';
import { signIn } from './walk.ts';

export const STATION_AET = 'PHOTODOCK';

/** Who works on a test's ward; the password is the same for all. */
export const LEAD = { login: 'lead', displayName: 'Lena Lead' } as const;
export const PASSWORD = 'a-password-for-the-ward';

/** Everything about a ward that must be known before its servers are started. */
export interface WardPlaces {
  readonly folder: string;
  readonly dataDir: string;
  /** A folder that appears in here is a card that was plugged in. */
  readonly slot: string;
  /** Where the station listens for commitment reports and instances sent back. */
  readonly listenPort: number;
}

/** Chooses folders and a port. `Ward.close` removes the folders. */
export async function placesForWard(): Promise<WardPlaces> {
  // Short on purpose: the station's socket lies below it.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'pd-w-')));
  const places = { folder, dataDir: join(folder, 'data'), slot: join(folder, 'slot'), listenPort: await freePort() };
  await mkdir(places.dataDir, { mode: 0o700 });
  await mkdir(places.slot);
  return places;
}

/** A configured station with the real app on it, and nobody known to it yet. */
export class Ward {
  readonly places: WardPlaces;
  readonly configFile: string;
  launched: LaunchedApp;
  readonly #door: DoorClient;
  #session: string | undefined;

  private constructor(places: WardPlaces, configFile: string, launched: LaunchedApp) {
    this.places = places;
    this.configFile = configFile;
    this.launched = launched;
    this.#door = new DoorClient(places.dataDir);
  }

  /** Writes station.json and starts the app on it. @param more other sections of station.json, such as `devices` */
  static async open(
    places: WardPlaces,
    peers: { archive: object; worklist?: object },
    more: Readonly<Record<string, object>> = {},
    options: Pick<LaunchOptions, 'cameraFilm'> = {},
  ): Promise<Ward> {
    const configFile = join(places.folder, 'station.json');
    const config = {
      station: {
        name: 'WARD 7',
        department: 'Dermatology',
        institution: 'Test Hospital',
        aet: STATION_AET,
        listen: { host: '127.0.0.1', port: places.listenPort },
      },
      archive: peers.archive,
      worklist: peers.worklist,
      intake: { mountRoots: [], watchFolders: [places.slot] },
      ...more,
    };
    await writeFile(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
    return new Ward(places, configFile, await launchApp({ dataDir: places.dataDir, configFile, ...options }));
  }

  get page(): Page {
    return this.launched.page;
  }

  /** The first start: the lead says who they are, in the window. */
  async createLead(): Promise<void> {
    const { page } = this;
    await page.getByTestId('first-lead-name').fill(LEAD.displayName);
    await page.getByTestId('first-lead-login').fill(LEAD.login);
    await page.getByTestId('first-lead-password').fill(PASSWORD);
    await page.getByTestId('first-lead-again').fill(PASSWORD);
    await page.getByTestId('first-lead-submit').click();
    await page.getByTestId('nav-dock').waitFor();
  }

  async signIn(login: string = LEAD.login): Promise<void> {
    await signIn(this.page, login, PASSWORD);
  }

  async signOut(): Promise<void> {
    await this.launched.pageAfterPurge(() => this.page.getByTestId('sign-out').click());
  }

  /** The lead adds a person, on the People screen. */
  async addPerson(login: string, displayName: string, role: Role): Promise<void> {
    const { page } = this;
    await page.getByTestId('nav-people').click();
    await page.getByTestId('people-add').click();
    await page.getByTestId('person-name').fill(displayName);
    await page.getByTestId('person-login').fill(login);
    await page.getByTestId('person-dialog').getByTestId('people-role').selectOption(role);
    await page.getByTestId('person-password').fill(PASSWORD);
    await page.getByTestId('person-submit').click();
    await page.locator(`[data-testid="person"][data-login="${login}"]`).waitFor();
  }

  /** The station was restarted: it knows no session of before. */
  forgetSession(): void {
    this.#session = undefined;
  }

  /** Asks the station past the window, as the lead: for what a test checks behind the window's back. */
  async ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    if (this.#session === undefined) {
      const signedIn = await this.#door.call('session.signIn', { login: LEAD.login, password: PASSWORD });
      if (!signedIn.ok) throw new Error(`cannot sign in at the door: ${signedIn.code}`);
      this.#session = signedIn.value.sessionToken;
    }
    const answer = await this.#door.call(name, input, { session: this.#session });
    if (!answer.ok) throw new Error(`${name}: ${answer.code}`);
    return answer.value;
  }

  /** Process id of the station that runs now. */
  async stationPid(): Promise<number | undefined> {
    return (await readDoorFile(this.places.dataDir))?.pid;
  }

  /** A new window on the same station. */
  async openWindowAgain(): Promise<void> {
    this.launched = await launchApp({ dataDir: this.places.dataDir, configFile: this.configFile });
  }

  async close(): Promise<void> {
    await this.launched.closeWindow().catch(() => undefined);
    await endStation(this.places.dataDir);
    await rm(this.places.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
