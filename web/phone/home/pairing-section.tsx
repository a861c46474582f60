import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';

import { claimPairing } from '../../client/device-push.ts';
import { Notice } from '../../parts/notice.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';
import { forgetLink, useOpenedLink } from '../tasks/opened-link.ts';

/** A code of a clinic's screen was read: its request is taken over by this phone, and then waits as every other. */
export function PairingSection({ token }: { token: string }) {
  const { t } = useSpeech();
  const link = useOpenedLink();
  const secret = link?.kind === 'pairing' ? link.secret : undefined;
  const { mutate, error, isPending } = useMutation({
    mutationFn: (shown: string) => claimPairing(token, shown),
    // Whatever the answer is, the code has been used.
    onSettled: forgetLink,
  });
  useEffect(() => {
    if (secret !== undefined) mutate(secret);
  }, [secret, mutate]);
  if (isPending) return <Notice tone="calm">{t('phone.pairing')}</Notice>;
  return <PhoneFailureAlert error={error} />;
}

/** Shown where the phone has to be unlocked before it can take the request over. */
export function PairingWaits() {
  const { t } = useSpeech();
  const link = useOpenedLink();
  if (link?.kind !== 'pairing') return null;
  return (
    <Notice
      tone="calm"
      action={
        <Button variant="default" onClick={forgetLink}>
          {t('phone.cancel')}
        </Button>
      }
    >
      {t('phone.pairing-waits')}
    </Notice>
  );
}
