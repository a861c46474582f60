import { wholeSeconds } from '../../core/clock.ts';
import type { DerParts } from '../../pki/crl-encode.ts';
import { CaError } from '../ca-error.ts';
import { basesAfter } from './crl-due.ts';
import type { IssuedScope } from './crl-due.ts';
import type { CrlHistory } from './crl-history.ts';
import type { CrlAuthority, CrlHouse } from './crl-house.ts';
import { crlScopeExtensions } from './crl-scope-extensions.ts';
import { numberSeries, scopeKey } from './crl-scope.ts';
import type { CrlScope } from './crl-scope.ts';
import type { CrlHead, IssuedCrl } from './crl-store.ts';
import { deltaEntries } from './delta-entries.ts';
import { signCertificateList } from './sign-certificate-list.ts';

/**
 * Issues a CRL, and a complete one's delta with it, in numbered steps. Each says what a crash right after it leaves:
 *
 * 1. take the entries as of the history's position            – nothing
 * 2. take a number, committed                                 – a gap in the numbers
 * 3. sign                                                     – as 2; a CRL that nobody has seen
 * 4. publish, with the audit event, in one transaction        – the new CRL
 * 5. serve it from this process                               – the new CRL, fetched at start
 *
 * Until step 4 the previous CRL stands. Throws CaError `crl-clock-behind` when the clock is before the previous CRL's
 * thisUpdate (relying parties would take the new one for the older), and what signer and store throw.
 */
export async function issueCrl(
  house: CrlHouse,
  crlAuthority: CrlAuthority,
  history: CrlHistory,
  scope: IssuedScope,
): Promise<CrlHead[]> {
  const { transactions, store } = house;
  const thisUpdate = wholeSeconds(house.clock.now());
  assertClock(house, scope, thisUpdate);
  const lastChangeNumber = history.position;
  const shard = scope.kind === 'shard' ? scope.shard : undefined;
  const entries = await history.parts(scope.authorityId, shard);
  const crlNumber = await transactions.transaction((tx) =>
    store.allocateNumber(tx, scope.authorityId, numberSeries(scope)),
  );
  const nextUpdate = new Date(thisUpdate.getTime() + house.policy.lifetimeSeconds * 1000);
  const head = { crlNumber, thisUpdate, nextUpdate, lastChangeNumber };
  const issued: IssuedCrl[] = [
    { ...head, scope, der: await sign(house, crlAuthority, { ...head, scope }, entries) },
  ];
  if (scope.kind === 'complete' && crlAuthority.delta) {
    issued.push(await issueDelta(house, crlAuthority, head));
  }
  await publish(house, issued);
  for (const crl of issued) {
    house.cache.put(crl);
    history.settle(crl.scope);
  }
  return issued;
}

/** A delta has the number and the time of the complete CRL that it is issued with (RFC 5280 §5.2.3). */
async function issueDelta(
  house: CrlHouse,
  crlAuthority: CrlAuthority,
  complete: Omit<CrlHead, 'scope'>,
): Promise<IssuedCrl> {
  const scope: CrlScope = { authorityId: crlAuthority.authority.id, kind: 'delta' };
  const bases = basesAfter(house.cache.current(scope)?.bases ?? [], complete, house.policy);
  const entries = await deltaEntries(house.source, scope.authorityId, {
    base: bases[0].lastChangeNumber,
    until: complete.lastChangeNumber,
  });
  const head: CrlHead = { ...complete, scope, bases };
  return { ...head, der: await sign(house, crlAuthority, head, entries) };
}

function sign(
  house: CrlHouse,
  crlAuthority: CrlAuthority,
  head: CrlHead,
  entries: DerParts,
): Promise<DerParts> {
  const { certificate, signer } = crlAuthority.authority;
  const baseCrlNumber = head.bases?.[0].crlNumber;
  const extensions = crlScopeExtensions(house.publicUrl, crlAuthority, head.scope, baseCrlNumber);
  return signCertificateList({ ...head, issuer: certificate, signer, extensions }, entries);
}

async function publish(house: CrlHouse, issued: readonly IssuedCrl[]): Promise<void> {
  await house.transactions.transaction(async (tx) => {
    for (const crl of issued) {
      await house.store.publish(tx, crl);
      await house.audit.record(tx, {
        at: house.clock.now(),
        actor: { kind: 'service', id: 'crl-scheduler' },
        action: 'issue-crl',
        outcome: 'accepted',
        subject: `crl:${scopeKey(crl.scope)}`,
        details: { crlNumber: crl.crlNumber, lastChangeNumber: crl.lastChangeNumber },
      });
    }
  });
}

function assertClock(house: CrlHouse, scope: CrlScope, thisUpdate: Date): void {
  const previous = house.cache.current(scope)?.thisUpdate;
  if (!previous || previous <= thisUpdate) return;
  throw new CaError(
    'crl-clock-behind',
    `it is ${thisUpdate.toISOString()}, before the thisUpdate ${previous.toISOString()} of the CRL in force`,
  );
}
