import { Button, Stack } from '@mantine/core';
import { Link, useParams } from 'wouter';

import { useCertificate } from '../../client/certificates.ts';
import type { CertificateName } from '../../client/certificates.ts';
import type { CertificateWithHistory } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { Timeline } from '../../parts/timeline.tsx';
import styles from '../application/application-page.module.css';
import { CertificateFacts } from './certificate-facts.tsx';
import { HoldCauses } from './hold-causes.tsx';
import { historyItems } from './history-items.ts';
import { StatusActions } from './status-actions.tsx';

/** One certificate: what it says, how it stands, and what this officer may do about it. */
export function CertificatePage() {
  const { authority, serialNumber } = useParams<'/certificates/:authority/:serialNumber'>();
  const { t } = useSpeech();
  const name: CertificateName = { authority, serialNumber };
  return (
    <Answer query={useCertificate(name)} page={t('certificate.facts')}>
      {(certificate) => <Content certificate={certificate} />}
    </Answer>
  );
}

function Content({ certificate }: { certificate: CertificateWithHistory }) {
  const { t } = useSpeech();
  const { applicant } = certificate;
  return (
    <>
      <PageHeader
        title={t('certificate.title', { name: `${applicant.givenName} ${applicant.surname}` })}
        mark={<StatusBadge of={certificate} />}
        actions={<StatusActions certificate={certificate} />}
      />
      <div className={styles.columns}>
        <Stack>
          <HoldCauses causes={certificate.holdCauses ?? []} />
          <Section
            title={t('certificate.facts')}
            aside={
              <Button
                component="a"
                href={`data:application/x-pem-file,${encodeURIComponent(certificate.certificate)}`}
                download={`${certificate.authority}-${certificate.serialNumber}.pem`}
                variant="subtle"
                size="compact-sm"
              >
                {t('certificate.download')}
              </Button>
            }
          >
            <CertificateFacts certificate={certificate} />
          </Section>
          <Stack gap="xs" align="flex-start">
            <Button component={Link} href={`/holders/${applicant.nationalId}`} variant="default" size="sm">
              {t('application.holder-file')}
            </Button>
            <Button
              component={Link}
              href={`/applications/${certificate.applicationId}`}
              variant="default"
              size="sm"
            >
              {t('certificate.application')}
            </Button>
          </Stack>
        </Stack>
        <Section title={t('certificate.history')}>
          <Timeline items={historyItems(certificate.history, t)} />
        </Section>
      </div>
    </>
  );
}
