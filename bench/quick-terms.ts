/** Sizes that show that everything runs, in minutes; what comes out is no measurement. */
export const QUICK_TERMS = {
  keys: { keyTypes: ['p-256'], runs: 1 },
  crl: { entries: 20_000, fewerEntries: [2_000], runs: 1, again: 1, coldRuns: 1 },
  ocsp: {
    certificates: 5_000,
    fewCertificates: 1_000,
    asked: 100,
    runs: 1,
    overloadSeconds: 1,
    revocations: 5,
  },
  issuance: { rows: 200, runs: 1, interactive: 20, peerSeconds: 1 },
  sessions: { credentials: 200, holders: 20, pairs: 4, sessions: 40 },
  validation: {
    doctorsP256: 5,
    doctorsRsa: 2,
    prescriptions: 20,
    validations: 200,
    memoryValidations: 400,
  },
  audit: { events: 1_000, singles: 100, leaves: 3_000 },
  search: { holders: 2_000, certificates: 6_000, offices: 10, questions: 20 },
  scale: { sizes: [600, 1_500], rows: 50, runs: 1, questions: 10, asked: 50 },
} as const;
