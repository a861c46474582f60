import { Switch } from '@mantine/core';
import { useState } from 'react';

import { useChangeRelyingParty } from '../../client/relying-parties.ts';
import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

/** Whether a party may have digests signed of which nobody here knows what they are of; asks before either change. */
export function DigestsSwitch({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const change = useChangeRelyingParty(party);
  const isOn = party.mayHandInDigests;
  const name = `\u2068${party.displayedName}\u2069`;
  const confirm = () => change.mutate({ mayHandInDigests: !isOn }, { onSuccess: () => setAsking(false) });
  return (
    <>
      <Switch
        checked={isOn}
        onChange={() => setAsking(true)}
        label={t('relying-parties.digests')}
        aria-label={t('relying-parties.digests-of', { name })}
      />
      <ConfirmDialog
        isOpen={isAsking}
        title={t(isOn ? 'relying-parties.digests-end-title' : 'relying-parties.digests-title', { name })}
        action={t(isOn ? 'relying-parties.digests-end' : 'relying-parties.digests-allow')}
        isDangerous={!isOn}
        isPending={change.isPending}
        error={change.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t(isOn ? 'relying-parties.digests-end-text' : 'relying-parties.digests-text')}
      </ConfirmDialog>
    </>
  );
}
