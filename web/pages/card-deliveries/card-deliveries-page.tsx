import { useOfficer } from '../../app/officer-context.ts';
import { useCardBatches } from '../../client/cards.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { ImportCardsButton } from './import-cards-button.tsx';

/** Deliveries of cards as they came. */
export function CardDeliveriesPage() {
  const { t, format } = useSpeech();
  const { roles } = useOfficer();
  return (
    <>
      <PageHeader
        title={t('deliveries.title')}
        lead={t('deliveries.lead')}
        actions={roles.includes('ca-operator') && <ImportCardsButton />}
      />
      <Section title={t('deliveries.list')}>
        <Answer query={useCardBatches()}>
          {({ items }) => (
            <ItemList items={items} empty={t('deliveries.none')}>
              {({ id, reference, cardType, cards, importedAt }) => (
                <ItemRow
                  key={id}
                  title={<bdi>{reference}</bdi>}
                  detail={
                    <>
                      {t('deliveries.count', { count: format.number(cards) })} · <bdi>{cardType}</bdi> ·{' '}
                      {format.instant(importedAt)}
                    </>
                  }
                />
              )}
            </ItemList>
          )}
        </Answer>
      </Section>
    </>
  );
}
