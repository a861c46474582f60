import { Button, FileButton, Group, NativeSelect, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';

import { Icon } from '../../app/icons.tsx';
import { useAddEvidence } from '../../client/evidence.ts';
import type { EvidenceKind } from '../../client/types.ts';
import type { TextKey } from '../../i18n/catalogue.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { Notice } from '../../parts/notice.tsx';

const KINDS: readonly EvidenceKind[] = [
  'signed-form',
  'agreement',
  'id-copy',
  'council-card-copy',
  'photo',
  'card-receipt',
  'activation-record',
  'other',
];
const TYPES = ['application/pdf', 'image/jpeg', 'image/png'];
/** The service takes no more; said before ten megabytes are on their way. */
const OCTETS_MAX = 10 * 1024 * 1024;

export function AddEvidence({ applicationId }: { applicationId: string }) {
  const { t } = useSpeech();
  const [kind, setKind] = useState<EvidenceKind>('signed-form');
  const [refused, setRefused] = useState<{ key: TextKey; name: string }>();
  const add = useAddEvidence(applicationId);
  const choose = (file: File | null) => {
    if (!file) return;
    const fault = faultOf(file);
    setRefused(fault && { key: fault, name: `\u2068${file.name}\u2069` });
    if (!fault) add.mutate({ kind, file });
  };
  return (
    <Stack gap="sm" mt="sm">
      {refused && <Notice tone="bad">{t(refused.key, { name: refused.name })}</Notice>}
      {add.error && <FailureAlert error={add.error} onRetry={() => add.mutate(add.variables)} />}
      {add.isSuccess && !refused && (
        <Notice tone="good">
          {t('application.evidence-sent', { kind: t(`evidence-kind.${add.variables.kind}`) })}
        </Notice>
      )}
      <Group align="flex-end">
        <NativeSelect
          label={t('application.evidence-kind')}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as EvidenceKind)}
          data={KINDS.map((value) => ({ value, label: t(`evidence-kind.${value}`) }))}
        />
        <FileButton onChange={choose} accept={TYPES.join(',')}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<Icon name="file" />} loading={add.isPending}>
              {t('application.evidence-add')}
            </Button>
          )}
        </FileButton>
      </Group>
      {add.isPending && <Sending progress={add.progress} />}
      <span className="visually-hidden" role="status">
        {add.isPending ? t('application.evidence-sending') : ''}
      </span>
    </Stack>
  );
}

/** On a slow line ten megabytes take minutes: how far it has come, in whole percents. */
function Sending({ progress }: { progress: number }) {
  const { t, format } = useSpeech();
  const percent = Math.floor(progress * 100);
  return (
    <div>
      <Progress value={percent} aria-label={t('application.evidence-sending')} />
      <Text size="sm">
        {percent < 100
          ? t('application.evidence-progress', { percent: format.percent(percent / 100) })
          : t('application.evidence-checking')}
      </Text>
    </div>
  );
}

function faultOf(file: File): TextKey | undefined {
  if (file.size > OCTETS_MAX) return 'application.evidence-too-large';
  return TYPES.includes(file.type) ? undefined : 'application.evidence-type';
}
