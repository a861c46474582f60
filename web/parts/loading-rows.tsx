import { Skeleton } from '@mantine/core';

const ROWS = 5;

/** Where rows will be. */
export function LoadingRows({ columns }: { columns: number }) {
  return Array.from({ length: ROWS }, (_, row) => (
    <tr key={row}>
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <Skeleton height={16} my={10} />
        </td>
      ))}
    </tr>
  ));
}
