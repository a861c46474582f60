import { Button, Group, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import type { FormEvent, KeyboardEvent } from 'react';
import { useLocation } from 'wouter';

import { Icon } from '../../app/icons.tsx';
import { useFileApplication, useSaveDraft, useSubmitDraft } from '../../client/applications.ts';
import type { SavedDraft } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { ApplicantFields } from './applicant-fields.tsx';
import { isBlank } from './application-draft.ts';
import { ChangedMeanwhile, isChangedMeanwhile } from './changed-meanwhile.tsx';
import { ClearButton } from './clear-button.tsx';
import { DeliveryField } from './delivery-field.tsx';
import { contentOf, draftOf, inputOf } from './draft-content.ts';
import { DiscardButton } from './discard-button.tsx';
import styles from './file-page.module.css';
import { ProfileField } from './profile-field.tsx';
import { RegisterPanel } from './register-panel.tsx';
import { RequestField } from './request-field.tsx';
import { useApplicationDraft } from './use-application-draft.ts';
import { useDraftForm } from './use-draft-form.ts';

/** A clerk files an application; by keyboard alone, and without losing what was typed. */
export function FileForm({ saved }: { saved?: SavedDraft }) {
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const keeper = useApplicationDraft(saved?.id ?? 'new', saved && draftOf(saved.draft));
  const { draft } = keeper;
  const isForCard = draft.delivery === 'card';
  const { bind, firstFault, isTried, markTried, reset } = useDraftForm(keeper);
  const form = useRef<HTMLFormElement>(null);
  const filing = useFileApplication();
  // The version that this form goes on from: a colleague's later one is not overwritten unseen.
  const [seen, setSeen] = useState(saved);
  const submitting = useSubmitDraft(seen, setSeen);
  const saving = useSaveDraft(seen);
  const sending = saved ? submitting : filing;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sending.isPending) return;
    markTried();
    if (firstFault !== undefined) {
      form.current?.querySelector<HTMLElement>(`[name="${firstFault}"]`)?.focus();
      return;
    }
    if (isForCard) return saveAnd('card');
    sending.mutate(inputOf(draft), {
      onSuccess: ({ id }) => {
        keeper.clear();
        navigate(`/applications/${id}?filed`);
      },
    });
  };
  /** Kept where colleagues find it; then it goes on here, or with the card. */
  const saveAnd = (page: 'edit' | 'card') =>
    saving.mutate(contentOf(draft), {
      onSuccess: (kept) => {
        setSeen(kept);
        if (saved && page === 'edit') return keeper.forget();
        keeper.clear();
        navigate(`/applications/${kept.id}/${page}`, { replace: page === 'edit' });
      },
    });
  const goOnFrom = (theirs: SavedDraft) => {
    setSeen(theirs);
    saving.reset();
    sending.reset();
  };
  const isOvertaken =
    saved !== undefined &&
    saved.version !== seen?.version &&
    isChangedMeanwhile(saving.error ?? sending.error);
  return (
    <>
      <PageHeader
        title={t(saved ? 'file.title-edit' : 'file.title')}
        lead={t('file.lead')}
        actions={
          <>
            <Button
              variant="default"
              size="sm"
              disabled={isBlank(draft)}
              loading={saving.isPending}
              onClick={() => saveAnd('edit')}
            >
              {t('file.save-draft')}
            </Button>
            {seen ? (
              <DiscardButton seen={seen} onDiscarded={() => (keeper.clear(), navigate('/?state=draft'))} />
            ) : (
              <ClearButton isDisabled={isBlank(draft)} onClear={() => (keeper.clear(), reset())} />
            )}
          </>
        }
      />
      <form ref={form} onSubmit={submit} onKeyDown={submitByKey} noValidate className={styles.form}>
        <Stack>
          {keeper.isRestored && <Notice tone="calm">{t('file.restored')}</Notice>}
          {saved && saving.isSuccess && <Notice tone="good">{t('file.saved-draft')}</Notice>}
          {isOvertaken && (
            <ChangedMeanwhile
              onLoad={() => (goOnFrom(saved), keeper.replace(draftOf(saved.draft)))}
              onKeep={() => goOnFrom(saved)}
            />
          )}
          {!isOvertaken && <FailureAlert error={saving.error} />}
          <ApplicantFields bind={bind} />
          <Section title={t('file.certificate')}>
            <Stack>
              <ProfileField binding={bind('profile')} />
              <DeliveryField binding={bind('delivery')} profile={draft.profile} />
              {draft.delivery === 'request' && <RequestField binding={bind('certificationRequest')} />}
            </Stack>
          </Section>
          {isTried && firstFault !== undefined && <Notice tone="bad">{t('file.incomplete')}</Notice>}
          {!isOvertaken && <FailureAlert error={sending.error} />}
          <Group>
            <Button type="submit" size="lg" loading={sending.isPending || (isForCard && saving.isPending)}>
              {t(isForCard ? 'file.to-card' : 'file.submit')}
            </Button>
            <Text size="sm" c="dimmed">
              {t(isForCard ? 'file.to-card-hint' : 'file.submit-hint')}
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
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat)
    event.currentTarget.requestSubmit();
}
