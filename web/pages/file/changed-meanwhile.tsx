import { Button, Group } from '@mantine/core';

import { ProblemError } from '../../client/problem.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';

/** A colleague has saved the same draft: nothing of either is overwritten unseen. */
export function ChangedMeanwhile({ onLoad, onKeep }: { onLoad: () => void; onKeep: () => void }) {
  const { t } = useSpeech();
  const actions = (
    <Group gap="xs" wrap="nowrap">
      <Button size="sm" variant="default" onClick={onLoad}>
        {t('file.load-theirs')}
      </Button>
      <Button size="sm" variant="default" onClick={onKeep}>
        {t('file.keep-mine')}
      </Button>
    </Group>
  );
  return (
    <Notice tone="warn" action={actions}>
      {t('file.changed-meanwhile')}
    </Notice>
  );
}

export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'application-changed';
}
