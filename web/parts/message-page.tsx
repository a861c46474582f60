import { Button, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';

import { useSpeech } from '../i18n/language-context.tsx';

/** A page that has nothing but a message and the way back. */
export function MessagePage({ title, text }: { title: string; text: string }) {
  const { t } = useSpeech();
  return (
    <Stack align="flex-start" py="xl">
      <Title order={1} size="h2">
        {title}
      </Title>
      <Text>{text}</Text>
      <Button component={Link} href="/">
        {t('nav.queue')}
      </Button>
    </Stack>
  );
}
