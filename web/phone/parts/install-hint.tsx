import { Button } from '@mantine/core';

import { useSpeech } from '../../i18n/language-context.tsx';
import { Notice } from '../../parts/notice.tsx';
import { installation, useInstallation } from '../tasks/installation.ts';

/** How the page becomes an app; nothing where it is one, or where the browser makes none. `isFirst`: before there is a key. */
export function InstallHint({ isFirst = false }: { isFirst?: boolean }) {
  const { t } = useSpeech();
  const way = useInstallation();
  if (way === 'by-button') {
    return (
      <Notice
        tone="calm"
        title={t('phone.install')}
        action={
          <Button variant="default" onClick={() => void installation.install()}>
            {t('phone.install-action')}
          </Button>
        }
      >
        {t('phone.install-text')}
      </Notice>
    );
  }
  if (way !== 'by-hand') return null;
  return (
    <Notice tone="calm" title={t('phone.install')}>
      {t(isFirst ? 'phone.install-first' : 'phone.install-by-hand')}
    </Notice>
  );
}
