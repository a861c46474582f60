import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { stringify } from 'yaml';

import type { Transcript } from '../../ca/ceremony/transcript.ts';
import { runCeremony } from '../../cli/ceremony/run-ceremony.ts';
import type { CeremonyOptions } from '../../cli/ceremony/run-ceremony.ts';
import { sha256Of } from '../../cli/ceremony/ceremony-files.ts';
import { ManualClock } from '../../core/clock.ts';
import { CEREMONY_NAMES, CEREMONY_NOW } from './ceremony-fixtures.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const PASSPHRASE = 'correct horse battery staple';

/** A machine for ceremonies: a folder with reviewed files, and a clock. */
export class CeremonyFolder {
  readonly folder: string;
  readonly clock: ManualClock;

  constructor(t: { teardown(undo: () => void): void }, now: Date = CEREMONY_NOW) {
    this.folder = temporaryFolder(t);
    this.clock = new ManualClock(now);
    mkdirSync(join(this.folder, 'keys'), { mode: 0o700 });
    writeFileSync(join(this.folder, 'passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes the reviewed file and runs its act. */
  async run(name: string, act: object, options: Partial<CeremonyOptions> = {}): Promise<Transcript> {
    writeFileSync(this.path(name), stringify({ ...this.common(), ...act }));
    return this.again(name, options);
  }

  /** Runs a reviewed file that is there. */
  again(name: string, options: Partial<CeremonyOptions> = {}): Promise<Transcript> {
    return runCeremony({
      file: this.path(name),
      settings: { dataDirectory: this.path('data'), publicUrl: CEREMONY_NAMES.publicUrl },
      openDatabase: () => Promise.reject(new Error('this machine has no database')),
      clock: this.clock,
      cost: { costParameter: 1024, blockSize: 8, parallelization: 1 },
      tool: { mohr: '0.0.0' },
      secrets: { terminal: { input: process.stdin, output: new PassThrough() } },
      ...options,
    });
  }

  /** A file as the next act names it. */
  reviewed(path: string): { path: string; sha256: string } {
    return { path, sha256: sha256Of(readFileSync(this.path(path))) };
  }

  common() {
    return {
      date: this.clock.now().toISOString().slice(0, 10),
      title: 'Health hierarchy',
      witnesses: ['First Witness', 'Second Witness'],
      output: 'out',
    };
  }
}

export const KEY_STORE = { folder: 'keys', passphrase: { file: 'passphrase' } };

export const MAKE_ROOT = {
  act: 'make-root',
  keyStore: KEY_STORE,
  names: CEREMONY_NAMES,
  profile: { id: 'root', version: 1 },
  authority: { id: 'root', commonName: 'Health Root CA' },
  key: { reference: 'file:root.key', make: 'p-384' },
};
