import { Button, Stack } from '@mantine/core';
import { Link, useParams } from 'wouter';

import { systemClock } from '../../../core/clock.ts';
import { useHolderFile } from '../../client/holders.ts';
import type { HolderFile } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { ProfileName } from '../../parts/profile-name.tsx';
import { Section } from '../../parts/section.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { Timeline } from '../../parts/timeline.tsx';
import styles from '../application/application-page.module.css';
import { HolderFacts } from './holder-facts.tsx';
import { timelineItems } from './timeline-items.ts';

/** Everything that the office knows of one person. */
export function HolderPage() {
  const { nationalId } = useParams<{ nationalId: string }>();
  const { t } = useSpeech();
  return (
    <Answer query={useHolderFile(nationalId)} page={t('application.holder-file')}>
      {(file) => <Content file={file} />}
    </Answer>
  );
}

function Content({ file }: { file: HolderFile }) {
  const { t, format } = useSpeech();
  const { holder } = file;
  return (
    <>
      <PageHeader
        title={t('holder.title', { name: `${holder.givenName} ${holder.surname}` })}
        lead={t('holder.lead')}
      />
      <div className={styles.columns}>
        <Stack>
          <HolderFacts file={file} />
          <Section title={t('holder.certificates')}>
            <ItemList items={file.certificates} empty={t('holder.no-certificates')}>
              {(certificate) => (
                <ItemRow
                  key={certificate.serialNumber}
                  title={<ProfileName id={certificate.profile} />}
                  mark={<StatusBadge of={certificate} />}
                  detail={`${format.day(certificate.notBefore)} — ${format.day(certificate.notAfter)}`}
                  action={
                    <Button
                      component={Link}
                      href={`/certificates/${certificate.authority}/${certificate.serialNumber}`}
                      variant="default"
                      size="sm"
                    >
                      {t('application.open-certificate')}
                    </Button>
                  }
                />
              )}
            </ItemList>
          </Section>
          <Section title={t('holder.applications')}>
            <ItemList items={file.applications} empty={t('holder.no-applications')}>
              {(application) => (
                <ItemRow
                  key={application.id}
                  title={
                    <Link href={`/applications/${application.id}`}>
                      <ProfileName id={application.profile} />
                    </Link>
                  }
                  mark={<StateBadge state={application.state} />}
                  detail={format.instant(application.filedAt)}
                />
              )}
            </ItemList>
          </Section>
        </Stack>
        <Section title={t('holder.timeline')}>
          <Timeline items={timelineItems(file.timeline, systemClock.now(), t)} />
        </Section>
      </div>
    </>
  );
}
