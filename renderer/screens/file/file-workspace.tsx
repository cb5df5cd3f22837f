import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { CaptureView, DockingView, WorklistItemView } from '../../../shared/contract.ts';
import { NothingHere, Trouble, Waiting } from '../../components/note.tsx';
import { notYetThere } from '../../components/tether/arriving-tiles.ts';
import { useArrivingInPlace } from '../../components/tether/use-arriving.ts';
import { tellTrouble } from '../../components/tell-trouble.ts';
import { say as tell } from '../../data/live.ts';
import { ask, useAct, useCall } from '../../data/use-call.ts';
import { useScanned } from '../../data/use-scanned.ts';
import { codeWords } from '../../i18n/codes.ts';
import { useWords } from '../../i18n/words.ts';
import { ContactSheet } from './contact-sheet.tsx';
import { filingInput, missingFrom, NOTHING_CHOSEN, repeatChoice, sidesOf } from './filing-choice.ts';
import type { FilingChoice, Side } from './filing-choice.ts';
import { FilingPanel } from './filing-panel.tsx';
import type { PanelFields } from './filing-panel.tsx';
import { SessionRail } from './session-rail.tsx';
import { SheetBar } from './sheet-bar.tsx';
import type { Shown } from './sheet-bar.tsx';
import { nextSession, sessionsOf } from './sessions.ts';
import { TetherBar } from './tether-bar.tsx';
import { useNewCaptures } from './use-new-captures.ts';
import { useFilingKeys, withoutScan } from './use-filing-keys.ts';
import type { FilingKey } from './use-filing-keys.ts';
import { Viewer } from './viewer.tsx';
import styles from './file-workspace.module.css';

/** The last region, side, view and statements, for the key that repeats them. Never a patient. */
let lastChoice: FilingChoice | null = null;

interface FileWorkspaceProps {
  readonly docking: DockingView;
  readonly dockings: readonly DockingView[];
  /** A capture to start with, when one came from Review. */
  readonly capture: string | null;
  readonly onDocking: (id: string) => void;
}

