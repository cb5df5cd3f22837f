import { within } from '#durable';
import type { CallOutput, StationEvent } from '../../shared/contract.ts';
import { errorCode } from '../../shared/domain/errors.ts';
import type { Destination } from './archive/index.ts';
import { AuditHeads } from './audit/index.ts';
import { buildStep, deliverySteps, loadTls, openDestination, recordCommitment } from './archive/index.ts';
import { appendAudit } from './audit/index.ts';
import { Backup } from './backup/index.ts';
import { Buttons } from './buttons/index.ts';
import type { StationConfig } from './config/index.ts';
import type { Topic } from './door/index.ts';
import { Filing } from './filing/index.ts';
import { Holds } from './holds/index.ts';
import { createImaging } from './imaging/index.ts';
import type { Imaging } from './imaging/index.ts';
import {
  Devices,
  deviceThumbnailsStep,
  Dockings,
  Frames,
  intakeSteps,
  LiveCameras,
  watchVolumes,
} from './intake/index.ts';
import type { Logger } from './logging.ts';
import { MediaRegister, returnedByDocking } from './media/index.ts';
import { People } from './people/index.ts';
import type { Keyring, Sessions } from './people/index.ts';
import { removeShredded, shredStep, StationDays } from './retention/index.ts';
import { Certificates, Release } from './release/index.ts';
import { Scheduler } from './scheduler.ts';
import { openSigningKey } from './signing-key.ts';
import { IndexStore, SealedStore } from './store/index.ts';
import { createTerminology } from './terminology/index.ts';
import type { Terminology } from './terminology/index.ts';
import { Turn } from './turn.ts';
import { CapturesView, DockingsView } from './views/index.ts';
import type { AskWorklist } from './worklist/index.ts';
import { queryWorklist, Worklist } from './worklist/index.ts';

type PeerHealth = CallOutput<'station.info'>['archive'];

export interface RoomsOptions {
  readonly dataFolder: string;
  readonly config: StationConfig;
  /** station.json as it lies on the disk; null in practice. */
  readonly configText: Uint8Array | null;
  readonly storeKey: Uint8Array;
  readonly keyring: Keyring;
  readonly sessions: Sessions;
  readonly logger: Logger;
  readonly announce: (topics: readonly Topic[], dockingId: string | null) => void;
  /** Tells the clients at once. */
  readonly tell: (event: StationEvent) => void;
}

/** Everything that exists only while the store is open. */
export interface Rooms {
  readonly config: StationConfig;
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly imaging: Imaging;
  readonly people: People;
  readonly dockings: Dockings;
  /** Cameras that the window shows live, and the pictures that it takes from them. */
  readonly liveCameras: LiveCameras;
  readonly frames: Frames;
  readonly media: MediaRegister;
  readonly buttons: Buttons;
  readonly worklist: Worklist;
  readonly terminology: Terminology;
  readonly filing: Filing;
  readonly holds: Holds;
  readonly release: Release;
  readonly certificates: Certificates;
  readonly auditHeads: AuditHeads;
  readonly destination: Destination;
  readonly scheduler: Scheduler;
  readonly backup: Backup;
  /** The practice hospital: nothing here is a patient's. */
  readonly practice: boolean;
  readonly dockingsView: DockingsView;
  readonly capturesView: CapturesView;
  readonly health: { archive: PeerHealth; worklist: PeerHealth };
  refreshWorklist(): Promise<void>;
  /** Something was filed, rejected or restored: clients are told, the pipeline looks for work. */
  announceChange(): void;
  close(): Promise<void>;
}

const HEALTH_MS = 15_000;
const CONNECTION_MS = 2000;
const DAY_LOOK_MS = 60_000;

