import { Button, Group } from '@mantine/core';
import { Link } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import type { SavedDraft } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';

/** A draft is a clerk's to go on with; others see that it is one. */
export function DraftPage({ saved }: { saved: SavedDraft }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const { givenName = '', surname = '' } = saved.draft.applicant ?? {};
  return (
    <>
      <PageHeader
        title={t('application.title', { name: `${givenName} ${surname}`.trim() || t('queue.unnamed') })}
        mark={<StateBadge state={saved.state} />}
      />
      <Notice
        tone="calm"
        action={
          roles.includes('clerk') && (
            <Group gap="xs">
              {saved.draft.delivery === 'card' && (
                <Button component={Link} href={`/applications/${saved.id}/card`} size="sm" variant="default">
                  {t('cards.go-on-with-card')}
                </Button>
              )}
              <Button component={Link} href={`/applications/${saved.id}/edit`} size="sm">
                {t('application.continue-draft')}
              </Button>
            </Group>
          )
        }
      >
        {t('application.draft')}
      </Notice>
    </>
  );
}
