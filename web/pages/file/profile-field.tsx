import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';

import { holderProfiles, useAuthorities } from '../../client/authorities.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { FailureAlert } from '../../parts/failure-alert.tsx';
import { profileName } from '../../parts/code-names.ts';
import type { BoundField } from './field-binding.ts';

/** The kinds of certificates that this deployment issues; the usual one is chosen already. */
export function ProfileField({ binding }: { binding: BoundField }) {
  const { t } = useSpeech();
  const authorities = useAuthorities();
  const profiles = authorities.data && holderProfiles(authorities.data.items);
  const { value, onChange } = binding;
  const first = profiles?.[0];
  useEffect(() => {
    if (value === '' && first !== undefined) onChange(first);
  }, [value, first, onChange]);
  return (
    <>
      <FailureAlert error={authorities.error} onRetry={() => void authorities.refetch()} />
      <NativeSelect
        label={t('field.profile')}
        name={binding.name}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onBlur={binding.onBlur}
        error={binding.error}
        data={[
          ...(value === '' ? [{ value: '', label: t('file.choose-group') }] : []),
          ...(profiles ?? []).map((id) => ({ value: id, label: profileName(id, t) })),
        ]}
        required
      />
    </>
  );
}
