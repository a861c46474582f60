import { Link } from 'wouter';

import { useOfficer } from '../../app/officer-context.ts';
import { useRelyingParties } from '../../client/relying-parties.ts';
import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { Answer } from '../../parts/answer.tsx';
import { ItemList, ItemRow } from '../../parts/item-list.tsx';
import { Latin } from '../../parts/latin.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { DigestsSwitch } from './digests-switch.tsx';
import { PartyMarks } from './party-marks.tsx';
import { RegisterButton } from './register-button.tsx';

/** Who may ask holders for signatures, and who of them by digests of their own. */
export function RelyingPartiesPage() {
  const { t } = useSpeech();
  const { roles } = useOfficer();
  const parties = useRelyingParties();
  return (
    <>
      <PageHeader
        title={t('relying-parties.title')}
        lead={t('relying-parties.lead')}
        actions={roles.includes('ca-operator') && <RegisterButton />}
      />
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
      title={
        <Link href={`/relying-parties/${party.id}`}>
          <bdi>{party.displayedName}</bdi>
        </Link>
      }
      mark={<PartyMarks party={party} />}
      detail={
        <>
          <Latin>{party.id}</Latin>
          {t('app.comma')}
          {t(`patient-view.${party.patientView}`)}
        </>
      }
      action={mayChange && <DigestsSwitch party={party} />}
    />
  );
}
