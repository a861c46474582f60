import { Button, Group, Textarea } from '@mantine/core';
import { useState } from 'react';

import { useOfficer } from '../../app/officer-context.ts';
import { useChangeCard } from '../../client/cards.ts';
import type { Card, CardAction, CardState } from '../../client/cards.ts';
import type { Role } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

interface ActionRule {
  from: readonly CardState[];
  roles: readonly Role[];
  isDangerous?: boolean;
}

/** What the service lets officers do; `unblock-pin` has a section of its own, with the PUK at the agent. */
const RULES: Partial<Record<CardAction, ActionRule>> = {
  'take-back': { from: ['in-stock'], roles: ['ca-operator', 'office-manager'] },
  'block-pin': { from: ['handed-over'], roles: ['clerk'] },
  lose: {
    from: ['personalised', 'handed-over', 'pin-blocked'],
    roles: ['clerk', 'ca-operator'],
    isDangerous: true,
  },
  find: { from: ['lost'], roles: ['ca-operator'] },
  replace: { from: ['handed-over', 'pin-blocked', 'lost'], roles: ['ca-operator'], isDangerous: true },
  discard: {
    from: ['received', 'in-stock', 'spoiled'],
    roles: ['ca-operator', 'office-manager'],
    isDangerous: true,
  },
  destroy: {
    from: ['personalised', 'handed-over', 'pin-blocked', 'lost'],
    roles: ['ca-operator'],
    isDangerous: true,
  },
};

export function CardActions({ card }: { card: Card }) {
  const { roles } = useOfficer();
  const actions = (Object.keys(RULES) as CardAction[]).filter((action) => {
    const rule = RULES[action]!;
    return rule.from.includes(card.state) && rule.roles.some((role) => roles.includes(role));
  });
  return (
    <Group gap="xs">
      {actions.map((action) => (
        <ActionButton key={action} card={card} action={action} />
      ))}
    </Group>
  );
}

function ActionButton({ card, action }: { card: Card; action: CardAction }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const change = useChangeCard(card.id);
  const confirm = () =>
    change.mutate(
      { action, version: card.version, ...(note.trim() !== '' && { note: note.trim() }) },
      { onSuccess: () => setAsking(false) },
    );
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setAsking(true)}>
        {t(`card-action.${action}`)}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t(`card-ask.${action}`)}
        action={t(`card-action.${action}`)}
        isDangerous={RULES[action]?.isDangerous === true}
        isPending={change.isPending}
        error={change.error}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        {t(`card-effect.${action}`)}
        <Textarea
          label={`${t('card.note')} (${t('app.optional')})`}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={500}
          rows={2}
          data-autofocus
        />
      </ConfirmDialog>
    </>
  );
}
