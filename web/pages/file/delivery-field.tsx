import { NativeSelect } from '@mantine/core';

import { useSpeech } from '../../i18n/language-context.tsx';
import type { BoundField } from './field-binding.ts';

/** A card's own request comes from the desk where the card is: such a draft keeps its way, and none is begun here. */
const WAYS = ['request', 'phone'] as const;

export function DeliveryField({ binding }: { binding: BoundField }) {
  const { t } = useSpeech();
  const { name, value, onChange } = binding;
  const ways = value === 'card' ? (['card'] as const) : WAYS;
  return (
    <NativeSelect
      label={t('delivery.label')}
      {...(value === 'phone' && { description: t('delivery.phone-hint') })}
      name={name}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={ways.map((way) => ({ value: way, label: t(`delivery.${way}`) }))}
    />
  );
}
