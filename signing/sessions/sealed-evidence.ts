import { promisify } from 'node:util';
import { deflate, deflateSync, inflate } from 'node:zlib';

import { digest } from '../../pki/digest-algorithm.ts';
import type { SealedContent } from '../sealed-content.ts';
import { SigningError } from '../signing-error.ts';
import type { SessionHouse } from './session-house.ts';
import type { Evidence, SessionId } from './session.ts';

/** Evidence is kept for fifteen years: what it takes of the disk is most of what a session takes at all. */
const [packAside, unpack] = [promisify(deflate), promisify(inflate)];
/** Up to here it is packed before another thread would have begun: that of one prescription takes 40 µs, and three times as much aside. */
const PACKED_AT_ONCE_OCTETS_MAX = 64 * 1024;
/** Far above twenty documents of the greatest size, as JSON. */
const EVIDENCE_OCTETS_MAX = 256 * 2 ** 20;
/** First octet of what RFC 1950 packs; JSON, as it was kept before, begins with a brace. */
const PACKED = 0x78;

type VaultOf = Pick<SessionHouse, 'vault'>;

export async function sealSignatureEvidence(
  { vault }: VaultOf,
  id: SessionId,
  evidence: Buffer,
): Promise<SealedContent> {
  const isSmall = evidence.length <= PACKED_AT_ONCE_OCTETS_MAX;
  return vault.seal(evidenceName(id), isSmall ? deflateSync(evidence) : await packAside(evidence));
}

/** The content whose hash is that of the row; throws SigningError `signature-evidence-…` and what the vault throws. */
export async function openSignatureEvidence(
  { vault }: VaultOf,
  { sessionId, sha256, content }: Evidence,
): Promise<Buffer> {
  if (!content)
    throw new SigningError(
      'signature-evidence-deleted',
      'its fifteen years are over: the hash alone is left',
    );
  const opened = await vault.unseal(evidenceName(sessionId), content);
  const evidence =
    opened[0] === PACKED ? await unpack(opened, { maxOutputLength: EVIDENCE_OCTETS_MAX }) : opened;
  if (digest('sha256', evidence).equals(sha256)) return evidence;
  throw new SigningError('signature-evidence-missing', 'the content is not the one whose hash is recorded');
}

/** What it is sealed under: the signatures of the session have its bare id. */
function evidenceName(id: SessionId): string {
  return `evidence:${id}`;
}
