import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { encodePem } from '../../pki/pem.ts';
import { APP, APPLE_APP_ID } from './attestations.ts';
import type { Manufacturer } from './attestations.ts';

/** The file of `MOHR_ATTESTATION_FILE` with what it names; returns its path. */
export function writeAttestationFile(folder: string, { root }: Manufacturer, withdrawn: object = {}): string {
  const path = join(folder, 'attestation.json');
  writeFileSync(join(folder, 'roots.pem'), encodePem('CERTIFICATE', root.bytes));
  writeFileSync(join(folder, 'status.json'), JSON.stringify({ entries: withdrawn }));
  const signerSha256 = APP.signerSha256.map((signer) => signer.toString('hex'));
  const android = {
    roots: 'roots.pem',
    apps: [{ package: APP.packageName, signerSha256 }],
    statusList: 'status.json',
    patchLevelMin: 202_601,
  };
  writeFileSync(path, JSON.stringify({ android, apple: { roots: 'roots.pem', appIds: [APPLE_APP_ID] } }));
  return path;
}

/** Makes the list of withdrawn devices as old as it says. */
export function ageStatusList(folder: string, writtenAt: Date): void {
  utimesSync(join(folder, 'status.json'), writtenAt, writtenAt);
}
