import { valuesOf } from '../../pki/cms/attribute.ts';
import { BerReader } from '../../pki/cms/ber-reader.ts';
import { readSignerInfo } from '../../pki/cms/signer-info.ts';
import type { SignerInfo } from '../../pki/cms/signer-info.ts';
import { CMS } from '../../pki/oid.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { Reason } from '../reason.ts';

/** Countersigners of countersigners: a second and a third look have been seen, no fourth. */
const LEVELS_MAX = 3;

/** Over one signature of a document, at all levels; each costs a verification. */
export const COUNTER_SIGNATURES_MAX = 16;

/** Where a signer stands: level 0 signs the document, level 1 a signature of level 0; `allowance` is what more may be read. */
export interface CounterPlace {
  level: number;
  allowance: { left: number };
}

/** Countersignatures of a signer (RFC 5652 §11.4), and reasons for those that cannot be read. */
export function counterSigners(
  signer: SignerInfo,
  { level, allowance }: CounterPlace,
): { signers: SignerInfo[]; reasons: Reason[] } {
  const values = valuesOf(signer.unsignedAttributes, CMS.countersignature);
  if (values.length === 0) return NONE;
  if (level >= LEVELS_MAX) return passedOver(`countersignatures deeper than ${LEVELS_MAX} levels`);
  allowance.left -= values.length;
  if (allowance.left < 0)
    return passedOver(`more than ${COUNTER_SIGNATURES_MAX} countersignatures over one signature`);
  const signers: SignerInfo[] = [];
  const reasons: Reason[] = [];
  for (const value of values) {
    try {
      signers.push(readWhole(value));
    } catch (cause) {
      if (!(cause instanceof PkiError)) throw cause;
      reasons.push(...passedOver(`a countersignature cannot be read: ${cause.detail}`).reasons);
    }
  }
  return { signers, reasons };
}

const NONE = { signers: [], reasons: [] };

function readWhole(value: Buffer): SignerInfo {
  const reader = new BerReader(value);
  const signer = readSignerInfo(reader);
  if (reader.rest.length > 0) throw new PkiError('cms-malformed', 'octets after it');
  return signer;
}

function passedOver(text: string): { signers: SignerInfo[]; reasons: Reason[] } {
  return { signers: [], reasons: [{ code: 'counter-signature-passed-over', text }] };
}
