import { certificatesOf } from '../../../keys/card/card-certificates.ts';
import { CardError } from '../../../keys/card/card-error.ts';
import { keysOf } from '../../../keys/card/card-keys.ts';
import { ISSUER_LABEL } from '../../../keys/card/card-purpose.ts';
import type { CardKeyPurpose } from '../../../keys/card/card-purpose.ts';
import { cardSigner } from '../../../keys/card/card-signer.ts';
import type { OpenCard } from '../../../keys/card/open-card.ts';
import type { Certificate } from '../../../pki/certificate.ts';
import { signCades } from '../../../signing/cades/sign-cades.ts';
import { withPin } from '../card-work.ts';
import type { CardWork } from '../card-work.ts';
import type { Document } from '../operation-inputs.ts';
import type { ShownDocument } from '../prompter.ts';
import { sha256Hex } from './read-card.ts';

/** More of a document is shown by nobody's patience. */
const TEXT_CHARACTERS_MAX = 8000;

/** Signs a document as CAdES with a key of the card; the PIN is asked for each one, under what is signed. */
export function signDocument(
  work: CardWork,
  { cardSerial, purpose, document }: { cardSerial: string; purpose: CardKeyPurpose; document: Document },
): Promise<{ signature: string; certificate: string }> {
  const login = { operation: 'sign', cardSerial, document: shown(document), mayRecall: false };
  return withPin(work, login, async (card, pin) => {
    work.step('signature');
    const { key, certificate, chain } = certifiedKey(card, purpose);
    const { content, mimeType, detached } = document;
    const signature = await signCades({
      ...{ content, signer: cardSigner(card, key, pin), certificate, chain },
      signingTime: work.clock.now(),
      ...(mimeType !== undefined && { mimeType }),
      ...(detached !== undefined && { detached }),
    });
    return { signature: signature.toString('base64'), certificate: certificate.bytes.toString('base64') };
  });
}

function certifiedKey(card: OpenCard, purpose: CardKeyPurpose) {
  const certificates = certificatesOf(card);
  const keys = keysOf(card).filter((key) => key.purpose === purpose);
  for (const key of keys) {
    const own = certificates.find(({ id }) => id.equals(key.id));
    if (own) return { key, certificate: own.certificate, chain: issuersOf(certificates) };
  }
  throw new CardError('certificate-not-found', `card ${card.token.serial} has no certificate for ${purpose}`);
}

function issuersOf(certificates: readonly { label: string; certificate: Certificate }[]): Certificate[] {
  return certificates.filter(({ label }) => label === ISSUER_LABEL).map(({ certificate }) => certificate);
}

/** Text is shown as it is, so that nobody has to believe the asker's words. */
function shown({ content, display }: Document): ShownDocument {
  const text = content.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(content) && text.length <= TEXT_CHARACTERS_MAX;
  return { display, ...(isText && { text }), sha256: sha256Hex(content) };
}
