import { useCardCounts } from '../../client/cards.ts';
import type { CardCount } from '../../client/cards.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Section } from '../../parts/section.tsx';

/** How many cards of each state there are, office by office. */
export function CardCounts({ offices }: { offices: ReadonlyMap<string, string> }) {
  const { t, format } = useSpeech();
  return (
    <Section title={t('cards.counts')}>
      <Answer query={useCardCounts()}>
        {({ items }) => (
          <ItemList items={byOffice(items)} empty={t('cards.none')}>
            {({ officeId, counts }) => (
              <ItemRow
                key={officeId ?? 'ca'}
                title={
                  <bdi>
                    {officeId === undefined
                      ? t('cards.with-ca')
                      : (offices.get(officeId) ?? t('field.office'))}
                  </bdi>
                }
                detail={counts
                  .map(({ state, cards }) => `${t(`card-state.${state}`)}: ${format.number(cards)}`)
                  .join(' · ')}
              />
            )}
          </ItemList>
        )}
      </Answer>
    </Section>
  );
}

function byOffice(items: readonly CardCount[]): { officeId: string | undefined; counts: CardCount[] }[] {
  const offices = [...new Set(items.map(({ officeId }) => officeId))];
  return offices.map((officeId) => ({ officeId, counts: items.filter((one) => one.officeId === officeId) }));
}
