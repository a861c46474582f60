import { Button, Checkbox, PasswordInput, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { readCertificateFacts } from '../../../signing/device/certificate-facts.ts';
import { queryClient } from '../../client/queries.ts';
import { useBlock } from '../../client/self-service.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { BlockOutcomeNotice } from '../../pages/block/block-outcome-notice.tsx';
import { CodeField } from '../../pages/block/code-field.tsx';
import inputs from '../../parts/inputs.module.css';
import { Section } from '../../parts/section.tsx';
import type { PhoneCredential } from '../keys/phone-records.ts';
import { PhoneFailureAlert } from '../parts/phone-failure-alert.tsx';

const CODE_DIGITS = 6;

/** Blocks the phone's certificates, as their holder; the number stands in the certificate. */
export function BlockSection({ credential }: { credential: PhoneCredential }) {
  const { t } = useSpeech();
  const block = useBlock();
  const [isOpen, setOpen] = useState(false);
  const { personNumber } = readCertificateFacts(credential.certificate);
  if (personNumber === undefined) return null;
  return (
    <Section title={t('phone.block')} hint={t('phone.block-text')}>
      {block.data && <BlockOutcomeNotice outcome={block.data} />}
      {!block.data && isOpen && <BlockForm nationalId={personNumber} block={block} />}
      {!block.data && !isOpen && (
        <Button variant="outline" color="#a3211a" size="lg" fullWidth onClick={() => setOpen(true)}>
          {t('phone.block-open')}
        </Button>
      )}
    </Section>
  );
}

function BlockForm({ nationalId, block }: { nationalId: string; block: ReturnType<typeof useBlock> }) {
  const { t } = useSpeech();
  const [proof, setProof] = useState<'code' | 'password'>('code');
  const [secret, setSecret] = useState('');
  const [isFinal, setFinal] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const shown = proof === 'code' ? { code: secret } : { revocationPassword: secret };
    block.mutate(
      { nationalId, keyStore: 'phone', ...shown, ...(isFinal && { final: true }) },
      { onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['standing'] }) },
    );
  };
  const choose = (chosen: 'code' | 'password') => {
    setProof(chosen);
    setSecret('');
  };
  return (
    <Stack component="form" onSubmit={submit}>
      <Radio.Group label={t('block.proof')} value={proof} onChange={choose}>
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
          visibilityToggleButtonProps={{ 'aria-label': t('phone.pin-show') }}
          autoComplete="off"
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
      <PhoneFailureAlert error={block.error} />
      <Button
        type="submit"
        size="lg"
        color="#a3211a"
        fullWidth
        disabled={proof === 'code' ? secret.length !== CODE_DIGITS : secret === ''}
        loading={block.isPending}
      >
        {t('block.action')}
      </Button>
    </Stack>
  );
}
