import type { ReactNode } from 'react';

/** Drawn for this console: 24 units, strokes of the text's colour; decoration beside words, so hidden from readers. */
const SHAPES = {
  queue: 'M4 5h16M4 12h16M4 19h10',
  add: 'M12 5v14M5 12h14',
  certificate: 'M5 4h14v11H5zM9 8h6M9 11h4M12 15v5l2-1.4 2 1.4v-5',
  card: 'M3 6h18v12H3zM3 10h18M7 14.500h4',
  delivery: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  office: 'M4 20V8l8-4 8 4v12M4 20h16M9 20v-5h6v5M9 10h.01M15 10h.01',
  system: 'M3 5h18v11H3zM9 20h6M12 16v4M8 10.500l2.500 2.500L16 8',
  inspection: 'M10.5 17a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM20 20l-4.7-4.7M8 10.5l2 2 3.2-3.5',
  dashboard: 'M4 20h16M7 16v-5M12 16V6M17 16v-8',
  passkey: 'M8.5 13a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM12 11.5l8 8M17 16.5l2-2M14.5 14l1.5-1.5',
  search: 'M10.5 17a6.5 6.5 0 100-13 6.5 6.5 0 000 13zM20 20l-4.7-4.7',
  language:
    'M12 21a9 9 0 100-18 9 9 0 000 18zM3 12h18M12 3c2.5 2.6 3.8 5.6 3.8 9s-1.3 6.4-3.8 9c-2.5-2.6-3.8-5.6-3.8-9S9.5 5.6 12 3z',
  exit: 'M14 4h5v16h-5M4 12h11M11 8l4 4-4 4',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  wait: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3 2',
  hold: 'M9 6v12M15 6v12',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  info: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 11v5M12 8h.01',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  upload: 'M12 16V5M7.5 9.500L12 5l4.500 4.500M4 16v4h16v-4',
  link: 'M10 14a4 4 0 005.700 0l3-3a4 4 0 00-5.700-5.700l-1 1M14 10a4 4 0 00-5.700 0l-3 3a4 4 0 005.700 5.700l1-1',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20c1-3.6 4-5.5 7.5-5.500s6.5 1.9 7.5 5.5',
  shield: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  refresh: 'M19 12a7 7 0 11-2.2-5.100M19 4v4h-4',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
