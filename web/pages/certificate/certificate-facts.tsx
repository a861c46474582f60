import type { Certificate } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { CouncilNumber } from '../../parts/council-number.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Latin } from '../../parts/latin.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';

export function CertificateFacts({ certificate }: { certificate: Certificate }) {
  const { t, format } = useSpeech();
  const { applicant } = certificate;
  return (
    <Facts
      facts={[
        { name: t('field.given-name'), value: <bdi>{applicant.givenName}</bdi> },
        { name: t('field.surname'), value: <bdi>{applicant.surname}</bdi> },
        { name: t('field.latin-name'), value: <Latin>{applicant.latinName}</Latin> },
        { name: t('field.national-id'), value: <Identifier>{applicant.nationalId}</Identifier> },
        { name: t('field.council-number'), value: <CouncilNumber number={applicant.councilNumber} /> },
        { name: t('field.profile'), value: <ProfileName id={certificate.profile} /> },
        { name: t('field.authority'), value: <Latin>{certificate.authority}</Latin> },
        { name: t('field.valid-from'), value: format.instant(certificate.notBefore) },
        { name: t('field.valid-to'), value: format.instant(certificate.notAfter) },
        { name: t('field.serial'), value: <Latin code>{certificate.serialNumber}</Latin>, wide: true },
        { name: t('field.fingerprint'), value: <Latin code>{certificate.sha256}</Latin>, wide: true },
      ]}
    />
  );
}
