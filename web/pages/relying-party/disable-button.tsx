import { Button } from '@mantine/core';
import { useState } from 'react';

import { useChangeRelyingParty } from '../../client/relying-parties.ts';
import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

/** Takes nothing from a party any more, at once, or takes it again. */
export function DisableButton({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const change = useChangeRelyingParty(party);
  const isEnabled = !party.disabledAt;
  const act = isEnabled ? 'disable' : 'enable';
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t(`relying-party.${act}`)}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t(`relying-party.${act}-title`, { name: `\u2068${party.displayedName}\u2069` })}
        action={t(`relying-party.${act}`)}
        isDangerous={isEnabled}
        isPending={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate({ isDisabled: isEnabled }, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        {t(`relying-party.${act}-text`)}
      </ConfirmDialog>
    </>
  );
}