/** Opens the store and wires the rooms. @throws StoreKeyRefusedError, StoreTooNewError, ConfigError, ListenerFailedError */
export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const { dataFolder, config, logger, announce } = options;
  const closers: (() => Promise<unknown> | void)[] = [];
  const closeAll = async () => {
    for (const close of closers.toReversed()) await close();
  };
  try {
    const abort = new AbortController();
    const store = await IndexStore.open(dataFolder, options.storeKey);
    closers.push(() => store.close());
    const signingKey = await openSigningKey(store, dataFolder);
    const auditHeads = new AuditHeads(store, signingKey, dataFolder, () =>
      logger.error('the audit chain contradicts its signed head', { code: 'audit-head-conflict' }),
    );
    closers.push(() => auditHeads.close());
    const sealed = new SealedStore(dataFolder);
    closers.push(() => sealed.close());
    await removeShredded(store, sealed);
    await sweep(store, sealed, logger);
    const imaging = createImaging({});
    closers.push(() => imaging.close());
    const destination = await openDestination(config, (outcome) =>
      within('commitment report', () => recordCommitment(store, outcome).then(changed)),
    );
    closers.push(() => destination.close());
    const certificates = new Certificates(store, config, signingKey);
    const terminology = createTerminology();
    const worklist = new Worklist(store, askWorklist(config), () => announce(['worklist', 'peers'], null));
    const people = new People(store, options.keyring, options.sessions, options.storeKey);
    const { commitmentOffered } = destination;
    const turn = new Turn();
    const holds = new Holds(store, turn);

    const dockings = new Dockings({
      store,
      dataFolder,
      onChange: (id) => dockingChanged(id),
      unknownNeedApproval: config.policy.unknownMediaNeedApproval,
      openDevice: async (root) => (await devices?.open(root)) ?? null,
      onDocked: (tx, mediumId) => returnedByDocking(tx, mediumId, Date.now()),
    });
    const devices = config.devices.usb
      ? new Devices({
          launch: config.devices.launch,
          nodePath: process.execPath,
          takeFromDesktop: config.devices.takeFromDesktop,
          dockings,
          onTrouble: (code) => logger.warn('devices', { code }),
        })
      : null;
    closers.push(() => devices?.close());
    const media = new MediaRegister({ store, dockings });
    const release = new Release({
      store,
      sealed,
      dockings,
      turn,
      policy: config.policy,
      commitmentOffered,
      phonesMayBeErased: config.policy.phonesMayBeErased,
      onChange: (id) => dockingChanged(id),
      onChecked: async (id) => void (await certificates.issue(id)),
    });
    const scheduler = new Scheduler(
      [
        ...intakeSteps({ store, sealed, imaging, dockings, onChange: (id) => dockingChanged(id) }),
        deviceThumbnailsStep({ store, imaging, dockings, onChange: (id) => dockingChanged(id) }),
        buildStep({ store, sealed, imaging, station: config.station, onChange: () => changed() }),
        ...deliverySteps({
          store,
          sealed,
          destination,
          onChange: () => changed(),
          onTrouble: () => void checkArchive(),
        }),
        ...release.steps(),
        shredStep({ store, sealed, destination, policy: config.policy, onChange: () => changed() }),
      ],
      { onError: (step, id, code, attempts) => logger.warn('step failed', { step, id, code, attempts }) },
    );
    closers.push(() => scheduler.stop());
    function dockingChanged(dockingId: string): void {
      announce(['dockings', 'captures', 'review'], dockingId);
      scheduler.kick();
    }
    function changed(): void {
      // Something moved while it was thought away: the dot shall not be the last to know.
      if (health.archive.state === 'unreachable') void checkArchive();
      announce(['dockings', 'captures', 'review'], null);
      scheduler.kick();
    }

    const backup = new Backup({
      dataFolder,
      storeKey: options.storeKey,
      store,
      sealed,
      stationName: config.station.name,
      practice: options.configText === null,
      configText: options.configText,
      mediaRoots: () => dockings.roots(),
      onEnd: (code) => (code === null ? logger.info('backup ended') : logger.error('backup failed', { code })),
    });
    closers.push(() => backup.close());

    const health: Rooms['health'] = {
      archive: peer('unknown', destination.name, destination.kind),
      worklist: worklist.configured ? peer('unknown', 'Worklist', 'mwl') : peer('not-configured', '', 'none'),
    };
    let checking = false;
    const checkArchive = async () => {
      if (checking) return;
      checking = true;
      const before = health.archive.state;
      const code = await destination.check(abort.signal).then(() => null, errorCode);
      checking = false;
      if (abort.signal.aborted) return;
      health.archive = peer(code === null ? 'ok' : 'unreachable', destination.name, destination.kind, code);
      if (before !== health.archive.state) announce(['peers'], null);
    };
    const refreshWorklist = async () => {
      if (!worklist.configured) return;
      await worklist.refresh(abort.signal);
      const { code } = await worklist.state();
      health.worklist = peer(code === null ? 'ok' : 'unreachable', 'Worklist', 'mwl', code);
      announce(['peers'], null);
    };

    await dockings.resume();
    closers.push(() => dockings.close());
    devices?.dockAll();
    const begin = (root: string) =>
      void dockings.begin(root, null).catch((error: unknown) => logger.warn('cannot dock', { code: errorCode(error) }));
    const watch = await watchVolumes({
      ...config.intake,
      onAppear: begin,
      onVanish: (root) => void dockings.vanished(root),
    });
    closers.push(() => watch.close());
    const buttons = await Buttons.open({
      store,
      isOn: config.devices.buttons,
      launch: config.devices.launch,
      isAnybodySignedIn: () => options.sessions.isAnybody(),
      tell: options.tell,
      onChange: () => announce(['buttons'], null),
      onFailure: (code) => logger.warn('buttons are not heard', { code }),
    });
    closers.push(() => buttons.close());
    const stationDays = new StationDays(store);
    const observeDay = () =>
      stationDays.observe().catch((error: unknown) => logger.warn('day not counted', { code: errorCode(error) }));
    await observeDay();
    const timers = [
      setInterval(() => void observeDay(), DAY_LOOK_MS),
      setInterval(() => void checkArchive(), HEALTH_MS),
      setInterval(() => void dockings.checkConnections(), CONNECTION_MS),
      setInterval(() => void refreshWorklist(), (config.worklist?.refreshSeconds ?? 3600) * 1000),
    ];
    closers.push(() => {
      abort.abort();
      for (const timer of timers) clearInterval(timer);
    });
    void checkArchive();
    void refreshWorklist();
    scheduler.start();

    return {
      config,
      store,
      sealed,
      imaging,
      people,
      dockings,
      liveCameras: new LiveCameras(store, dockings),
      frames: new Frames({ store, sealed, onChange: dockingChanged }),
      media,
      buttons,
      worklist,
      terminology,
      filing: new Filing(store, worklist, terminology, turn),
      holds,
      release,
      certificates,
      auditHeads,
      destination,
      scheduler,
      backup,
      practice: options.configText === null,
      dockingsView: new DockingsView({
        reader: store.read,
        dockings,
        policy: config.policy,
        commitmentOffered,
        exposureProtocol: config.exposureProtocol,
      }),
      capturesView: new CapturesView({
        reader: store.read,
        holds,
        commitmentOffered,
        phonesMayBeErased: config.policy.phonesMayBeErased,
        sessionGapMinutes: config.policy.sessionGapMinutes,
      }),
      health,
      refreshWorklist,
      announceChange: changed,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function peer(
  state: PeerHealth['state'],
  name: string,
  kind: PeerHealth['kind'],
  code: string | null = null,
): PeerHealth {
  return { state, name, kind, checkedAt: state === 'unknown' ? null : Date.now(), code };
}

function askWorklist(config: StationConfig): AskWorklist | null {
  const { worklist, station } = config;
  if (!worklist) return null;
  const day = (offset: number) => {
    const date = new Date(Date.now() + offset * 86_400_000);
    const two = (value: number) => String(value).padStart(2, '0');
    return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  };
  return async (signal) =>
    queryWorklist(
      {
        host: worklist.host,
        port: worklist.port,
        calledAet: worklist.calledAet,
        callingAet: station.aet,
        ...(await loadTls(worklist.tls)),
      },
      {
        stationAet: worklist.stationAet,
        modality: worklist.modality,
        assumedCharacterSet: worklist.assumedCharacterSet,
        from: day(-worklist.daysBack),
        to: day(worklist.daysAhead),
        limit: 5000,
      },
      { signal },
    );
}

/** Start-up: what no row names is put aside, what a row misses is said loudly; nothing whole is removed. */
async function sweep(store: IndexStore, sealed: SealedStore, logger: Logger): Promise<void> {
  const rows = await store.read.all<{ id: string; name: string; open: number }>(
    `SELECT id, sealed_name AS name, sealed_key IS NOT NULL AS open FROM item WHERE sealed_name IS NOT NULL
     UNION ALL SELECT id, sealed_name, sealed_key IS NOT NULL FROM instance WHERE sealed_name IS NOT NULL`,
  );
  const { cutOff, putAside, putBack, missing } = await sealed.sweep(new Set(rows.map((row) => row.name)));
  const gone = new Set(missing);
  // A shredded one has no key any more: it is to go.
  const lost = rows.filter((row) => gone.has(row.name) && row.open === 1);
  for (const { id } of lost) sealed.note(id, 'sealed-missing');
  if (cutOff > 0) logger.info('unfinished sealed files removed', { count: cutOff });
  if (putAside > 0) logger.warn('sealed files of no row put aside', { count: putAside, code: 'orphans' });
  if (putBack > 0) logger.warn('sealed files put back', { count: putBack });
  if (lost.length > 0) logger.error('sealed files missing', { count: lost.length, code: 'sealed-missing' });
  if (putAside + putBack + lost.length === 0) return;
  await store.write((tx) =>
    appendAudit(tx, {
      person: null,
      action: 'quarantine-looked-through',
      subject: 'sealed',
      facts: { putAside, putBack, missing: lost.length },
    }),
  );
}
