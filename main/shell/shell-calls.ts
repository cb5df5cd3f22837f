import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { z } from 'zod';
import type { CallInput, CallName, CallResult } from '../../shared/contract.ts';
import type { DoorClient } from '../client/index.ts';
import type { Access } from './access.ts';
import { printToPdf } from './certificate-page.ts';
import type { RelayAnswer, ShellCalls } from './relay.ts';
import { saveWhole } from './save-whole.ts';

const DONE: RelayAnswer = { ok: true, value: {} };
const CANCELLED: RelayAnswer = { ok: false, code: 'cancelled' };
const BAD_INPUT: RelayAnswer = { ok: false, code: 'bad-input' };

const OfDocking = z.object({ dockingId: z.string().regex(/^[a-zA-Z0-9-]{8,64}$/) }).strict();

export interface ShellCallParts {
  readonly client: DoorClient;
  readonly access: Access;
  readonly window: () => BrowserWindow | null;
}

/**
 * What the page asks of the shell itself. Paths stay on this side: the page hears only which docking began, or that a file
 * was saved.
 */
export function createShellCalls({ client, access, window }: ShellCallParts): ShellCalls {
  function asPerson<N extends CallName>(name: N, input: CallInput<N>): Promise<CallResult<N>> {
    return client.call(name, input, { session: access.token ?? undefined });
  }

  async function savePath(name: string, ending: string): Promise<string | null> {
    const parent = window();
    const options = {
      defaultPath: `${name}.${ending}`,
      filters: [{ name: ending, extensions: [ending] }],
    };
    const { canceled, filePath } = await (parent === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(parent, options));
    return canceled || filePath === '' ? null : filePath;
  }

  return {
    'shell.pickFolder': async () => {
      const parent = window();
      const properties: ['openDirectory'] = ['openDirectory'];
      const { canceled, filePaths } = await (parent === null
        ? dialog.showOpenDialog({ properties })
        : dialog.showOpenDialog(parent, { properties }));
      const path = canceled ? undefined : filePaths[0];
      return path === undefined ? CANCELLED : asPerson('dock.folder', { path });
    },

    'shell.printCertificate': async (raw) => {
      const input = OfDocking.safeParse(raw);
      if (!input.success) return BAD_INPUT;
      const page = await asPerson('certificate.html', input.data);
      if (!page.ok) return page;
      const path = await savePath(`certificate-${input.data.dockingId}`, 'pdf');
      if (path === null) return CANCELLED;
      await saveWhole(path, await printToPdf(page.value.html));
      return DONE;
    },

    'shell.saveCertificate': async (raw) => {
      const input = OfDocking.safeParse(raw);
      if (!input.success) return BAD_INPUT;
      const certificate = await asPerson('certificate.get', input.data);
      if (!certificate.ok) return certificate;
      const path = await savePath(`certificate-${input.data.dockingId}`, 'jsonl');
      if (path === null) return CANCELLED;
      await saveWhole(path, certificate.value.text);
      return DONE;
    },

    'shell.saveButtons': async () => {
      const buttons = await asPerson('buttons.export', {});
      if (!buttons.ok) return buttons;
      const path = await savePath('photodock-buttons', 'json');
      if (path === null) return CANCELLED;
      await saveWhole(path, buttons.value.text);
      return DONE;
    },
  };
}
