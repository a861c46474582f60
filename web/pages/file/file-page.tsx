import { Button, Group, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import { useLocation } from 'wouter';

import { Icon } from '../../app/icons.tsx';
import { useOfficer } from '../../app/officer-context.ts';
import { useFileApplication } from '../../client/applications.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { ApplicantFields } from './applicant-fields.tsx';
import { isBlank } from './application-draft.ts';
import styles from './file-page.module.css';
import { ProfileField } from './profile-field.tsx';
import { RegisterPanel } from './register-panel.tsx';
import { RequestField } from './request-field.tsx';
import { useApplicationDraft } from './use-application-draft.ts';
import { useDraftForm } from './use-draft-form.ts';
import { applicantOf } from './use-live-registers.ts';

/** A clerk files an application; by keyboard alone, and without losing what was typed. */
export function FilePage() {
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const officer = useOfficer();
  const keeper = useApplicationDraft('new');
  const { draft } = keeper;
  const { bind, firstFault, isTried, markTried, reset } = useDraftForm(keeper);
  const form = useRef<HTMLFormElement>(null);
  const filing = useFileApplication(officer.id);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    markTried();
    if (firstFault !== undefined) {
      form.current?.querySelector<HTMLElement>(`[name="${firstFault}"]`)?.focus();
      return;
    }
    const { profile, certificationRequest } = draft;
    filing.mutate(
      { profile, applicant: applicantOf(draft), certificationRequest },
      {
        onSuccess: ({ id }) => {
          keeper.clear();
          navigate(`/applications/${id}?filed`);
        },
      },
    );
  };
  return (
    <>
      <PageHeader
        title={t('file.title')}
        lead={t('file.lead')}
        actions={<ClearButton isDisabled={isBlank(draft)} onClear={() => (keeper.clear(), reset())} />}
      />
      <form ref={form} onSubmit={submit} onKeyDown={submitByKey} noValidate className={styles.form}>
        <Stack>
          {keeper.isRestored && <Notice tone="calm">{t('file.restored')}</Notice>}
          <ApplicantFields bind={bind} />
          <Section title={t('file.certificate')}>
            <Stack>
              <ProfileField binding={bind('profile')} />
              <RequestField binding={bind('certificationRequest')} />
            </Stack>
          </Section>
          {isTried && firstFault !== undefined && <Notice tone="bad">{t('file.incomplete')}</Notice>}
          <FailureAlert error={filing.error} />
          <Group>
            <Button type="submit" size="lg" loading={filing.isPending}>
              {t('file.submit')}
            </Button>
            <Text size="sm" c="dimmed">
              {t('file.submit-hint')}
            </Text>
          </Group>
        </Stack>
        <Stack className={styles.aside}>
          <RegisterPanel draft={draft} />
          {!isBlank(draft) && (
            <p className={styles.saved}>
              <Icon name="check" size={16} /> {t('file.saved-here')}
            </p>
          )}
        </Stack>
      </form>
    </>
  );
}

function submitByKey(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
}

function ClearButton({ isDisabled, onClear }: { isDisabled: boolean; onClear: () => void }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" size="sm" disabled={isDisabled} onClick={() => setAsking(true)}>
        {t('file.clear')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('file.clear-title')}
        action={t('file.clear')}
        isDangerous
        isPending={false}
        error={null}
        onConfirm={() => {
          onClear();
          setAsking(false);
        }}
        onClose={() => setAsking(false)}
      >
        {t('file.clear-text')}
      </ConfirmDialog>
    </>
  );
}
