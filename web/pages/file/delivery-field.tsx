import { NativeSelect } from '@mantine/core';
import { useEffect, useRef } from 'react';

import { useCardPlace } from '../../client/card-desk.ts';
import type { Delivery } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { BoundField } from './field-binding.ts';

/** Keys of cards are made on them, at the desk; other keys come from a phone, or with a request from elsewhere. */
const WAYS_OF_CARD: readonly Delivery[] = ['card', 'request'];
const OTHER_WAYS: readonly Delivery[] = ['request', 'phone'];

export function DeliveryField({ binding, profile }: { binding: BoundField; profile: string }) {
  const { t } = useSpeech();
  const { name, value, onChange } = binding;
  const isOfCard = useCardPlace().data?.profiles.includes(profile);
  useWayOf(profile, isOfCard, binding);
  const ways = isOfCard ? WAYS_OF_CARD : OTHER_WAYS;
  // Until it is known which profiles lie on cards, a draft keeps its way.
  const offered = ways.includes(value as Delivery) ? ways : [value as Delivery, ...ways];
  return (
    <NativeSelect
      label={t('delivery.label')}
      {...(value === 'phone' && { description: t('delivery.phone-hint') })}
      name={name}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={offered.map((way) => ({ value: way, label: t(`delivery.${way}`) }))}
    />
  );
}

/** Whoever chooses a card's profile most likely has the card there; another profile has no use for it. */
function useWayOf(profile: string, isOfCard: boolean | undefined, { value, onChange }: BoundField): void {
  const before = useRef(profile);
  useEffect(() => {
    if (isOfCard === undefined) return;
    const isChosen = before.current !== profile;
    before.current = profile;
    if (isOfCard && isChosen) onChange('card');
    if (!isOfCard && value === 'card') onChange('request');
  }, [profile, isOfCard, value, onChange]);
}
