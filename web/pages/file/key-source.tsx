import { NativeSelect } from '@mantine/core';
import { useEffect } from 'react';

import { useCardPlace } from '../../client/card-desk.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { BoundField } from './field-binding.ts';

/** Keys of cards are made on them, here; a request from elsewhere is the exception. Other profiles leave no choice. */
export function KeySource({ binding, profile }: { binding: BoundField; profile: string }) {
  const { t } = useSpeech();
  const profiles = useCardPlace().data?.profiles;
  const isOfCard = profiles?.includes(profile);
  const { value, onChange } = binding;
  useEffect(() => {
    if (isOfCard === undefined) return;
    if (isOfCard && value === '') onChange('card');
    if (!isOfCard && value !== '') onChange('');
  }, [isOfCard, value, onChange]);
  if (!isOfCard) return null;
  return (
    <NativeSelect
      label={t('file.delivery')}
      name={binding.name}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: 'card', label: t('file.delivery-card') },
        { value: 'request', label: t('file.delivery-request') },
      ]}
    />
  );
}
