import { isLocked } from '../../formats/pdf/signature-dictionary.ts';
import type { SignatureDictionary, SignaturePermissions } from '../../formats/pdf/signature-dictionary.ts';

/**
 * What the signatures of a revision let later ones change (ISO 32000-2 §12.8.2.2, §12.8.2.4). Where nobody has certified the
 * document nobody has permitted anything either: then empty fields may be filled in, and nothing else but signing.
 */
export interface DocumentPermissions {
  certification: SignaturePermissions['certification'];
  maySign: boolean;
  mayAnnotate: boolean;
  mayFillIn(field: string, wasEmpty: boolean): boolean;
}

/** Of all signatures that a revision has: the strictest certification, and every lock. */
export function permissionsOf(signatures: readonly SignatureDictionary[]): DocumentPermissions {
  const certifications = signatures.flatMap(({ permissions }) => permissions.certification ?? []);
  const certification = certifications.sort((a, b) => a - b).at(0);
  const locks = signatures.flatMap(({ permissions }) => permissions.locks);
  return {
    certification,
    maySign: certification !== 1,
    mayAnnotate: certification === 3,
    mayFillIn: (field, wasEmpty) =>
      (certification === undefined ? wasEmpty : certification >= 2) &&
      !locks.some((lock) => isLocked(lock, field)),
  };
}
