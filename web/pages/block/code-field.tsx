import { Button, Group, Stack } from '@mantine/core';

import { useRequestCode } from '../../client/self-service.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { isNationalId } from '../../parts/is-national-id.ts';
import { Notice } from '../../parts/notice.tsx';

interface CodeFieldProps {
  nationalId: string;
  value: string;
  onChange(value: string): void;
}

/** A one-time code by SMS. The answer to asking for one is the same whoever it is. */
export function CodeField({ nationalId, value, onChange }: CodeFieldProps) {
  const { t } = useSpeech();
  const send = useRequestCode();
  return (
    <Stack gap="xs">
      <FailureAlert error={send.error} />
      {send.isSuccess && <Notice tone="calm">{t('block.code-sent')}</Notice>}
      <Group align="flex-end">
        <DigitsInput
          label={t('block.code')}
          description={t('block.code-hint')}
          value={value}
          onChange={onChange}
          maxLength={6}
          required
        />
        <Button
          variant="default"
          loading={send.isPending}
          disabled={!isNationalId(nationalId)}
          onClick={() => send.mutate(nationalId)}
        >
          {t('block.send-code')}
        </Button>
      </Group>
    </Stack>
  );
}
