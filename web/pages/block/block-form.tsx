import { Button, Checkbox, PasswordInput, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';

import type { BlockRequest, KeyStore, useBlock } from '../../client/self-service.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { DigitsInput } from '../../parts/digits-input.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import inputs from '../../parts/inputs.module.css';
import { isNationalId } from '../../parts/is-national-id.ts';
import { CodeField } from './code-field.tsx';

const NATIONAL_ID_DIGITS = 10;
const CODE_DIGITS = 6;

type Proof = 'code' | 'password';
type What = 'all' | KeyStore;

export function BlockForm({ block }: { block: ReturnType<typeof useBlock> }) {
  const { t } = useSpeech();
  const [nationalId, setNationalId] = useState('');
  const [what, setWhat] = useState<What>('all');
  const [proof, setProof] = useState<Proof>('code');
  const [secret, setSecret] = useState('');
  const [isFinal, setFinal] = useState(false);
  const isIdComplete = nationalId.length === NATIONAL_ID_DIGITS;
  const isReady =
    isNationalId(nationalId) && (proof === 'code' ? secret.length === CODE_DIGITS : secret !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request: BlockRequest = {
      nationalId,
      ...(proof === 'code' ? { code: secret } : { revocationPassword: secret }),
      ...(what !== 'all' && { keyStore: what }),
      ...(isFinal && { final: true }),
    };
    block.mutate(request);
  };
  return (
    <Stack component="form" onSubmit={submit}>
      <DigitsInput
        label={t('field.national-id')}
        value={nationalId}
        onChange={setNationalId}
        error={isIdComplete && !isNationalId(nationalId) ? t('problem.national-id-checksum') : undefined}
        maxLength={NATIONAL_ID_DIGITS}
        required
      />
      <Radio.Group label={t('block.what')} value={what} onChange={(value) => setWhat(value)}>
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={t('block.what-all')} />
          <Radio value="card" label={t('block.what-card')} />
          <Radio value="phone" label={t('block.what-phone')} />
        </Stack>
      </Radio.Group>
      <Radio.Group
        label={t('block.proof')}
        value={proof}
        onChange={(value) => {
          setProof(value);
          setSecret('');
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="code" label={t('block.by-code')} />
          <Radio value="password" label={t('block.by-password')} />
        </Stack>
      </Radio.Group>
      {proof === 'code' ? (
        <CodeField nationalId={nationalId} value={secret} onChange={setSecret} />
      ) : (
        <PasswordInput
          label={t('block.password')}
          description={t('block.password-hint')}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          classNames={{ innerInput: inputs.latin }}
          maxLength={64}
          size="md"
          required
        />
      )}
      <Checkbox
        label={t('block.final')}
        description={t('block.final-hint')}
        checked={isFinal}
        onChange={(event) => setFinal(event.currentTarget.checked)}
      />
      <FailureAlert error={block.error} />
      <Button type="submit" size="lg" color="#a3211a" disabled={!isReady} loading={block.isPending}>
        {t('block.action')}
      </Button>
    </Stack>
  );
}
