/** What a key on a card is for. */
export type CardKeyPurpose = 'signing' | 'authentication';

export const CARD_KEY_PURPOSES: readonly CardKeyPurpose[] = ['signing', 'authentication'];

/** CKA_LABEL of a purpose's key pair and certificate: by it they are found again, on any card. */
export const PURPOSE_LABELS: Readonly<Record<CardKeyPurpose, string>> = {
  signing: 'Mohr signing',
  authentication: 'Mohr authentication',
};

/** CKA_LABEL of the issuers' certificates. */
export const ISSUER_LABEL = 'Mohr issuer';

export function purposeOf(label: string): CardKeyPurpose | undefined {
  return CARD_KEY_PURPOSES.find((purpose) => PURPOSE_LABELS[purpose] === label);
}
