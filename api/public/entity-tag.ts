/** Whether If-None-Match names an entity tag, given with its quotes: one of a list, a weak form of it, or `*` (RFC 9110 §13.1.2). */
export function namesEntityTag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