/** One docking on the table: everything here is forgotten when another docking is chosen. */
export function FileWorkspace({ docking, dockings, capture, onDocking }: FileWorkspaceProps): ReactNode {
  const say = useWords();
  const captures = useCall('captures.list', { dockingId: docking.id });
  const [session, setSession] = useState<number | null>(null);
  const [shown, setShown] = useState<Shown>('unfiled');
  const [selection, setSelection] = useState<ReadonlySet<string>>(() => new Set(capture ? [capture] : []));
  const [choice, setChoice] = useState<FilingChoice>(NOTHING_CHOSEN);
  const [patientBefore, setPatientBefore] = useState<WorklistItemView | null>(null);
  const [viewed, setViewed] = useState<string | null>(null);
  const [following, setFollowing] = useState(true);
  const announced = useArrivingInPlace(docking, captures.isFetching);
  const fileAct = useAct('captures.file');
  const fields: PanelFields = {
    patient: useRef<HTMLInputElement>(null),
    region: useRef<HTMLInputElement>(null),
    sides: useRef<HTMLDivElement>(null),
    view: useRef<HTMLInputElement>(null),
    button: useRef<HTMLButtonElement>(null),
  };
  const [patientQuery, setPatientQuery] = useState('');
  const [regionQuery, setRegionQuery] = useState('');

  const all = useMemo(() => captures.data?.captures ?? [], [captures.data]);
  const arriving = useMemo(() => notYetThere(announced, all), [announced, all]);
  const sessions = useMemo(() => sessionsOf(all), [all]);
  const visible = useMemo(
    () =>
      all.filter(
        (one) => (session === null || one.session === session) && (shown === 'all' || one.stage === 'unfiled'),
      ),
    [all, session, shown],
  );
  const chosen = useMemo(
    () => visible.filter((one) => selection.has(one.id) && one.stage === 'unfiled'),
    [visible, selection],
  );
  const missing = missingFrom(choice, chosen.length);

  // Pictures of a camera on the cable join what is selected for the patient who is in front of it; a person files them.
  useNewCaptures(captures.data?.captures, (fresh) => {
    if (!docking.live || !following || !choice.patient) return;
    setSelection((before) => new Set([...before, ...fresh.map((one) => one.id)]));
    if (fresh.some((one) => session !== null && one.session !== session)) setSession(null);
  });

  function focusSheet(): void {
    window.requestAnimationFrame(() => {
      document.querySelector<HTMLElement>('[data-testid="tile"]')?.focus();
    });
  }

  function showSession(number: number | null): void {
    setSession(number);
    setSelection(new Set());
  }

  function moveOn(filed: ReadonlySet<string>): void {
    const rest = sessionsOf(all.map((one) => (filed.has(one.id) ? { ...one, stage: 'filed' as const } : one)));
    const here = rest.find((one) => one.number === session);
    if (session !== null && here?.unfiled === 0) {
      // The next session is most often the next patient: the identity is asked for again.
      const next = nextSession(rest, session);
      setPatientBefore(choice.patient);
      setChoice(NOTHING_CHOSEN);
      if (next !== null) showSession(next);
    } else if (rest.every((one) => one.unfiled === 0)) {
      // The next picture of a camera on the cable may be of the same patient, who is offered again; never taken over.
      if (docking.live) setPatientBefore(choice.patient);
      setChoice(NOTHING_CHOSEN);
    } else {
      setChoice({ ...NOTHING_CHOSEN, patient: choice.patient });
    }
    focusSheet();
  }

  function file(): void {
    const input = filingInput(
      choice,
      chosen.map((one) => one.id),
    );
    if (!input || !choice.patient || fileAct.isPending) {
      if (!input) focusMissing();
      return;
    }
    const name = choice.patient.patient.name.display;
    const region = choice.region?.meaning ?? '';
    fileAct.mutate(input, {
      onSuccess: ({ filed, refused }) => {
        if (filed.length > 0) {
          lastChoice = choice;
          setSelection(new Set(refused.map((one) => one.captureId)));
          tell(say('file.done', { n: filed.length, name, region }), 'good');
          moveOn(new Set(filed));
        }
        const firstRefused = refused[0];
        if (firstRefused) tell(say('file.refused', { n: refused.length, why: codeWords(firstRefused.code) }), 'bad');
      },
      onError: tellTrouble,
    });
  }

  function focusMissing(): void {
    if (missing === 'pictures') focusSheet();
    else if (missing === 'patient' || missing === 'incomplete') askPatient();
    else if (missing === 'region') fields.region.current?.focus();
    else if (missing === 'side') focusSides();
  }

  function askPatient(): void {
    setChoice((before) => ({ ...before, patient: null }));
    window.requestAnimationFrame(() => fields.patient.current?.focus());
  }

  function askRegion(): void {
    setChoice((before) => ({ ...before, region: null, side: null }));
    window.requestAnimationFrame(() => fields.region.current?.focus());
  }

  function focusSides(): void {
    const group = fields.sides.current;
    (group?.querySelector<HTMLElement>('input:checked') ?? group?.querySelector<HTMLElement>('input'))?.focus();
  }

  /** After each choice the focus goes to what is missing next, and at last to the button. */
  const goOn = useCallback((next: FilingChoice): void => {
    window.requestAnimationFrame(() => {
      const open = missingFrom(next, 1);
      if (open === 'region') fields.region.current?.focus();
      else if (open === 'side') fields.sides.current?.querySelector<HTMLElement>('input')?.focus();
      else if (open === null) fields.button.current?.focus();
    });
    // The refs never change.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  function onKey(key: FilingKey): void {
    switch (key) {
      case 'patient':
        askPatient();
        break;
      case 'region':
        askRegion();
        break;
      case 'side':
        focusSides();
        break;
      case 'view':
        fields.view.current?.focus();
        break;
      case 'burned':
        setChoice((before) => ({ ...before, burnedIn: !before.burnedIn }));
        break;
      case 'recognizable':
        setChoice((before) => ({ ...before, recognizable: !before.recognizable }));
        break;
      case 'repeat':
        if (lastChoice) {
          const next = repeatChoice(choice, lastChoice);
          setChoice(next);
          setRegionQuery('');
          goOn(next);
        } else tell(say('file.nothing-to-repeat'));
        break;
    }
  }

  function onSide(side: Side): void {
    if (!sidesOf(choice.region).includes(side)) return;
    const next = { ...choice, side };
    setChoice(next);
    goOn(next);
  }

  async function onScan(code: string, field: HTMLInputElement | null): Promise<void> {
    if (field === fields.region.current) setRegionQuery((text) => withoutScan(text, code));
    if (field === fields.view.current) setChoice((before) => ({ ...before, view: withoutScan(before.view, code) }));
    try {
      const { match, items } = await ask('worklist.scan', { code });
      const only = items[0];
      if (match === 'one' && only) {
        const next = { ...choice, patient: only };
        setChoice((before) => ({ ...before, patient: only }));
        setPatientQuery('');
        tell(say('scan.one', { name: only.patient.name.display }), 'good');
        goOn(next);
        return;
      }
      tell(say(match === 'several' ? 'scan.several' : 'scan.none'), 'bad');
      askPatient();
      setPatientQuery(code);
    } catch (error) {
      tellTrouble(error);
    }
  }

  function selectAll(): void {
    // What is of unknown kind cannot be filed: it is decided about in Review.
    setSelection(
      new Set(visible.filter((one) => one.stage === 'unfiled' && one.kind !== 'other').map((one) => one.id)),
    );
  }

  useScanned(
    (code) => void onScan(code, null),
    (code) => tell(codeWords(code), 'bad'),
  );

  useFilingKeys({
    onKey,
    onSide,
    onFile: file,
    onSelectAll: selectAll,
    onScan: (code, field) => void onScan(code, field),
  });

  // A capture that came from Review is shown in its session.
  const wanted = capture ? all.find((one) => one.id === capture) : undefined;
  const wantedSession = wanted?.session;
  useEffect(() => {
    if (wantedSession !== undefined) setSession(wantedSession);
  }, [wantedSession]);

  function toggle(id: string): void {
    const next = new Set(selection);
    if (!next.delete(id)) next.add(id);
    setSelection(next);
  }

  return (
    <div className={styles['workspace']}>
      <SessionRail
        docking={docking}
        dockings={dockings}
        sessions={sessions}
        session={session}
        onSession={showSession}
        onDocking={onDocking}
      />
      <section className={styles['sheet']} aria-label={say('file.sheet')}>
        <SheetBar
          shown={shown}
          onShown={(next) => {
            setShown(next);
            setSelection(new Set());
          }}
          unfiled={countUnfiled(all, session)}
          total={session === null ? all.length : all.filter((one) => one.session === session).length}
          selected={chosen}
          onSelectAll={selectAll}
          onSelectNone={() => setSelection(new Set())}
        />
        {docking.live && (
          <TetherBar
            docking={docking}
            following={following}
            onFollowing={setFollowing}
            hasPatient={choice.patient !== null}
          />
        )}
        {captures.isPending && <Waiting />}
        {captures.isError && <Trouble error={captures.error} onRetry={() => void captures.refetch()} />}
        {captures.data && visible.length === 0 && arriving.length === 0 && (
          <NothingHere icon="check" title={say(all.length === 0 ? 'file.empty' : 'file.all-filed')}>
            <p>{say(all.length === 0 ? 'file.empty.text' : 'file.all-filed.text')}</p>
          </NothingHere>
        )}
        {(visible.length > 0 || arriving.length > 0) && (
          <ContactSheet
            captures={visible}
            arriving={arriving}
            following={following && docking.live !== null}
            selection={selection}
            onSelection={setSelection}
            onToggle={toggle}
            onView={setViewed}
          />
        )}
      </section>
      <FilingPanel
        choice={choice}
        onChoice={setChoice}
        onNext={goOn}
        pictures={chosen.length}
        missing={missing}
        busy={fileAct.isPending}
        fields={fields}
        patientQuery={patientQuery}
        onPatientQuery={setPatientQuery}
        regionQuery={regionQuery}
        onRegionQuery={setRegionQuery}
        patientBefore={patientBefore}
        onAskPatient={askPatient}
        onAskRegion={askRegion}
        onFile={file}
      />
      {viewed && (
        <Viewer
          captures={visible}
          captureId={viewed}
          selection={selection}
          onToggle={toggle}
          onShow={setViewed}
          onClose={() => {
            const last = viewed;
            setViewed(null);
            window.requestAnimationFrame(() => {
              document.querySelector<HTMLElement>(`[data-capture-id="${last}"]`)?.focus();
            });
          }}
        />
      )}
    </div>
  );
}

function countUnfiled(captures: readonly CaptureView[], session: number | null): number {
  return captures.filter(
    (one) => one.stage === 'unfiled' && one.kind !== 'other' && (session === null || one.session === session),
  ).length;
}
