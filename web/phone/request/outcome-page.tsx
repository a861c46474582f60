import { Button, Stack, Text, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';

import { Icon } from '../../app/icons.tsx';
import type { IconName } from '../../app/icons.tsx';
import { en } from '../../i18n/catalogue.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import styles from '../phone.module.css';

/** How a request ended, in the words of the service; `OVER`: it was answered or ended elsewhere. */
export interface Outcome {
  state: string;
  count: number;
}

const LOOKS: Readonly<Record<string, { tone: string; icon: IconName }>> = {
  SIGNED: { tone: 'good', icon: 'check' },
  USER_REFUSED: { tone: 'quiet', icon: 'cross' },
};
const FAILED = { tone: 'bad', icon: 'warn' } as const;

/** The last word on a request; read out, and left by the holder. */
export function OutcomePage({ outcome, onDone }: { outcome: Outcome; onDone(): void }) {
  const { t } = useSpeech();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const { tone, icon } = LOOKS[outcome.state] ?? FAILED;
  const key = `phone.outcome-${outcome.state}`;
  return (
    <section className={styles.outcome} data-tone={tone} data-state={outcome.state}>
      <Stack align="center">
        <Icon name={icon} size={64} />
        <Title order={1} size="h2" ref={title} tabIndex={-1}>
          {t(isTextKey(key) ? key : 'phone.outcome-ERROR')}
        </Title>
        <Text>{t(textOf(`${key}-text`), { count: outcome.count })}</Text>
        <Button size="lg" fullWidth onClick={onDone}>
          {t('phone.done')}
        </Button>
      </Stack>
    </section>
  );
}

function textOf(key: string): TextKey {
  return isTextKey(key) ? key : 'phone.outcome-ERROR-text';
}

function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}
