import { Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import { systemClock } from '../../../core/clock.ts';
import { useSpeech } from '../../i18n/language-context.tsx';
import type { PhoneCredential, PhoneLock, PhoneRecords } from '../keys/phone-records.ts';
import { InstallHint } from '../parts/install-hint.tsx';
import { useOpenRequest } from '../tasks/use-open-request.ts';
import { phoneChanged } from '../tasks/use-phone.ts';
import { RequestPage } from '../request/request-page.tsx';
import { BlockSection } from './block-section.tsx';
import { CertificateSection } from './certificate-section.tsx';
import { PairingSection, PairingWaits } from './pairing-section.tsx';
import { PushSection } from './push-section.tsx';
import { SignInSection } from './sign-in-section.tsx';
import { WatchSection } from './watch-section.tsx';

interface HomePageProps {
  phone: Partial<PhoneRecords>;
  credential: PhoneCredential;
  lock: PhoneLock;
}

/** A phone with a key: it watches for requests, and shows how its certificate stands. */
export function HomePage(props: HomePageProps) {
  const { login } = props.phone;
  const isSignedIn = login !== undefined && new Date(login.expiresAt) > systemClock.now();
  if (isSignedIn) return <WatchingPage {...props} token={login.token} />;
  return (
    <Sections {...props}>
      <PairingWaits />
      <SignInSection credential={props.credential} lock={props.lock} />
    </Sections>
  );
}

function WatchingPage({ token, ...props }: HomePageProps & { token: string }) {
  const { watching, resume } = useOpenRequest(token);
  if (watching.state === 'asked') {
    const done = () => {
      resume();
      void phoneChanged();
    };
    const { credential, lock } = props;
    return (
      <RequestPage
        key={watching.request.id}
        {...{ token, credential, lock }}
        request={watching.request}
        onDone={done}
      />
    );
  }
  return (
    <Sections {...props}>
      {watching.state === 'signed-out' ? (
        <>
          <PairingWaits />
          <SignInSection credential={props.credential} lock={props.lock} />
        </>
      ) : (
        <>
          <WatchSection isAway={watching.state === 'away'} />
          <PairingSection token={token} />
          <PushSection token={token} />
        </>
      )}
    </Sections>
  );
}

function Sections({ phone, credential, lock, children }: HomePageProps & { children: ReactNode }) {
  const { t } = useSpeech();
  return (
    <Stack>
      <Title order={1} size="h2" className="visually-hidden">
        {t('phone.title')}
      </Title>
      {children}
      <CertificateSection phone={phone} credential={credential} lock={lock} />
      <InstallHint />
      <BlockSection credential={credential} />
    </Stack>
  );
}
