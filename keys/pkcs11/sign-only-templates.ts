import { CKA } from './constants.ts';
import type { Attributes } from './key-kinds.ts';

/** What C_GenerateKeyPair is asked for. */
export interface PairTemplates {
  public: Attributes;
  private: Attributes;
}

/** A pair on the token whose private key signs, does nothing else, and never leaves it; `parameters`: of its kind. */
export function signOnlyTemplates(
  { label, id }: { label: string; id: Buffer },
  parameters: Attributes,
): PairTemplates {
  const named: Attributes = [
    { type: CKA.token, value: true },
    { type: CKA.label, value: label },
    { type: CKA.id, value: id },
  ];
  return {
    public: [
      ...named,
      ...parameters,
      { type: CKA.verify, value: true },
      { type: CKA.encrypt, value: false },
      { type: CKA.wrap, value: false },
    ],
    private: [
      ...named,
      { type: CKA.private, value: true },
      { type: CKA.sensitive, value: true },
      { type: CKA.extractable, value: false },
      { type: CKA.sign, value: true },
      { type: CKA.decrypt, value: false },
      { type: CKA.unwrap, value: false },
      { type: CKA.derive, value: false },
    ],
  };
}
