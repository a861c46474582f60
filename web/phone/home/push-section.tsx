import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';

import { queryClient } from '../../client/queries.ts';
import { Notice } from '../../parts/notice.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';
import { askForPush, endPush, pushState } from '../tasks/push.ts';

/** Being told of a request while the page is closed, where browser and service offer it. */
export function PushSection({ token }: { token: string }) {
  const { t } = useSpeech();
  const state = useQuery({
    queryKey: ['push', token],
    queryFn: () => pushState(token),
    retry: false,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const ask = useMutation({
    mutationFn: () => askForPush(token),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['push'] }),
  });
  const end = useMutation({
    mutationFn: () => endPush(token),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['push'] }),
  });
  if (state.data === 'denied') return <Notice tone="quiet">{t('phone.push-denied')}</Notice>;
  if (state.data === 'on') {
    return (
      <Notice
        tone="quiet"
        action={
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate()}>
            {t('phone.push-end')}
          </Button>
        }
      >
        {t('phone.push-on')}
      </Notice>
    );
  }
  if (state.data !== 'off') return null;
  return (
    <>
      <PhoneFailureAlert error={ask.error} />
      <Notice
        tone="calm"
        action={
          <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('phone.push-action')}
          </Button>
        }
      >
        {t('phone.push-text')}
      </Notice>
    </>
  );
}
