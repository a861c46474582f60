import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Badge } from '../../parts/badge.tsx';
import styles from '../../parts/inputs.module.css';
import {
  isCertificationRequest,
  REQUEST_CHARACTERS_MAX,
  requestOfFile,
} from './certification-request-text.ts';
import type { BoundField } from './field-binding.ts';

/** A PKCS#10 request from a file or pasted; its text is not read by people, so it stays small. */
export function RequestField({ binding }: { binding: BoundField }) {
  const { t } = useSpeech();
  const [source, setSource] = useState<string>();
  const read = async (file: File | null) => {
    if (!file) return;
    const octets = new Uint8Array(await file.slice(0, REQUEST_CHARACTERS_MAX).arrayBuffer());
    setSource(file.name);
    binding.onChange(requestOfFile(octets));
  };
  return (
    <div>
      <Group justify="space-between" mb="xs">
        <FileButton onChange={(file) => void read(file)} accept=".csr,.p10,.pem,.der,.req">
          {(props) => (
            <Button {...props} variant="default" leftSection={<Icon name="file" />}>
              {t('file.request-upload')}
            </Button>
          )}
        </FileButton>
        <span aria-live="polite">
          {isCertificationRequest(binding.value) && (
            <Badge tone="good" icon="check">
              {t('file.request-good')}
            </Badge>
          )}
        </span>
      </Group>
      <Textarea
        label={t('file.request-paste')}
        description={t('file.request-hint')}
        name={binding.name}
        value={binding.value}
        onChange={(event) => {
          setSource(undefined);
          binding.onChange(event.currentTarget.value);
        }}
        onBlur={binding.onBlur}
        error={binding.error}
        classNames={{ input: styles.code }}
        dir="ltr"
        lang="en"
        rows={4}
        spellCheck={false}
        autoComplete="off"
        required
      />
      {source !== undefined && (
        <Text size="sm" c="dimmed">
          {t('file.request-from', { name: `\u2068${source}\u2069` })}
        </Text>
      )}
    </div>
  );
}
