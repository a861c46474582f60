import { canonicalJson } from '../../core/canonical-json.ts';
import type { Clock } from '../../core/clock.ts';
import type { Transaction, TransactionRunner } from '../../core/transaction.ts';
import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import { digest } from '../../pki/digest-algorithm.ts';
import type { AuditActor } from '../audit-event.ts';
import { AuditError } from '../audit-error.ts';
import type { AuditLog } from '../audit-log.ts';
import { parseCheckpoint } from '../checkpoint.ts';
import { leafOf, parseLeaf } from '../log-leaf.ts';
import { growTree } from '../merkle/grow-tree.ts';
import { rememberingTiles } from '../merkle/hash-source.ts';
import { leafHash, rootHash } from '../merkle/tree-hash.ts';
import { assertSigned } from '../note/note-key.ts';
import type { NoteKey } from '../note/note-key.ts';
import { parseNote } from '../note/signed-note.ts';
import { numberChanges, toldChange } from './lost-changes.ts';
import type { ToldChange } from './lost-changes.ts';
import type { LostCertificate, LostLeaf, ReplayStore } from './replay-store.ts';

/** The log as it was published. */
export interface PublishedCopy {
  /** The last checkpoint. */
  checkpoint(): Promise<string>;
  /** Leaves of a tree of a size, from an index to its end. */
  leaves(start: number, size: number): Promise<Buffer[]>;
}

export interface ReplayHouse {
  replay: ReplayStore;
  audit: AuditLog;
  transactions: TransactionRunner;
  clock: Clock;
  copy: PublishedCopy;
  /** Keys of the log, of which one has signed its last checkpoint. */
  logKeys: readonly NoteKey[];
  /** DER of a certificate, by SHA-256 in hexadecimal. */
  findCertificate: (sha256: string) => Promise<Buffer | undefined>;
}

export interface ReplayReport {
  fromSize: number;
  toSize: number;
  statusChanges: number;
  /** Certificates that were issued after the backup, as subjects. */
  certificates: string[];
}

const REQUESTED_BY = 'replay:log';

/**
 * Gives a restored database back what the published log says that it lacks: its leaves, the certificates that were issued since and
 * every change of a status, under their old numbers. All of it or nothing; and nothing unless the leaves that are here and those of the
 * copy together have the root that the log has signed. Throws AuditError `log-forked`, `note-signature`, `leaf-malformed` or
 * `replay-impossible`.
 */
export async function replayLog(house: ReplayHouse, actor: AuditActor): Promise<ReplayReport> {
  const note = await house.copy.checkpoint();
  const signed = parseNote(note);
  assertSigned(signed, house.logKeys);
  const { size: toSize, root } = parseCheckpoint(signed.text);
  return house.transactions.transaction(async (tx) => {
    const at = house.clock.now();
    const fromSize = await house.replay.lock(tx);
    if (fromSize >= toSize) return { fromSize, toSize: fromSize, statusChanges: 0, certificates: [] };
    const lost = await readLost(house, fromSize, toSize);
    const known = await appendLeaves(house, tx, { lost, fromSize, at });
    const hashes = rememberingTiles(house.replay.hashesIn(tx), toSize);
    if (!(await rootHash(hashes, toSize)).equals(root))
      throw new AuditError(
        'log-forked',
        `the ${fromSize} leaves here and ${toSize - fromSize} of the copy are not what the log has signed`,
      );
    await house.replay.insertCheckpoint(tx, { size: toSize, root, note, signedAt: at });
    // What an event that is here tells of was written in its transaction, and is here too.
    const told = lost.flatMap(({ leaf }) => (known.has(leaf.event) ? [] : (toldChange(leaf) ?? [])));
    const certificates = await returnCertificates(house, tx, told);
    const statusChanges = await returnChanges(house, tx, told);
    const report = { fromSize, toSize, statusChanges, certificates };
    await house.audit.record(tx, {
      at,
      actor,
      action: 'replay-log',
      outcome: 'accepted',
      subject: 'log:replay',
      details: { ...report, certificates: certificates.length },
    });
    return report;
  });
}

async function readLost({ copy }: ReplayHouse, fromSize: number, toSize: number): Promise<LostLeaf[]> {
  const octets = await copy.leaves(fromSize, toSize);
  if (octets.length !== toSize - fromSize)
    throw new AuditError('replay-impossible', `the copy has ${octets.length} of ${toSize - fromSize} leaves`);
  return octets.map((leaf, at) => ({
    leafIndex: fromSize + at,
    leaf: parseLeaf(leaf),
    leafHash: leafHash(leaf),
  }));
}

