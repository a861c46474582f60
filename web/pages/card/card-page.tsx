import { Stack } from '@mantine/core';
import { Link, useParams } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useCardFile } from '../../client/cards.ts';
import type { CardFile } from '../../client/cards.ts';
import { useOffices } from '../../client/offices.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { CardStateBadge } from '../../parts/card-state-badge.tsx';
import { Facts } from '../../parts/facts.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { StatusBadge } from '../../parts/status-badge.tsx';
import { Timeline } from '../../parts/timeline.tsx';
import { profileName } from '../../parts/code-names.ts';
import styles from '../application/application-page.module.css';
import { CardActions } from './card-actions.tsx';
import { changeItems } from './change-items.ts';
import { UnblockSection } from './unblock-section.tsx';

/** One card: where it is, what happened to it, and the certificates on it. */
export function CardPage() {
  const { id } = useParams<{ id: string }>();
  return <Answer query={useCardFile(id)}>{(file) => <Content file={file} />}</Answer>;
}

function Content({ file: { card, changes, certificates } }: { file: CardFile }) {
  const { t, format } = useSpeech();
  const { roles } = useOfficer();
  const office = useOffices().data?.items.find(({ id }) => id === card.officeId)?.name ?? t('field.office');
  return (
    <>
      <PageHeader
        title={t('card.title', { serial: `\u2068${card.serial}\u2069` })}
        mark={<CardStateBadge state={card.state} />}
        actions={<CardActions card={card} />}
      />
      <div className={styles.columns}>
        <Stack>
          <Section title={t('card.facts')}>
            <Facts
              facts={[
                { name: t('cards.serial'), value: <Latin code>{card.serial}</Latin> },
                { name: t('cards.type'), value: <bdi>{card.cardType}</bdi> },
                {
                  name: t('field.office'),
                  value: <bdi>{card.officeId === undefined ? t('cards.with-ca') : office}</bdi>,
                },
                { name: t('cards.changed'), value: format.instant(card.changedAt) },
              ]}
            />
          </Section>
          <Section title={t('card.certificates')}>
            <ItemList items={certificates} empty={t('card.no-certificates')}>
              {(certificate) => (
                <ItemRow
                  key={certificate.serialNumber}
                  title={
                    <Link href={`/certificates/${certificate.authority}/${certificate.serialNumber}`}>
                      <bdi>{`${certificate.applicant.givenName} ${certificate.applicant.surname}`}</bdi>
                    </Link>
                  }
                  mark={<StatusBadge of={certificate} />}
                  detail={profileName(certificate.profile, t)}
                />
              )}
            </ItemList>
          </Section>
          {roles.includes('clerk') && ['handed-over', 'pin-blocked'].includes(card.state) && (
            <UnblockSection card={card} />
          )}
        </Stack>
        <Section title={t('card.history')}>
          <Timeline items={changeItems(changes, t)} />
        </Section>
      </div>
    </>
  );
}
