import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useAddRelyingPartyCredential } from '../../client/relying-parties.ts';
import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import inputs from '../../parts/inputs.module.css';
import { readCredential } from './read-credential.ts';

/** Takes a public key or a certificate, whichever was pasted. A secret key that was pasted by mistake is never sent. */
export function AddCredentialButton({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [text, setText] = useState('');
  const add = useAddRelyingPartyCredential(party.id);
  const read = readCredential(text);
  const close = () => {
    setAsking(false);
    setText('');
    add.reset();
  };
  return (
    <>
      <Button size="sm" leftSection={<Icon name="add" size={18} />} onClick={() => setAsking(true)}>
        {t('relying-party.add')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('relying-party.add-title', { name: `\u2068${party.displayedName}\u2069` })}
        action={t('relying-party.add')}
        isPending={add.isPending}
        isBlocked={!('input' in read)}
        error={add.error}
        onConfirm={() => 'input' in read && add.mutate(read.input, { onSuccess: close })}
        onClose={close}
      >
        <Textarea
          label={t('relying-party.key')}
          description={t('relying-party.key-hint')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={'fault' in read && text.trim() !== '' ? t(`relying-party.key-${read.fault}`) : undefined}
          rows={8}
          dir="ltr"
          lang="en"
          spellCheck={false}
          classNames={{ input: inputs.latin }}
          required
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
