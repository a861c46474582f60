import { createHash } from 'node:crypto';

import { canonicalJson } from '../core/canonical-json.ts';
import { isObject } from '../core/is-object.ts';
import { AuditError } from './audit-error.ts';
import type { AuditEvent } from './audit-event.ts';

/** An event as it is recorded. */
export interface RecordedEvent extends AuditEvent {
  id: number;
}

/** What everybody may read of an event. */
export interface LogLeaf {
  version: 1;
  /** Identity of the event where it is recorded. */
  event: number;
  at: string;
  action: string;
  outcome: AuditEvent['outcome'];
  refusalCode?: string;
  /** Whole, or of a person's or an office's only its kind. */
  subject: string;
  details: AuditEvent['details'];
  /** SHA-256 over a salt and the canonical JSON of what is not public, in hexadecimal. */
  commitment: string;
}

export const SALT_OCTETS = 32;

/** Subjects that are no person's: their ids are public anyway, or numbers that say nothing of anybody. */
const PUBLIC_SUBJECTS = new Set([
  'application',
  'authority',
  'certificate',
  'crl',
  'key',
  'log',
  'node',
  'renewal',
  'seals',
  'service',
  'time-stamps',
]);

const ISSUANCE = ['sha256', 'changeNumber', 'effectiveAt', 'origin', 'profile'];
const STATUS = ['changeNumber', 'effectiveAt', 'reason', 'invalidityDate'];

/** Details that are public, by action; all else is committed to. What replay and relying parties need, and nothing of a person. */
const PUBLIC_DETAILS: Readonly<Record<string, readonly string[]>> = {
  'intend-certificate': ['origin', 'profile'],
  'issue-certificate': ISSUANCE,
  'import-certificate': ISSUANCE,
  'hold-certificate': STATUS,
  'release-certificate': STATUS,
  'revoke-certificate': STATUS,
  'issue-crl': ['crlNumber', 'lastChangeNumber'],
  'issue-time-stamps': ['count', 'lastGenTime', 'tokensSha256'],
  'seal-reports': ['count', 'sealsSha256'],
  'add-log-key': ['noteKey'],
  'retire-log-key': ['noteKey'],
  'start-service': ['settingsSha256', 'profilesSha256', 'version'],
  'replay-log': ['fromSize', 'toSize', 'statusChanges', 'certificates', 'lost'],
};

/** The public part of an event. */
export function leafOf(event: RecordedEvent, commitment: Uint8Array): LogLeaf {
  const { id, at, action, outcome, refusalCode } = event;
  return {
    version: 1,
    event: id,
    at: at.toISOString(),
    action,
    outcome,
    ...(refusalCode !== undefined && { refusalCode }),
    subject: publicSubject(event.subject),
    details: pick(event.details, (name) => isPublic(action, name)),
    commitment: Buffer.from(commitment).toString('hex'),
  };
}

/** The octets that are hashed. */
export function encodeLeaf(leaf: LogLeaf): Buffer {
  return Buffer.from(canonicalJson(leaf));
}

/** Commits to what is not public: who acted, on whom, and every other detail. */
export function commitmentOf(salt: Uint8Array, { actor, subject, action, details }: AuditEvent): Buffer {
  const { kind, id, officeId } = actor;
  const secret = canonicalJson({
    actor: { kind, id, ...(officeId !== undefined && { officeId }) },
    subject,
    details: pick(details, (name) => !isPublic(action, name)),
  });
  return createHash('sha256').update(salt).update(secret).digest();
}

/** Throws AuditError `leaf-malformed` for what is not the canonical form of a leaf. */
export function parseLeaf(octets: Buffer): LogLeaf {
  const text = octets.toString('utf8');
  const leaf = orUndefined(() => JSON.parse(text) as unknown);
  if (!isLeaf(leaf) || canonicalJson(leaf) !== text)
    throw new AuditError('leaf-malformed', 'an entry of the log is no event');
  return leaf;
}

function isLeaf(value: unknown): value is LogLeaf {
  return (
    isObject(value) &&
    value.version === 1 &&
    Number.isSafeInteger(value.event) &&
    typeof value.at === 'string' &&
    !Number.isNaN(Date.parse(value.at)) &&
    typeof value.action === 'string' &&
    (value.outcome === 'accepted' || value.outcome === 'refused') &&
    (value.outcome === 'refused') === (typeof value.refusalCode === 'string') &&
    typeof value.subject === 'string' &&
    isObject(value.details) &&
    typeof value.commitment === 'string' &&
    /^[0-9a-f]{64}$/.test(value.commitment)
  );
}

function publicSubject(subject: string): string {
  const kind = subject.split(':', 1)[0];
  // A refusal over HTTP names a path, which may hold anybody's id.
  if (kind.startsWith('/')) return 'request';
  return PUBLIC_SUBJECTS.has(kind) ? subject : kind;
}

function isPublic(action: string, name: string): boolean {
  return Object.hasOwn(PUBLIC_DETAILS, action) && PUBLIC_DETAILS[action].includes(name);
}

function pick(details: AuditEvent['details'], isWanted: (name: string) => boolean): AuditEvent['details'] {
  return Object.fromEntries(Object.entries(details).filter(([name]) => isWanted(name)));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
