/** An element as text; attributes and texts are escaped, children are elements already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[] | string = [],
): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(numeric(value))}"`);
  const inside = typeof children === 'string' ? escaped(children) : children.join('');
  return inside === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${inside}</${name}>`;
}

/** A picture that is read on a light and on a dark page: its colours are classes, which follow the reader's. */
export function picture(
  { width, height, title }: { width: number; height: number; title: string },
  children: readonly string[],
): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    element('rect', { class: 'page', width, height, rx: 6 }),
    element('text', { class: 'title', x: 16, y: 26 }, title),
    ...children,
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

/** Series differ in their marks and dashes too, for those who see colours otherwise. */
export const SERIES_CLASSES = ['first', 'second', 'third'] as const;

const STYLE = [
  'text{font:12px system-ui,sans-serif;fill:#24292f}',
  '.title{font-weight:600;font-size:14px}',
  '.faint{fill:#57606a}',
  '.page{fill:#ffffff}',
  '.grid{stroke:#d0d7de;stroke-width:1}',
  '.aim{stroke:#24292f;stroke-width:2;stroke-dasharray:5 3}',
  '.met{fill:#1a7f37}',
  '.missed{fill:#bc4c00}',
  '.plain{fill:#0969da}',
  '.line{fill:none;stroke-width:2.5}',
  '.first{stroke:#0969da;fill:#0969da}',
  '.second{stroke:#bc4c00;fill:#bc4c00;stroke-dasharray:7 4}',
  '.third{stroke:#1a7f37;fill:#1a7f37;stroke-dasharray:2 4}',
  '.line.first,.line.second,.line.third{fill:none}',
  '.mark{stroke-dasharray:none;stroke-width:1}',
  '@media(prefers-color-scheme:dark){',
  'text{fill:#e6edf3}.faint{fill:#9198a1}.page{fill:#0d1117}.grid{stroke:#3d444d}.aim{stroke:#e6edf3}',
  '.met{fill:#3fb950}.missed{fill:#f0883e}.plain{fill:#58a6ff}',
  '.first{stroke:#58a6ff;fill:#58a6ff}.second{stroke:#f0883e;fill:#f0883e}.third{stroke:#3fb950;fill:#3fb950}}',
].join('');

function numeric(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