/** What had committed at the time of the backup but had no leaf yet is here already, and must be what the leaf is of. */
async function appendLeaves(
  { replay }: ReplayHouse,
  tx: Transaction,
  { lost, fromSize, at }: { lost: readonly LostLeaf[]; fromSize: number; at: Date },
): Promise<ReadonlySet<number>> {
  const ids = lost.map(({ leaf }) => leaf.event);
  const known = new Map((await replay.knownEvents(tx, ids)).map((event) => [event.id, event]));
  for (const { leaf } of lost) {
    const here = known.get(leaf.event);
    const commitment = Buffer.from(leaf.commitment, 'hex');
    if (here && canonicalJson(leafOf(here, commitment)) !== canonicalJson(leaf))
      throw new AuditError(
        'replay-impossible',
        `event ${leaf.event} is another one here: something was recorded after the restore`,
      );
  }
  const grown = await growTree(replay.hashesIn(tx), fromSize, Buffer.concat(lost.map((one) => one.leafHash)));
  const isKnown = new Set(known.keys());
  await replay.appendLost(tx, lost, isKnown, at);
  await replay.insertNodes(tx, grown);
  return isKnown;
}

async function returnCertificates(
  { replay, findCertificate }: ReplayHouse,
  tx: Transaction,
  told: readonly ToldChange[],
): Promise<string[]> {
  const issued = told.filter(({ event }) => event === 'issued');
  const fingerprints = issued.map(({ leaf }) => String(leaf.details['sha256']));
  const known = await replay.knownCertificates(tx, fingerprints);
  const issuers = await replay.issuers(tx);
  const returned: string[] = [];
  const missing: string[] = [];
  for (const change of issued) {
    const fingerprint = String(change.leaf.details['sha256']);
    if (known.has(fingerprint)) continue;
    const der = await findCertificate(fingerprint);
    if (der) await replay.insertCertificate(tx, lostCertificate(change, der, issuers));
    (der ? returned : missing).push(change.leaf.subject);
  }
  if (missing.length > 0)
    // Their serial numbers would be unknown, and nobody could revoke them.
    throw new AuditError(
      'replay-impossible',
      `certificates that were issued after the backup are nowhere to be found: ${missing.join(', ')}; put what has their octets into a folder, and name it with --certificates`,
    );
  return returned;
}

function lostCertificate(
  { authorityId, serialNumber, effectiveAt, leaf }: ToldChange,
  der: Buffer,
  issuers: ReadonlyMap<string, Buffer>,
): LostCertificate {
  const certificate = parseCertificate(der);
  const issuer = issuers.get(authorityId);
  const isRight =
    digest('sha256', der).toString('hex') === leaf.details['sha256'] &&
    certificate.serialNumber.equals(serialNumber) &&
    issuer !== undefined &&
    isSignedBy(certificate, publicKeyOf(parseCertificate(issuer)));
  const [profileId, version] = String(leaf.details['profile']).split('@') as (string | undefined)[];
  if (!isRight || !profileId || !/^\d{1,9}$/.test(version ?? ''))
    throw new AuditError('replay-impossible', `what was found for ${leaf.subject} is not what was issued`);
  return {
    authorityId,
    serialNumber,
    der,
    tbsCertificate: certificate.tbsCertificate,
    spkiSha256: digest('sha256', certificate.subjectPublicKeyInfo),
    sha256: digest('sha256', der),
    profileId,
    profileVersion: Number(version),
    origin: String(leaf.details['origin']),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    issuedAt: effectiveAt,
  };
}

async function returnChanges(
  { replay }: ReplayHouse,
  tx: Transaction,
  told: readonly ToldChange[],
): Promise<number> {
  const before = await replay.lastChangeNumber(tx);
  const changes = numberChanges(told, before);
  const last = new Map<string, (typeof changes)[number]>();
  for (const { leaf, ...change } of changes) {
    await replay.insertChange(tx, { ...change, requestedBy: REQUESTED_BY });
    last.set(leaf.subject, { leaf, ...change });
  }
  for (const change of last.values())
    if (change.event === 'held') await replay.insertHoldCause(tx, change, REQUESTED_BY);
  if (changes.length > 0) await replay.setLastChangeNumber(tx, before + changes.length);
  return changes.length;
}
