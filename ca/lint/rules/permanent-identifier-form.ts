import { isAsciiDigits } from '../../../core/digits.ts';
import { councilIdentity } from '../council-identity.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';

/** A permanentIdentifier assigned by the council is `<membership group>-<digits>`, the digits without leading zeros. */
export const permanentIdentifierForm: CertificateLint = {
  id: 'permanent-identifier-form',
  source: 'RFC 4043 §2, practice statement: names',
  check({ certificate }) {
    const identity = councilIdentity(certificate);
    if (!identity) return 'not-applicable';
    if (!identity.group) return error('the permanent identifier names no membership group');
    const number = isAsciiDigits(identity.digits) && identity.digits[0] !== '0';
    return number ? 'pass' : error('the permanent identifier has no council number');
  },
};
