import type { Settings } from './settings.ts';

/** What a process that has some roles prints when it listens. */
export function readyLine({ host, port, nodeName, roles = new Set() }: Settings): string {
  const node = nodeName === undefined ? '' : ` (${nodeName})`;
  return `mohr is ready on ${host}:${port} as ${[...roles].join(',')}${node}\n`;
}
