import type { ReactNode } from 'react';

const PATHS = {
  card: 'M7 3h7l4 4v14H6V4a1 1 0 0 1 1-1zM9 7v3M12 7v3M15 8v2',
  stick: 'M8 9h8v10a2 2 0 0 1-2 2h-4a2 2 0 0 1-2-2zM10 9V3h4v6M11.5 5.5v.01M12.5 5.5v.01',
  folder: 'M3 6a1 1 0 0 1 1-1h5l2 3h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z',
  camera:
    'M4 8h3l2-3h6l2 3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  phone: 'M8 2.5h8a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1zM11 18.5h2',
  dermatoscope: 'M14 4a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM10.3 12.4 3.5 20M14 6.5a2.5 2.5 0 0 1 2.5 2.5',
  media: 'M9 3h6l4 4v11H9zM12 6v2.5M15 6v2.5M5 7v14h10',
  check: 'M4.5 12.5 10 18 20 6.5',
  cross: 'M6 6l12 12M18 6 6 18',
  hand: 'M8 12V5.5a1.5 1.5 0 0 1 3 0V11m0-6.5a1.5 1.5 0 0 1 3 0V11m0-4.5a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6h-1a6 6 0 0 1-4.8-2.4L3.6 15a1.4 1.4 0 0 1 2-2L8 15',
  unplug: 'M9 3v5M15 3v5M6.5 8h11v3a5.5 5.5 0 0 1-11 0zM12 16.5V21',
  stop: 'M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2zM12 7.5v5.5M12 16.2v.01',
  warning: 'M12 3.5 22 20H2zM12 10v4.5M12 17.2v.01',
  seal: 'M12 3 4.5 6v5.5c0 4.5 3.2 7.8 7.5 9.5 4.3-1.7 7.5-5 7.5-9.5V6zM8.5 12l2.5 2.5 4.5-5',
  reading: 'M12 3v11m0 0 4-4m-4 4-4-4M4 17v3h16v-3',
  erase: 'M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5',
  paper: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 15.5h6',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  unlock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.6-1.6',
  archive: 'M4 4h16v4H4zM5.5 8v12h13V8M10 12h4',
  leave: 'M14 4H5v16h9M10 12h11m0 0-3.5-3.5M21 12l-3.5 3.5',
  help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.6v.01',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 21c.5-4 3.5-6 7.5-6s7 2 7.5 6',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
  picture: 'M4 5h16v14H4zM4 16l4.5-4.5L13 16M12 15l2.5-2.5L20 18M15.5 9.2v.01',
  hidden: 'M3 3l18 18M4 5h1M9 5h11v14h-1M4 8v11h11',
  next: 'M9 5l7 7-7 7',
  back: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  print: 'M7 9V3h10v6M7 17H4v-7h16v7h-3M7 14h10v7H7z',
  again: 'M20 12a8 8 0 1 1-2.4-5.7M20 3v4.5h-4.5',
  scan: 'M4 8V4h4M20 8V4h-4M4 16v4h4M20 16v4h-4M8 8v8M11 8v8M13.5 8v8M16 8v8',
  dock: 'M4 14v6h16v-6M8 4h6l2.5 2.5V15h-8.5zM10.5 7v2M13 7v2',
  review: 'M4 6h11M4 12h8M4 18h6M15 16l2.5 2.5L22 13',
  audit:
    'M9 7.5l-1.5-1.5a3.2 3.2 0 0 0-4.5 4.5L6.5 14a3.2 3.2 0 0 0 4.5 0M15 16.5l1.5 1.5a3.2 3.2 0 0 0 4.5-4.5L17.5 10a3.2 3.2 0 0 0-4.5 0M9 12h6',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 5a3.3 3.3 0 0 1 0 6.3M18 15c2.1.8 3.3 2.6 3.5 5',
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing beside a word. It never carries a meaning alone, so it is hidden from screen readers. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }): ReactNode {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size >= 40 ? 1.6 : 1.9}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
