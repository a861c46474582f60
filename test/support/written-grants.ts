const PRIVILEGES: Readonly<Record<string, string>> = {
  s: 'select',
  i: 'insert',
  u: 'update',
  d: 'delete',
};

interface Table {
  name: string;
  columns: readonly string[];
}

/**
 * Reads the two tables of docs/DATABASE-ROLES.md: by table and role, `privilege:column` of all that is granted. A letter stands for
 * all columns, one with a star for those of the second table.
 */
export function writtenGrants(
  document: string,
  tables: readonly Table[],
): Map<string, ReadonlyMap<string, string[]>> {
  const rows = document
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
  const roles = rows.find(([first]) => first === 'table')!.slice(1);
  const ofSome = rows.filter(([, role]) => roles.includes(role ?? ''));
  const written = new Map<string, ReadonlyMap<string, string[]>>();
  for (const row of rows.filter((cells) => cells.length === roles.length + 1 && cells[0] !== 'table')) {
    const [name, ...cells] = row;
    const { columns } = tables.find((table) => table.name === name) ?? { columns: [] };
    const grants = cells.map((cell, at): [string, string[]] => [
      roles[at],
      cell
        .split(' ')
        .filter(Boolean)
        .flatMap((mark) => {
          const privilege = PRIVILEGES[mark[0]];
          if (privilege === 'delete') return ['delete:*'];
          const some = ofSome.find(
            ([table, role, what]) => table === name && role === roles[at] && what === privilege,
          );
          const named = mark.endsWith('*') ? (some?.[3].split(', ') ?? []) : columns;
          return named.map((column) => `${privilege}:${column}`);
        })
        .sort(),
    ]);
    written.set(name, new Map(grants));
  }
  return written;
}
