import { useOfficer } from '../../app/officer-context.ts';
import { useRelyingParties } from '../../client/relying-parties.ts';
import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { Badge } from '../../parts/badge.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { DigestsSwitch } from './digests-switch.tsx';

/** Who may ask holders for signatures, and who of them by digests of their own. */
export function RelyingPartiesPage() {
  const { t } = useSpeech();
  const parties = useRelyingParties();
  return (
    <>
      <PageHeader title={t('relying-parties.title')} lead={t('relying-parties.lead')} />
      <Section title={t('relying-parties.list')}>
        <Answer query={parties}>
          {({ items }) => (
            <ItemList items={items} empty={t('relying-parties.none')}>
              {(party) => <PartyRow key={party.id} party={party} />}
            </ItemList>
          )}
        </Answer>
      </Section>
    </>
  );
}

function PartyRow({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const mayChange = roles.includes('ca-operator') && !party.disabledAt;
  return (
    <ItemRow
      title={<bdi>{party.displayedName}</bdi>}
      mark={<Marks party={party} />}
      detail={
        <>
          <bdi>{party.id}</bdi>
          {t('app.comma')}
          {t(`patient-view.${party.patientView}`)}
        </>
      }
      action={mayChange && <DigestsSwitch party={party} />}
    />
  );
}

function Marks({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  return (
    <>
      {party.disabledAt && (
        <Badge tone="bad" icon="cross">
          {t('relying-parties.disabled')}
        </Badge>
      )}
      {party.mayHandInDigests && (
        <Badge tone="warn" icon="warn">
          {t('relying-parties.digests')}
        </Badge>
      )}
    </>
  );
}
