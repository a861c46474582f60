import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { CouncilNumber } from '../../parts/council-number.tsx';
import { Facts } from '../../parts/facts.tsx';
import type { Fact } from '../../parts/facts.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Latin } from '../../parts/latin.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import { Section } from '../../parts/section.tsx';

/** What was filed. */
export function CaseFacts({ application }: { application: Application }) {
  const { t, format } = useSpeech();
  const { applicant, decidedAt, decisionNote } = application;
  const facts: Fact[] = [
    { name: t('field.given-name'), value: <bdi>{applicant.givenName}</bdi> },
    { name: t('field.surname'), value: <bdi>{applicant.surname}</bdi> },
    { name: t('field.latin-name'), value: <Latin>{applicant.latinName}</Latin> },
    { name: t('field.national-id'), value: <Identifier>{applicant.nationalId}</Identifier> },
    { name: t('field.council-number'), value: <CouncilNumber number={applicant.councilNumber} /> },
    { name: t('field.profile'), value: <ProfileName id={application.profile} /> },
    { name: t('field.authority'), value: <Latin>{application.authority}</Latin> },
    { name: t('field.filed-at'), value: format.instant(application.filedAt) },
    ...(decidedAt === undefined ? [] : [{ name: t('field.decided-at'), value: format.instant(decidedAt) }]),
    ...(decisionNote === undefined
      ? []
      : [{ name: t('field.note'), value: <bdi>{decisionNote}</bdi>, wide: true }]),
  ];
  return (
    <Section title={t('application.case')}>
      <Facts facts={facts} />
    </Section>
  );
}
