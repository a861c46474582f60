/**
 * Joins the xml:base of an ancestor with one below it; both may be relative, and stay so.
 * @see https://www.w3.org/TR/xml-c14n11/#sec-joinUriReferences RFC 3986 §5.2 without the parts that need an absolute base
 */
export function joinUriReferences(base: string, reference: string): string {
  const outer = split(base);
  const inner = split(reference);
  if (inner.scheme !== undefined) return join({ ...inner, path: withoutDots(inner.path) });
  if (inner.authority !== undefined)
    return join({ ...inner, scheme: outer.scheme, path: withoutDots(inner.path) });
  const { scheme, authority } = outer;
  if (inner.path === '') return join({ ...outer, query: inner.query ?? outer.query });
  const path = inner.path.startsWith('/') ? inner.path : merge(outer, inner.path);
  return join({ scheme, authority, path: withoutDots(path), query: inner.query });
}

interface UriParts {
  scheme?: string | undefined;
  authority?: string | undefined;
  path: string;
  query?: string | undefined;
}

/** RFC 3986 appendix B; the fragment of a base plays no part. */
function split(reference: string): UriParts {
  const [, scheme, authority, path, query] = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/.exec(
    reference,
  )!;
  return { scheme, authority, path, query };
}

function join({ scheme, authority, path, query }: UriParts): string {
  return [
    scheme === undefined ? '' : `${scheme}:`,
    authority === undefined ? '' : `//${authority}`,
    path,
    query === undefined ? '' : `?${query}`,
  ].join('');
}

/** RFC 3986 §5.2.3; a base that ends in `..` is a directory. */
function merge({ authority, path }: UriParts, below: string): string {
  if (authority !== undefined && path === '') return `/${below}`;
  const directory = /(?:^|\/)\.\.$/.test(path) ? `${path}/` : path;
  return directory.slice(0, directory.lastIndexOf('/') + 1) + below;
}

/** RFC 3986 §5.2.4, but `..` at the beginning of a relative path stays, and slashes are not doubled. */
function withoutDots(path: string): string {
  const isAbsolute = path.startsWith('/');
  const segments = path.split('/').filter((segment, at, all) => segment !== '' || at === all.length - 1);
  const out: string[] = [];
  segments.forEach((segment, at) => {
    const isLast = at === segments.length - 1;
    if (segment === '..') {
      if (out.length > 0 && out[out.length - 1] !== '..') out.pop();
      else if (!isAbsolute) out.push('..');
    } else if (segment !== '.' && segment !== '') out.push(segment);
    if (isLast && (segment === '..' || segment === '.' || segment === '') && out.length > 0) out.push('');
  });
  return (isAbsolute ? '/' : '') + out.join('/');
}
