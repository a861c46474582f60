import { Button, Stack } from '@mantine/core';

import { useFileDraft } from '../../client/personalisations.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';

/** Files the draft with the key of the card, so that a second officer approves this very key. */
export function FileButton({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  const filing = useFileDraft(applicationId);
  return (
    <Stack gap="sm" align="flex-start">
      <FailureAlert error={filing.error} />
      <Button size="md" loading={filing.isPending} onClick={() => filing.mutate()} autoFocus>
        {t('file.submit')}
      </Button>
    </Stack>
  );
}
