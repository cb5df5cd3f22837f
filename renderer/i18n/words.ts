import { setupI18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { useLingui } from '@lingui/react';
import { en } from './en.ts';

export type MessageId = keyof typeof en;
export type Values = Record<string, string | number>;
export type Say = (id: MessageId, values?: Values) => string;

/** The catalog's messages are ICU; they are compiled once at start, because there is no build step for them. */
export const i18n = setupI18n();
i18n.load('en', Object.fromEntries(Object.entries(en).map(([id, message]) => [id, compileMessage(message)])));
i18n.activate('en');

/** The words of an id, outside components. */
export function words(id: MessageId, values?: Values): string {
  return i18n._(id, values);
}

/** The words in components: asked again when the language changes. */
export function useWords(): Say {
  useLingui();
  return words;
}

/** True when the catalog has this id: for codes that arrive from outside. */
export function isMessage(id: string): id is MessageId {
  return Object.hasOwn(en, id);
}
