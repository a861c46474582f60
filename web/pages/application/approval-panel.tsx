import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useApproval, useApprove } from '../../client/approvals.ts';
import type { PreparedApproval } from '../../client/approvals.ts';
import type { Application } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/section.tsx';
import { ApprovalLines } from './approval-lines.tsx';
import styles from './application-page.module.css';
import { DecideButton } from './decide-button.tsx';

/** Shows the second officer in full what a signature of their passkey will issue, then asks for it. */
export function ApprovalPanel({ application }: { application: Application }) {
  const { t } = useSpeech();
  const approval = useApproval(application.id, application.version);
  return (
    <Section title={t('application.approve-title')} hint={t('application.approve-lead')}>
      <Stack>
        <Answer query={approval}>
          {(prepared) => (
            <>
              <ApprovalLines prepared={prepared} />
              <ApproveForm
                application={application}
                prepared={prepared}
                onOutdated={() => void approval.refetch()}
              />
            </>
          )}
        </Answer>
        {approval.data === undefined && <DecideButton application={application} action="reject" />}
      </Stack>
    </Section>
  );
}

interface ApproveFormProps {
  application: Application;
  prepared: PreparedApproval;
  onOutdated(): void;
}

function ApproveForm({ application, prepared, onOutdated }: ApproveFormProps) {
  const { t } = useSpeech();
  const { credentials } = useOfficer();
  const [hasRead, setRead] = useState(false);
  const approve = useApprove(application.id);
  if (credentials === 0) {
    return (
      <Notice
        tone="warn"
        action={
          <Button component={Link} href="/passkeys?first" size="sm">
            {t('passkeys.first-action')}
          </Button>
        }
      >
        {t('application.no-passkey')}
      </Notice>
    );
  }
  return (
    <Stack className={styles.approve}>
      <Checkbox
        label={t('application.read')}
        checked={hasRead}
        onChange={(event) => setRead(event.currentTarget.checked)}
      />
      <FailureAlert error={approve.error} onRetry={onOutdated} />
      <Group>
        <Button
          size="lg"
          disabled={!hasRead}
          loading={approve.isPending}
          onClick={() => approve.mutate(prepared, { onError: onOutdated })}
        >
          {t('application.approve')}
        </Button>
        <DecideButton application={application} action="reject" />
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {t(approve.isPending ? 'application.approving' : 'application.approve-hint')}
      </Text>
    </Stack>
  );
}
