// Each command is loaded when it is asked for: a ceremony need not wait for Fastify and a database to load.
export interface Command {
  name: string;
  usage: string;
  summary: string;
  /** Resolves to what runs it, which resolves to the exit code. */
  load(): Promise<(args: string[]) => Promise<number>>;
}

export const COMMANDS: readonly Command[] = [
  {
    name: 'serve',
    usage: 'serve [flags]',
    summary: 'run the service',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'migrate',
    usage: 'migrate [flags]',
    summary: 'bring the database to this version, and grant what its roles may do',
    load: async () => (await import('./migrate.ts')).migrateDatabase,
  },
  {
    name: 'database',
    usage: 'database roles',
    summary: 'print the SQL that makes the roles of the database',
    load: async () => (await import('./database/print-roles.ts')).database,
  },
  {
    name: 'ceremony',
    usage: 'ceremony <file.yaml> [flags]',
    summary: 'run one reviewed act: keys, certificates and CRLs of authorities',
    load: async () => (await import('./ceremony/ceremony.ts')).ceremony,
  },
  {
    name: 'campaign',
    usage: 'campaign issue|renew|re-key|revoke [flags]',
    summary: 'issue, renew, re-key or revoke by the thousand',
    load: async () => (await import('./campaign/campaign.ts')).campaign,
  },
  {
    name: 'keys',
    usage: 'keys bench|block|list|… [flags]',
    summary: 'measure, block or list keys; keys of OCSP and TSA nodes',
    load: async () => (await import('./keys/keys.ts')).keys,
  },
  {
    name: 'officer',
    usage: 'officer list|link [flags]',
    summary: 'list officers; make a one-time sign-in link',
    load: async () => (await import('./officer/officer.ts')).officer,
  },
  {
    name: 'evidence',
    usage: 'evidence prune|rotate-key [flags]',
    summary: 'papers of applications: delete those whose time is over, change the key that seals them',
    load: async () => (await import('./evidence/evidence.ts')).evidence,
  },
  {
    name: 'pkcs12',
    usage: 'pkcs12 request|join [flags]',
    summary: 'for holders: make a key and its request; join key and certificate into a PKCS#12 file',
    load: async () => (await import('./pkcs12/pkcs12.ts')).pkcs12,
  },
  {
    name: 'card-agent',
    usage: 'card-agent [install|update] …',
    summary: 'serve the card readers of this workstation to the console',
    load: async () => (await import('./card-agent/card-agent.ts')).cardAgent,
  },
  {
    name: 'sign',
    usage: 'sign --card|--pkcs11|--key|--session … <file>',
    summary: 'sign a file with a card, any other PKCS#11 token, a key file or a phone, up to B-LTA',
    load: async () => (await import('./sign/sign.ts')).sign,
  },
  {
    name: 'verify',
    usage: 'verify <folder or file> … [flags]',
    summary: 'validate signed files by the thousand',
    load: async () => (await import('./verify/verify.ts')).verify,
  },
  {
    name: 'lint',
    usage: 'lint <file> [--issuer <file>] [--json]',
    summary: 'what the rules say of certificates, CRLs and OCSP responses',
    load: async () => (await import('./lint.ts')).lint,
  },
  {
    name: 'bench',
    usage: 'bench <name>|all|results|seed [flags]',
    summary: 'measure, beside the peers that are installed; fill a database to measure with',
    load: async () => (await import('./bench.ts')).bench,
  },
  {
    name: 'fsck',
    usage: 'fsck [--repair] [flags]',
    summary: 'check every record, complete what a crash left',
    load: async () => (await import('./fsck/fsck.ts')).fsck,
  },
  {
    name: 'audit',
    usage: 'audit keys|replay|witness … [flags]',
    summary: 'the transparency log: its keys, replay after a restore, a witness',
    load: async () => (await import('./audit/audit.ts')).audit,
  },
  {
    name: 'doctor',
    usage: 'doctor [--json] [--quiet] [flags]',
    summary: 'check a deployment, and say what to do',
    load: async () => (await import('./doctor/doctor.ts')).doctor,
  },
  {
    name: 'registers',
    usage: 'registers [--roster <file>] [flags]',
    summary: 'stand in for the foreign registers, with synthetic people',
    load: async () => (await import('./registers/registers.ts')).registers,
  },
  {
    name: 'demo',
    usage: 'demo',
    summary: 'run the whole main job once, against a fresh service',
    load: async () => (await import('./demo/demo.ts')).demo,
  },
];
