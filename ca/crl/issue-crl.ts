import { wholeSeconds } from '../../core/clock.ts';
import { octetsOf } from '../../pki/crl-encode.ts';
import type { DerParts } from '../../pki/crl-encode.ts';
import { CaError } from '../ca-error.ts';
import { baseOf, basesAfter } from './crl-due.ts';
import type { IssuedScope } from './crl-due.ts';
import type { CrlHistory } from './crl-history.ts';
import type { CrlAuthority, CrlHouse } from './crl-house.ts';
import { crlScopeExtensions } from './crl-scope-extensions.ts';
import { numberSeries, scopeKey } from './crl-scope.ts';
import type { CrlScope } from './crl-scope.ts';
import type { CrlBase, CrlHead, IssuedCrl } from './crl-store.ts';
import { deltaEntries } from './delta-entries.ts';
import { signCertificateList } from './sign-certificate-list.ts';

/**
 * Issues a CRL, and a complete one's delta with it, in numbered steps. Each says what a crash right after it leaves:
 *
 * 1. take the entries as of the history's position            – nothing
 * 2. take a number, committed                                 – a gap in the numbers
 * 3. sign                                                     – as 2; a CRL that nobody has seen
 * 4. store the octets                                         – as 3; octets that nobody names, until pruning
 * 5. publish, with the audit event, in one transaction        – the new CRL
 * 6. serve it from this process                               – the new CRL, fetched at start
 *
 * Until step 5 the previous CRL stands. Throws CaError `crl-clock-behind` when the clock is before the previous CRL's
 * thisUpdate (relying parties would take the new one for the older), and what signer and store throw.
 */
export async function issueCrl(
  house: CrlHouse,
  crlAuthority: CrlAuthority,
  history: CrlHistory,
  scope: IssuedScope,
): Promise<CrlHead[]> {
  const { authorityId } = scope;
  const started = performance.now();
  const thisUpdate = wholeSeconds(house.clock.now());
  assertClock(house, scope, thisUpdate);
  // 1
  const lastChangeNumber = history.position;
  const entries = await history.parts(authorityId, scope.kind === 'shard' ? scope.shard : undefined);
  // 2
  const crlNumber = await house.transactions.transaction((tx) =>
    house.store.allocateNumber(tx, authorityId, numberSeries(scope)),
  );
  // 3
  const nextUpdate = new Date(thisUpdate.getTime() + house.policy.lifetimeSeconds * 1000);
  const head = { crlNumber, thisUpdate, nextUpdate, lastChangeNumber };
  const bases = deltaBases(house, crlAuthority, scope, head);
  const issued = [await sign(house, crlAuthority, { ...head, scope }, entries, bases)];
  if (bases.length > 0) {
    // The number and the time of the complete CRL that it is issued with (RFC 5280 §5.2.3).
    const delta: CrlHead = { ...head, scope: { authorityId, kind: 'delta' }, bases };
    const range = { base: bases[0].lastChangeNumber, until: lastChangeNumber };
    const changed = await deltaEntries(house.source, authorityId, range);
    issued.push(await sign(house, crlAuthority, delta, changed, bases));
  }
  // 4
  for (const crl of issued) await house.store.store(crl);
  // 5
  await publish(house, issued);
  // 6
  for (const crl of issued) {
    house.cache.put(crl);
    history.settle(crl.scope);
    house.onIssued?.(crl, { seconds: (performance.now() - started) / 1000, octets: octetsOf(crl.der) });
  }
  return issued;
}

async function sign(
  house: CrlHouse,
  { authority }: CrlAuthority,
  head: CrlHead,
  entries: DerParts,
  bases: readonly CrlBase[],
): Promise<IssuedCrl> {
  const extensions = crlScopeExtensions({
    publicUrl: house.publicUrl,
    certificate: authority.certificate,
    scope: head.scope,
    ...(bases.length > 0 && { baseCrlNumber: bases[0].crlNumber }),
  });
  const fields = { ...head, issuer: authority.certificate, signer: authority.signer, extensions };
  return { ...head, der: await signCertificateList(fields, entries) };
}

/** What the delta that comes with this CRL builds on; nothing, where none comes or no complete CRL was there before. */
function deltaBases(
  house: CrlHouse,
  { delta }: CrlAuthority,
  scope: IssuedScope,
  issued: CrlBase,
): readonly CrlBase[] {
  if (!delta || scope.kind !== 'complete') return [];
  const previous = house.cache.current(scope);
  const known = house.cache.current({ authorityId: scope.authorityId, kind: 'delta' })?.bases;
  return previous ? basesAfter(known ?? [baseOf(previous)], issued, house.policy) : [];
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
