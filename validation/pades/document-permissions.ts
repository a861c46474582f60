import { isLocked } from '../../formats/pdf/signature-dictionary.ts';
import type { SignatureDictionary } from '../../formats/pdf/signature-dictionary.ts';

/**
 * What the signatures of a revision let later ones change (ISO 32000-2 §12.8.2.2, §12.8.2.4). Where nobody has certified the
 * document nobody has permitted anything either: that an empty field was filled in is then a question, and all else but signing refused.
 */
export interface DocumentPermissions {
  maySign: boolean;
  mayAnnotate: boolean;
  fillingIn(field: string, wasEmpty: boolean): 'permitted' | 'questionable' | 'forbidden';
}

/** Of all signatures that a revision has: the strictest certification, and every lock. */
export function permissionsOf(signatures: readonly SignatureDictionary[]): DocumentPermissions {
  const certifications = signatures.flatMap(({ permissions }) => permissions.certification ?? []);
  const certification = certifications.sort((a, b) => a - b).at(0);
  const locks = signatures.flatMap(({ permissions }) => permissions.locks);
  return {
    maySign: certification !== 1,
    mayAnnotate: certification === 3,
    fillingIn: (field, wasEmpty) => {
      if (certification === 1 || locks.some((lock) => isLocked(lock, field))) return 'forbidden';
      if (certification !== undefined) return 'permitted';
      return wasEmpty ? 'questionable' : 'forbidden';
    },
  };
}
