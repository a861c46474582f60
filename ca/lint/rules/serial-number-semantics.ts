import { openWhole } from '../../../pki/der/decode.ts';
import { oidOf } from '../../../pki/der/values.ts';
import { AT, PKIX } from '../../../pki/oid.ts';
import { attributeOf } from '../../../pki/name.ts';
import { error } from '../finding.ts';
import type { CertificateLint } from '../lint.ts';
import { parsedExtensions } from '../parsed-extensions.ts';

/** Identity type, country, hyphen: of the types (PAS, IDC, PNO, TIN …) we write the personal number alone. */
const PERSONAL_NUMBER_OF_IRAN = 'PNOIR-';

/** The statement of natural person semantics and a serialNumber in its form come together. */
export const serialNumberSemantics: CertificateLint = {
  id: 'serial-number-semantics',
  source: 'EN 319 412-1 §5.1.3',
  check({ certificate }) {
    const states = (parsedExtensions(certificate).qcStatements ?? []).some(({ id, info }) => {
      return id === PKIX.qcStatementSemantics && info !== undefined && isNaturalSemantics(info);
    });
    const serialNumber = attributeOf(certificate.subject, AT.serialNumber);
    const inForm = serialNumber?.startsWith(PERSONAL_NUMBER_OF_IRAN) === true;
    if (!states && !inForm) return 'not-applicable';
    if (states && inForm) return 'pass';
    return error(
      inForm
        ? 'serialNumber has a form that no statement explains'
        : 'serialNumber is not in the stated form',
    );
  },
};

function isNaturalSemantics(info: Buffer): boolean {
  const semantics = openWhole(info);
  return !semantics.atEnd && oidOf(semantics.next()) === PKIX.qcsSemanticsNatural;
}
