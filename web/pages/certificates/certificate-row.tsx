import type { Certificate } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ApplicantCells } from '../../parts/applicant-cells.tsx';
import { Latin } from '../../parts/latin.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';

/** Enough of a serial number to tell two apart. */
const SERIAL_SHOWN = 12;

export function CertificateRow({ certificate }: { certificate: Certificate }) {
  const { format } = useSpeech();
  const { applicant, authority, serialNumber } = certificate;
  return (
    <tr>
      <ApplicantCells applicant={applicant} href={`/certificates/${authority}/${serialNumber}`} />
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
