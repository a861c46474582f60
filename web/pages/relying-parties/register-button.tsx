import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';

import { Icon } from '../../app/icons.tsx';
import { useRegisterRelyingParty } from '../../client/relying-parties.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { LatinInput } from '../../parts/latin-input.tsx';
import { NO_TERMS, TermsFields, areTermsWhole, termsOf } from './terms-fields.tsx';

/** As the API takes it (api/relying-parties/relying-party-view.ts). */
const ID = /^[a-z][a-z0-9-]{1,39}$/;

/** Registers a party and opens its page, where its key is added: until then it can ask for nothing. */
export function RegisterButton() {
  const { t } = useSpeech();
  const [, navigate] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const [terms, setTerms] = useState(NO_TERMS);
  const [id, setId] = useState('');
  const [mayHandInDigests, setDigests] = useState(false);
  const register = useRegisterRelyingParty();
  const isIdWrong = id !== '' && !ID.test(id);
  const confirm = () =>
    register.mutate(
      { id, ...termsOf(terms), mayHandInDigests },
      { onSuccess: () => navigate(`/relying-parties/${id}`) },
    );
  return (
    <>
      <Button leftSection={<Icon name="add" />} onClick={() => setAsking(true)}>
        {t('relying-parties.register')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('relying-parties.register-title')}
        action={t('relying-parties.register')}
        isPending={register.isPending}
        isBlocked={!ID.test(id) || !areTermsWhole(terms)}
        error={register.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        <TermsFields value={terms} onChange={setTerms} />
        <LatinInput
          label={t('relying-parties.id')}
          description={t('relying-parties.id-hint')}
          value={id}
          onChange={(typed) => setId(typed.trim().toLowerCase())}
          error={isIdWrong ? t('relying-parties.id-wrong') : undefined}
          maxLength={40}
          required
        />
        <Checkbox
          label={t('relying-parties.digests')}
          description={t('relying-parties.digests-text')}
          checked={mayHandInDigests}
          onChange={(event) => setDigests(event.currentTarget.checked)}
        />
      </ConfirmDialog>
    </>
  );
}
