/** Roles that a process can have by itself; without any it has all of them. */
export const NODE_ROLES = ['ra', 'ca', 'ocsp', 'crl', 'tsa'] as const;
export type NodeRole = (typeof NODE_ROLES)[number];

/** What a deployment chooses about a process that is not the whole house. */
export interface RoleSettings {
  /** Absent: all. */
  roles?: ReadonlySet<NodeRole>;
  /** Under which the CA knows this node's responder keys. */
  nodeName?: string;
}

/** Rows of `SETTINGS`. */
export const ROLE_SETTINGS = {
  roles: {
    flag: 'roles',
    variable: 'MOHR_ROLES',
    fallback: 'all',
    meaning:
      'what this process does: `all`, `ra` (API and console, no key of a CA), `ca` (the keys of the CAs, no API), `tsa`, or `ocsp` and `crl` (docs/OPERATIONS.md, docs/TSA.md)',
  },
  nodeName: {
    flag: 'node-name',
    variable: 'MOHR_NODE_NAME',
    fallback: '(none)',
    meaning: 'name under which the CAs know the keys of this `ocsp` or `tsa` node',
  },
} as const;

export interface RoleSettingsSource {
  text(name: keyof typeof ROLE_SETTINGS): string | undefined;
  /** Variable and flag of a setting, for messages. */
  where(name: keyof typeof ROLE_SETTINGS): string;
}

/** As in the table `responder_request`. */
export const NODE_NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;

/** Reads the settings; what is wrong goes to `faults`. */
export function readRoleSettings({ text, where }: RoleSettingsSource, faults: string[]): RoleSettings {
  const nodeName = text('nodeName');
  if (nodeName !== undefined && !NODE_NAME.test(nodeName))
    faults.push(`${where('nodeName')}: "${nodeName}", expected up to 41 of a-z, 0-9 and hyphens`);
  const names = (text('roles') ?? ROLE_SETTINGS.roles.fallback).split(',').map((name) => name.trim());
  const roles = NODE_ROLES.filter((role) => names.includes(role));
  const isAll = names.length === 1 && names[0] === 'all';
  if (!isAll && (roles.length === 0 || roles.length !== names.length))
    faults.push(
      `${where('roles')}: "${names.join(',')}", expected all, or a list of ${NODE_ROLES.join(', ')}`,
    );
  return {
    ...(!isAll && { roles: new Set(roles) }),
    ...(nodeName !== undefined && { nodeName }),
  };
}

/** A unit that orders its tokens is one process; and what the RA may do, and the CA, is kept apart by their being two. */
const ALONE: readonly NodeRole[] = ['tsa', 'ra', 'ca'];

/** What `mohr serve` in these roles cannot do without. */
export function faultsOfNode({
  roles,
  nodeName,
  databaseUrl,
}: RoleSettings & { databaseUrl?: string }): string[] {
  const faults: string[] = [];
  if (!roles) return faults;
  // Who stamps needs nothing but a key and the time.
  if (databaseUrl === undefined && !roles.has('tsa'))
    faults.push(
      'DATABASE_URL (--database-url): is needed with --roles; the embedded database has one process',
    );
  for (const role of ['ocsp', 'tsa'] as const)
    if (roles.has(role) && nodeName === undefined)
      faults.push(`MOHR_NODE_NAME (--node-name): is needed with the role ${role}`);
  for (const role of ALONE)
    if (roles.has(role) && roles.size > 1) faults.push(`MOHR_ROLES (--roles): ${role} is a role by itself`);
  return faults;
}
