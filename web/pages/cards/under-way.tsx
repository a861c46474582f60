import { Button } from '@mantine/core';
import { Link } from 'wouter';

import { usePersonalisationsUnderWay } from '../../client/personalisations.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';
import { Section } from '../../parts/section.tsx';

/** Cards that somebody has begun with: whoever is at the desk goes on. */
export function UnderWay() {
  const { t } = useSpeech();
  return (
    <Section title={t('cards.under-way')}>
      <Answer query={usePersonalisationsUnderWay()}>
        {({ items }) => (
          <ItemList items={items} empty={t('cards.none-under-way')}>
            {({ id, card, next, applicationId }) => (
              <ItemRow
                key={id}
                title={<Latin code>{card.serial}</Latin>}
                detail={t(`next.${next}`)}
                action={
                  <Button
                    component={Link}
                    href={`/applications/${applicationId}/card`}
                    variant="default"
                    size="sm"
                  >
                    {t('cards.go-on')}
                  </Button>
                }
              />
            )}
          </ItemList>
        )}
      </Answer>
    </Section>
  );
}
