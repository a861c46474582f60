import { readFileSync } from 'node:fs';

/** Who may import whom. A folder's list names folders or, with a slash, one module (`keys/signer`). */
export type House = {
  /** What each folder may import besides itself; `*` is every folder but `test`. */
  folders: Record<string, string[]>;
  /** What each folder may import with `import type` only. */
  typesOnly: Record<string, string[]>;
  /** The folders that own each external package; `test` may use them all. */
  packages: Record<string, string[]>;
  /** Folders that do no I/O, with the only Node modules they may use. */
  builtins: Record<string, string[]>;
  /** Top-level folders that hold no TypeScript of this package. */
  withoutCode: string[];
};

/** The table that `test/architecture.test.ts` and `eslint.config.js` both read. */
export const house = JSON.parse(readFileSync(new URL('./house.json', import.meta.url), 'utf8')) as House;
