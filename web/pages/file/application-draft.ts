/** What a clerk has typed; everything as text, nothing checked. */
export interface ApplicationDraft {
  nationalId: string;
  councilGroup: string;
  councilDigits: string;
  givenName: string;
  surname: string;
  latinName: string;
  /** `yyyy-mm-dd`, Gregorian. */
  birthDate: string;
  mobile: string;
  profile: string;
  /** How key and certificate come together. */
  delivery: string;
  /** PEM, or what was taken for it. */
  certificationRequest: string;
}

export type DraftField = keyof ApplicationDraft;

export const EMPTY_DRAFT: ApplicationDraft = {
  nationalId: '',
  councilGroup: 'physician',
  councilDigits: '',
  givenName: '',
  surname: '',
  latinName: '',
  birthDate: '',
  mobile: '',
  profile: '',
  delivery: 'request',
  certificationRequest: '',
};

/** What was kept on this computer; what is no draft (an older version's, somebody's hand) counts as none. */
export function parseDraft(text: string | null): ApplicationDraft | undefined {
  const stored = parseJson(text);
  if (typeof stored !== 'object' || stored === null) return undefined;
  const entries = Object.entries(stored).filter(
    ([name, value]) => Object.hasOwn(EMPTY_DRAFT, name) && typeof value === 'string',
  );
  return { ...EMPTY_DRAFT, ...Object.fromEntries(entries) };
}

/** Fields that always have something. */
const CHOSEN: readonly DraftField[] = ['profile', 'delivery', 'councilGroup'];

/** Whether anything was typed at all. */
export function isBlank(draft: ApplicationDraft): boolean {
  return (Object.keys(EMPTY_DRAFT) as DraftField[])
    .filter((field) => !CHOSEN.includes(field))
    .every((field) => draft[field].trim() === '');
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
