import { councilGroups } from '../../core/council-number.ts';
import type { CouncilGroup } from '../../core/council-number.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parsedExtensions } from './parsed-extensions.ts';

/** Last arcs of the assigner "council number" below the sector's own arc. */
const ASSIGNER_SUFFIX = '.3.1';

export interface CouncilIdentity {
  /** The sector's arc, told from the assigner. */
  arc: string;
  /** Undefined for a group that the council does not have. */
  group?: CouncilGroup;
  digits: string;
}

/**
 * The council number that the permanentIdentifier says, `<group>-<digits>`; undefined where there is none, or where its
 * assigner is not the council's: another sector of the same house has its own numbers.
 */
export function councilIdentity(certificate: Certificate): CouncilIdentity | undefined {
  const identifier = parsedExtensions(certificate).permanentIdentifier;
  if (!identifier?.assigner?.endsWith(ASSIGNER_SUFFIX)) return undefined;
  const value = identifier.identifierValue ?? '';
  // Group codes have hyphens, digits have none.
  const hyphen = value.lastIndexOf('-');
  const code = value.slice(0, Math.max(hyphen, 0));
  const group = councilGroups.find((candidate) => candidate.code === code);
  return {
    arc: identifier.assigner.slice(0, -ASSIGNER_SUFFIX.length),
    digits: value.slice(hyphen + 1),
    ...(group && { group }),
  };
}
