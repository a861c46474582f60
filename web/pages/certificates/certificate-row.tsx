import type { Certificate } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { CouncilNumber } from '../../parts/council-number.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Latin } from '../../parts/latin.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import { RowLink } from '../../parts/row-link.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';

/** Enough of a serial number to tell two apart. */
const SERIAL_SHOWN = 12;

export function CertificateRow({ certificate }: { certificate: Certificate }) {
  const { format } = useSpeech();
  const { applicant, authority, serialNumber } = certificate;
  return (
    <tr>
      <td>
        <RowLink href={`/certificates/${authority}/${serialNumber}`}>
          <bdi>{`${applicant.givenName} ${applicant.surname}`}</bdi>
        </RowLink>
        <div>
          <Latin>{applicant.latinName}</Latin>
        </div>
      </td>
      <td>
        <Identifier>{applicant.nationalId}</Identifier>
        <div>
          <CouncilNumber number={applicant.councilNumber} />
        </div>
      </td>
      <td>
        <ProfileName id={certificate.profile} />
      </td>
      <td title={serialNumber}>
        <Latin code>{`${serialNumber.slice(0, SERIAL_SHOWN)}…`}</Latin>
      </td>
      <td>
        <time dateTime={certificate.notAfter}>{format.day(certificate.notAfter)}</time>
      </td>
      <td>
        <StatusBadge of={certificate} />
      </td>
    </tr>
  );
}
