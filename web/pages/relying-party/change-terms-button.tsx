import { Button } from '@mantine/core';
import { useState } from 'react';

import { useChangeRelyingParty } from '../../client/relying-parties.ts';
import type { RelyingParty } from '../../client/types.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { TermsFields, areTermsWhole, termsOf, typedTermsOf } from '../relying-parties/terms-fields.tsx';

export function ChangeTermsButton({ party }: { party: RelyingParty }) {
  const { t } = useSpeech();
  const [isAsking, setAsking] = useState(false);
  const [terms, setTerms] = useState(typedTermsOf(party));
  const change = useChangeRelyingParty(party);
  const open = () => {
    setTerms(typedTermsOf(party));
    change.reset();
    setAsking(true);
  };
  return (
    <>
      <Button variant="default" onClick={open}>
        {t('relying-party.change')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('relying-party.change-title', { name: `\u2068${party.displayedName}\u2069` })}
        action={t('relying-party.save')}
        isPending={change.isPending}
        isBlocked={!areTermsWhole(terms)}
        error={change.error}
        onConfirm={() => change.mutate(termsOf(terms), { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <TermsFields value={terms} onChange={setTerms} />
      </ConfirmDialog>
    </>
  );
}
