import { createHash } from 'node:crypto';

import type { CrlRecordRow } from '../../db/crl-records.ts';
import type { PgRecords } from '../../db/pg-records.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import { isCertificateListSignedBy, parseCertificateList } from '../../pki/crl.ts';
import type { CertificateList } from '../../pki/crl.ts';
import type { StatusChange } from '../../pki/certificate-status.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { Issuers } from './issuers.ts';
import { readable } from './readable.ts';

/** Every CRL by itself and against its predecessor, the newest of each scope against the status history too. */
export async function* checkCrls(records: PgRecords, issuers: Issuers): AsyncGenerator<Finding> {
  let former: CrlRecordRow | undefined;
  for (const row of await records.crls()) {
    const finding = (code: FindingCode, detail: string): Finding => ({
      code,
      subject: subjectOf(row),
      detail,
    });
    const isNext = former?.authorityId === row.authorityId && former.scope === row.scope;
    if (
      isNext &&
      former &&
      (row.thisUpdate < former.thisUpdate || row.lastChangeNumber < former.lastChangeNumber)
    )
      yield finding(
        'crl-numbers',
        `its number is above ${former.crlNumber}, its time or its content is older`,
      );
    former = row;
    const bytes = await records.crlBytes(row);
    // Octets of superseded CRLs are pruned in time; what was known of them is checked all the same.
    if (!bytes && !row.isNewest) continue;
    const list = bytes && readable(parseCertificateList, bytes);
    if (!bytes || !list) {
      // Superseded since, it may have been pruned while it was read.
      if (!(await records.isCrlPruned(row))) yield finding('crl-unreadable', 'the CRL cannot be read');
      continue;
    }
    const issuer = await issuers.of(row.authorityId);
    if (!issuer || !isCertificateListSignedBy(list, publicKeyOf(issuer.certificate)))
      yield finding('crl-signature', `the key of ${row.authorityId} did not sign it`);
    const columns = differingColumns(row, list, bytes);
    if (columns.length > 0) yield finding('crl-columns', `${columns.join(', ')}: not what the CRL says`);
    if (row.isNewest && issuer?.hasKey) {
      const fault = await contentFault(records, row, list, issuer.crlShards);
      if (fault) yield finding('crl-content', fault);
    }
  }
  for (const subject of await records.subjects('crlSeriesBehind'))
    yield { code: 'crl-numbers', subject, detail: 'its number was not taken from its series' };
}

function subjectOf({ authorityId, scope, crlNumber }: CrlRecordRow): string {
  return `crl:${authorityId}/${scope}/${crlNumber}`;
}

function differingColumns(row: CrlRecordRow, list: CertificateList, bytes: Buffer): string[] {
  const isRight = {
    crl_number: list.crlNumber === BigInt(row.crlNumber),
    this_update: list.thisUpdate.getTime() === row.thisUpdate.getTime(),
    next_update: list.nextUpdate?.getTime() === row.nextUpdate.getTime(),
    octets: bytes.length === row.octets,
    sha256: createHash('sha256').update(bytes).digest().equals(row.sha256),
    bases: list.baseCrlNumber === (row.base && BigInt(row.base.crlNumber)),
  };
  return Object.entries(isRight).flatMap(([name, right]) => (right ? [] : [name]));
}

/** What differs first between a CRL and the history up to its last change; undefined when nothing does. */
async function contentFault(
  records: PgRecords,
  row: CrlRecordRow,
  list: CertificateList,
  shards: number,
): Promise<string | undefined> {
  const expected = await expectedChanges(records, row, shards);
  if (list.revokedCertificates.count !== expected.length)
    return `${list.revokedCertificates.count} entries, the history up to change ${row.lastChangeNumber} has ${expected.length}`;
  for (const { serialNumber, effectiveAt, event, reason } of expected) {
    const entry = list.revokedCertificates.find(serialNumber);
    const name = serialNumber.toString('hex');
    if (!entry) return `${name} is missing`;
    if (entry.reason !== reasonOf(event, reason)) return `${name} has another reason than the history`;
    if (entry.revokedAt.getTime() !== effectiveAt.getTime())
      return `${name} has another date than the history`;
  }
  return undefined;
}

/** The last change of each certificate that the CRL has to list. */
async function expectedChanges(
  records: PgRecords,
  { authorityId, scope, lastChangeNumber, base }: CrlRecordRow,
  shards: number,
): Promise<StatusChange[]> {
  if (scope === 'delta')
    return records.changedBetween(authorityId, base?.lastChangeNumber ?? 0, lastChangeNumber);
  const shard = scope.startsWith('shard:') ? Number(scope.slice('shard:'.length)) : undefined;
  return (await records.listedAfter(authorityId, lastChangeNumber)).filter(
    ({ serialNumber }) => shard === undefined || serialNumber[serialNumber.length - 1] % shards === shard,
  );
}

function reasonOf(event: StatusChange['event'], reason: StatusChange['reason']): string {
  if (event === 'released') return 'removeFromCRL';
  return event === 'held' ? 'certificateHold' : (reason ?? 'unspecified');
}
