import { join } from 'node:path';

import { runDevelopmentCeremony } from './development-ceremony.ts';
import type { CeremonyHouse } from './development-ceremony.ts';
import { openDemonstrationOffice } from './demonstration-office.ts';
import { KeyStore } from './key-store.ts';
import type { Stores } from './stores.ts';

/** Makes an evaluation hierarchy where there is no authority, and a demonstration office where there is no officer. */
export async function prepareFirstStart(
  base: CeremonyHouse & Stores,
  online: KeyStore,
  dataDirectory: string,
): Promise<void> {
  const known = await base.transactions.transaction((tx) => base.authorities.listAuthorities(tx));
  if (known.length === 0) {
    const offlineRoot = await KeyStore.open(join(dataDirectory, 'offline-root'));
    await runDevelopmentCeremony(base, { offlineRoot, online });
  }
  await openOfficeAtFirstStart(base);
}

/** A demonstration office where there is no officer. */
export async function openOfficeAtFirstStart(base: CeremonyHouse & Stores): Promise<void> {
  const officers = await base.transactions.transaction((tx) => base.officers.listOfficers(tx));
  if (officers.length === 0) await openDemonstrationOffice(base);
}
