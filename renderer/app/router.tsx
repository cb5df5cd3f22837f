import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { AuditScreen } from '../screens/admin/audit-screen.tsx';
import { PeopleScreen } from '../screens/admin/people-screen.tsx';
import { ButtonsScreen } from '../screens/buttons/buttons-screen.tsx';
import { CaptureScreen } from '../screens/capture/capture-screen.tsx';
import { CertificateScreen } from '../screens/certificate/certificate-screen.tsx';
import { DockScreen } from '../screens/dock/dock-screen.tsx';
import { FileScreen } from '../screens/file/file-screen.tsx';
import { MediaScreen } from '../screens/media/media-screen.tsx';
import { ReviewScreen } from '../screens/review/review-screen.tsx';
import { Frame } from './frame.tsx';

/** The places of the window. Addresses hold ids of dockings only: never anything about a patient. */
const root = createRootRoute({ component: Frame });
const dock = createRoute({ getParentRoute: () => root, path: '/', component: DockScreen });
const file = createRoute({
  getParentRoute: () => root,
  path: '/file',
  component: FileScreen,
  validateSearch: (search: Record<string, unknown>): { docking?: string; capture?: string } => ({
    ...(typeof search['docking'] === 'string' ? { docking: search['docking'] } : {}),
    ...(typeof search['capture'] === 'string' ? { capture: search['capture'] } : {}),
  }),
});
const capture = createRoute({ getParentRoute: () => root, path: '/capture', component: CaptureScreen });
const review = createRoute({ getParentRoute: () => root, path: '/review', component: ReviewScreen });
const media = createRoute({ getParentRoute: () => root, path: '/media', component: MediaScreen });
const buttons = createRoute({ getParentRoute: () => root, path: '/buttons', component: ButtonsScreen });
const certificate = createRoute({
  getParentRoute: () => root,
  path: '/certificate/$dockingId',
  component: CertificateScreen,
});
const people = createRoute({ getParentRoute: () => root, path: '/people', component: PeopleScreen });
const audit = createRoute({ getParentRoute: () => root, path: '/audit', component: AuditScreen });
const elsewhere = createRoute({
  getParentRoute: () => root,
  path: '$',
  beforeLoad: () => {
    // The router's own way: a redirect is thrown, and is no error.
    // oxlint-disable-next-line typescript/only-throw-error
    throw redirect({ to: '/' });
  },
});

export const router = createRouter({
  routeTree: root.addChildren([dock, file, capture, review, media, buttons, certificate, people, audit, elsewhere]),
  history: createHashHistory(),
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
