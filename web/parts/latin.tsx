/** Latin text inside of a page of either direction; `code` for what is compared sign by sign. */
export function Latin({ children, code = false }: { children: string; code?: boolean }) {
  return (
    <bdi className={code ? 'ltr mono' : 'ltr'} dir="ltr" lang="en">
      {children}
    </bdi>
  );
}
