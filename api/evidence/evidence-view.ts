import { Type } from 'typebox';

import { EVIDENCE_KINDS, KEPT_MEDIA_TYPES } from '../../ra/evidence/evidence.ts';
import type { Evidence, KeptEvidence } from '../../ra/evidence/evidence.ts';
import { Instant, Uuid } from '../schemas.ts';

export const EvidenceView = Type.Object({
  id: Uuid,
  kind: Type.Enum(EVIDENCE_KINDS),
  mediaType: Type.Enum(KEPT_MEDIA_TYPES),
  octets: Type.Integer(),
  sha256: Type.String({ description: 'Hexadecimal; of the content as it was sent' }),
  addedBy: Uuid,
  addedAt: Instant,
  retainUntil: Type.Optional(
    Type.String({ format: 'date-time', description: 'The content may be deleted from then on' }),
  ),
  isHeld: Type.Optional(Type.Boolean({ description: 'A legal hold keeps the content' })),
  deletedAt: Type.Optional(Instant),
});

export function viewOfEvidence(one: Evidence & Partial<KeptEvidence>) {
  return {
    id: one.id,
    kind: one.kind,
    mediaType: one.mediaType,
    octets: one.octets,
    sha256: one.sha256.toString('hex'),
    addedBy: one.addedBy,
    addedAt: one.addedAt.toISOString(),
    ...(one.retainUntil && { retainUntil: one.retainUntil.toISOString() }),
    ...(one.isHeld !== undefined && { isHeld: one.isHeld }),
    ...(one.deletedAt && { deletedAt: one.deletedAt.toISOString() }),
  };
}
