import type { ActName, ActOf } from '../../ca/ceremony/act.ts';
import type { CertificateFacts } from '../../ca/ceremony/transcript.ts';
import type { CheckKey } from '../../ca/issue/check-key.ts';
import type { LintReport } from '../../ca/lint/lint.ts';
import type { CeremonyFiles } from './ceremony-files.ts';
import type { CeremonyKeys } from './ceremony-keys.ts';
import type { CeremonyProfiles } from './ceremony-profiles.ts';
import type { OnlineHouse } from './online-house.ts';

/** What an act works with; files, profiles and keys note for the transcript what was read and opened. */
export interface ActContext {
  files: CeremonyFiles;
  keys: CeremonyKeys;
  /** Whole seconds. */
  now: Date;
  /** SHA-256 of the reviewed file. */
  ceremonySha256: string;
  /** Of offline machines: nothing is known to be blocked there; the import asks again. */
  checkKey: CheckKey;
  profiles: CeremonyProfiles;
  /** Runs work on the deployment's database; a refusal is recorded there under the authority's id. */
  online<T>(authorityId: string, work: (house: OnlineHouse) => Promise<T>): Promise<T>;
}

/** What an act has made; nothing of it is written yet. */
export interface ActOutcome {
  /** In the order of `outputs`. */
  contents: readonly Uint8Array[];
  certificates: readonly CertificateFacts[];
  reports?: readonly LintReport[];
  facts?: Record<string, string>;
}

export interface ActRunner<Name extends ActName> {
  /** Names of the files that it will write: they are refused before anything happens when they exist. */
  outputs(act: ActOf<Name>): readonly string[];
  run(context: ActContext, act: ActOf<Name>): Promise<ActOutcome>;
}
