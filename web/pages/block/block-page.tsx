import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { Link } from 'wouter';

import { LanguageSwitch } from '../../app/language-switch.tsx';
import { Seal } from '../../app/seal.tsx';
import { useBlock } from '../../client/self-service.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { BlockForm } from './block-form.tsx';
import { BlockOutcomeNotice } from './block-outcome-notice.tsx';
import styles from './block-page.module.css';

/** For holders, on any screen, at any hour: block what was lost. */
export function BlockPage() {
  const { t } = useSpeech();
  const block = useBlock();
  const title = t('block.title');
  useEffect(() => {
    document.title = `${title} — ${t('app.name')}`;
  }, [title, t]);
  return (
    <main className={styles.page}>
      <div className={styles.top}>
        <span className={styles.brand}>
          <Seal size={34} />
          {t('app.name')}
        </span>
        <LanguageSwitch />
      </div>
      <Paper className={styles.card}>
        <Stack>
          <Title order={1} size="h2">
            {title}
          </Title>
          <Text>{t('block.lead')}</Text>
          {block.data ? <BlockOutcomeNotice outcome={block.data} /> : <BlockForm block={block} />}
        </Stack>
      </Paper>
      <Anchor component={Link} href="/sign-in" size="sm">
        {t('block.home')}
      </Anchor>
    </main>
  );
}
