import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Trouble, Waiting } from '../components/note.tsx';
import { codeOf } from '../data/call-error.ts';
import { followStation, queryClient } from '../data/query.ts';
import { useCall } from '../data/use-call.ts';
import { i18n, useWords } from '../i18n/words.ts';
import { SignIn } from '../screens/sign-in/sign-in.tsx';
import { PracticeBanner } from './practice-banner.tsx';
import { router } from './router.tsx';
import styles from './app.module.css';

/** The window: sign-in until somebody is signed in, then the frame with its screens. */
export function App(): ReactNode {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <Gate />
      </QueryClientProvider>
    </I18nProvider>
  );
}

function Gate(): ReactNode {
  const say = useWords();
  useEffect(followStation, []);
  const session = useCall('session.current', {});
  const startingUp = session.isError && !session.data;
  const { refetch } = session;
  const nobody = session.data?.person === null;
  // Who signs in next may be somebody else, with other doors open to them: everybody begins at the dock.
  useEffect(() => {
    if (nobody && router.history.location.pathname !== '/') router.history.replace('/');
  }, [nobody]);
  useEffect(() => {
    if (!startingUp) return undefined;
    const timer = window.setInterval(() => void refetch(), 1500);
    return () => window.clearInterval(timer);
  }, [startingUp, refetch]);

  if (startingUp) {
    return (
      <main className={styles['alone']}>
        <Trouble error={session.error} onRetry={() => void refetch()} />
        {codeOf(session.error) === 'station-unreachable' && <Waiting label={say('station.finding')} />}
      </main>
    );
  }
  if (!session.data) {
    return (
      <main className={styles['alone']}>
        <Waiting label={say('station.finding')} />
      </main>
    );
  }
  return (
    <div className={styles['app']}>
      {session.data.practice && <PracticeBanner />}
      {session.data.person ? <RouterProvider router={router} /> : <SignIn session={session.data} />}
    </div>
  );
}
