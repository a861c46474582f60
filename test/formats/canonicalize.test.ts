import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import t from 'tap';
import type { Test } from 'tap';

import { canonicalize } from '../../formats/xml/canonicalize.ts';
import type { CanonicalizationMethod } from '../../formats/xml/canonicalize.ts';
import { joinUriReferences } from '../../formats/xml/join-uri-references.ts';
import { parseXml, parseXmlText } from '../../formats/xml/parse-xml.ts';
import { childElements } from '../../formats/xml/xml-node.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const XMLLINT = { 'inclusive-1.0': '--c14n', 'inclusive-1.1': '--c14n11', exclusive: '--exc-c14n' } as const;
const KINDS = Object.keys(XMLLINT) as (keyof typeof XMLLINT)[];

/** The examples of Canonical XML 1.0 §3 without document types, and what has divided implementations. */
const CORPUS: Record<string, string> = {
  'comments and processing instructions': `<?xml version="1.0"?>\n<?xml-stylesheet   href="doc.xsl"\n   type="text/xsl"   ?>\n<!-- one -->\n<doc>Hello, world!<!-- Comment 1 --></doc>\n<?pi-without-data     ?>\n<!-- Comment 2 -->\n<!-- Comment 3 -->\n`,
  'white space':
    '<doc>\n   <clean>   </clean>\n   <dirty>   A   B   </dirty>\n   <mixed>\n      A\n      <clean>   </clean>\n      B\n   </mixed>\n</doc>',
  'start and end tags': `<doc>\n   <e1   />\n   <e2   ></e2>\n   <e3   name = "elem3"   id="elem3"   />\n   <e5 a:attr="out" b:attr="sorted" attr2="all" attr="I'm"\n      xmlns:b="http://www.ietf.org"\n      xmlns:a="http://www.w3.org"\n      xmlns="http://example.org"/>\n   <e6 xmlns="" xmlns:a="http://www.w3.org">\n      <e7 xmlns="http://www.ietf.org">\n         <e8 xmlns="" xmlns:a="http://www.w3.org">\n            <e9 xmlns="" xmlns:a="http://www.ietf.org"/>\n         </e8>\n      </e7>\n   </e6>\n</doc>`,
  characters: `<doc>\n   <text>First line&#x0d;&#10;Second line</text>\n   <value>&#x32;</value>\n   <compute><![CDATA[value>"0" && value<"10" ?"valid":"error"]]></compute>\n   <compute expr='value>"0" &amp;&amp; value&lt;"10" ?"valid":"error"'>valid</compute>\n   <norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/>\n</doc>`,
  'line ends': '<doc a="x\r\ny\rz">one\r\ntwo\rthree\n</doc>\r\n<!--a\r\nb-->',
  'order by code points':
    '<doc xmlns:z="urn:a" xmlns:a="urn:z" \u{10000}="1" \uF900="2" z:b="3" a:a="4" z:\u{10000}="5" z:\uF900="6" xml:lang="fa"/>',
  'a default that is taken away':
    '<a xmlns="urn:a"><b xmlns=""><c xmlns="urn:a"/></b><p:d xmlns:p="urn:p" xmlns=""><e/></p:d></a>',
  'a prefix that changes':
    '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2" p:x="1"><q:c xmlns:q="urn:1" p:x="2"/></p:b><p:d/></p:a>',
  Persian: '<نسخه یادداشت="«آزمایش»">‌می\u200cشود &gt; 😀</نسخه>',
};

t.test('the same octets as libxml2', async (t) => {
  const folder = temporaryFolder(t);
  for (const [name, text] of Object.entries(CORPUS)) compare(t, folder, text, name);
});

t.test('the same octets as libxml2, whatever the document', async (t) => {
  const folder = temporaryFolder(t);
  fc.assert(
    fc.property(document, (text) => compare(t, folder, text, text)),
    { numRuns: 30, endOnFailure: true },
  );
});

t.test('canonical XML is a fixed point, and comments make no other difference', async (t) => {
  fc.assert(
    fc.property(document, fc.constantFrom(...KINDS), (text, kind) => {
      const parsed = parseXmlText(text);
      for (const comments of [true, false]) {
        const once = canonicalize({ apex: parsed }, { kind, comments });
        t.same(canonicalize({ apex: parseXml(once) }, { kind, comments }), once);
      }
      const withoutComments = text.replace(/<!--[^-]*-->/g, '');
      t.same(
        canonicalize({ apex: parsed }, { kind, comments: false }),
        canonicalize({ apex: parseXmlText(withoutComments) }, { kind, comments: false }),
      );
    }),
    { numRuns: 100 },
  );
});

const INHERITING =
  '<a:r xmlns:a="urn:a" xmlns="urn:d" xmlns:u="urn:u" xml:lang="fa" xml:base="http://e.test/x/" xml:id="i">' +
  '<a:m xml:base="../y/" xml:space="preserve"><t xml:base="z" a:q="1"><k/></t></a:m></a:r>';

t.test('an element out of its document takes along what it inherits', async (t) => {
  const cases: [CanonicalizationMethod, string][] = [
    [
      { kind: 'inclusive-1.0', comments: false },
      '<t xmlns="urn:d" xmlns:a="urn:a" xmlns:u="urn:u" xml:base="z" xml:id="i" xml:lang="fa" xml:space="preserve" a:q="1"><k></k></t>',
    ],
    [
      { kind: 'inclusive-1.1', comments: false },
      '<t xmlns="urn:d" xmlns:a="urn:a" xmlns:u="urn:u" xml:base="http://e.test/y/z" xml:lang="fa" xml:space="preserve" a:q="1"><k></k></t>',
    ],
    [
      { kind: 'exclusive', comments: false },
      '<t xmlns="urn:d" xmlns:a="urn:a" xml:base="z" a:q="1"><k></k></t>',
    ],
    [
      { kind: 'exclusive', comments: false, inclusivePrefixes: ['u', 'nowhere'] },
      '<t xmlns="urn:d" xmlns:a="urn:a" xmlns:u="urn:u" xml:base="z" a:q="1"><k></k></t>',
    ],
  ];
  const [middle] = childElements(parseXmlText(INHERITING).root);
  for (const [method, expected] of cases)
    t.equal(canonicalize({ apex: childElements(middle)[0] }, method).toString(), expected, method.kind);
});

t.test('an element that is left out leaves its surroundings as they are', async (t) => {
  const { root, ...parsed } = parseXmlText('<a xmlns:p="urn:p">x<p:b/>y<b><p:b/></b></a>');
  const apex = { ...parsed, root };
  const omits = ({ name }: { name: string }) => name === 'p:b';
  const octets = canonicalize({ apex, omits }, { kind: 'exclusive', comments: false });
  t.equal(octets.toString(), '<a>xy<b></b></a>');
});

t.test('declarations that exclusive canonicalization repeats end at a bound', async (t) => {
  const namespace = `urn:${'x'.repeat(1_000)}`;
  const text = `<r xmlns:p="${namespace}">${'<p:a/>'.repeat(100_000)}</r>`;
  t.throws(() => canonicalize({ apex: parseXmlText(text) }, { kind: 'exclusive', comments: false }), {
    code: 'xml-malformed',
  });
});

t.test('bases are joined as Canonical XML 1.1 §2.4 does', async (t) => {
  const cases: [string, string, string][] = [
    ['no/such/', '../xx', 'no/xx'],
    ['..', 'x', '../x'],
    ['abc/', '../', ''],
    ['abc/', '../../', '../'],
    ['abc', '..', '../'],
    ['../bar/', 'foo', '../bar/foo'],
    ['/abc/..', 'x', '/x'],
    ['abc/x/', '..', 'abc/'],
    ['http://a/b/c', 'd?x#y', 'http://a/b/d?x'],
    ['http://a', 'b', 'http://a/b'],
    ['http://a/b', '//c/d/../e', 'http://c/e'],
    ['http://a/b', 'urn:c', 'urn:c'],
    ['http://a/b?q', '', 'http://a/b?q'],
  ];
  for (const [base, reference, joined] of cases) t.equal(joinUriReferences(base, reference), joined);
});

function compare(t: Test, folder: string, text: string, name: string): void {
  const file = join(folder, 'document.xml');
  writeFileSync(file, text);
  const parsed = parseXml(Buffer.from(text));
  for (const kind of KINDS) {
    const theirs = execFileSync('xmllint', [XMLLINT[kind], file]);
    t.equal(
      canonicalize({ apex: parsed }, { kind, comments: true }).toString(),
      theirs.toString(),
      `${kind}: ${name}`,
    );
  }
}

/** Well-formed documents over three prefixes, whose namespaces change on the way, and characters that are escaped. */
const characters = fc
  .array(fc.constantFrom('a', ' ', '\n', '&amp;', '&lt;', '>', '&#13;', '&#9;', "'", 'ش', '😀', '\t'), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const namespaceOf = fc.constantFrom('urn:1', 'urn:2', 'urn:3');
const declarations = fc
  .record({
    p: fc.option(namespaceOf),
    q: fc.option(namespaceOf),
    d: fc.option(fc.constantFrom('', 'urn:1', 'urn:4')),
  })
  .map(({ p, q, d }) =>
    [
      p === null ? '' : ` xmlns:p="${p}"`,
      d === null ? '' : ` xmlns="${d}"`,
      q === null ? '' : ` xmlns:q="${q}"`,
    ].join(''),
  );
const attributes = fc
  .uniqueArray(fc.constantFrom('z', 'a', 'p:b', 'q:c', 'xml:lang'), { maxLength: 4 })
  .chain((names) => fc.tuple(...names.map((name) => characters.map((value) => ` ${name}="${value}"`))))
  .map((parts) => parts.join(''));
const { element } = fc.letrec<{ element: string; node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    characters,
    fc.constantFrom('<!-- c -->', '<?pi d ?>', '<![CDATA[<&>]]>'),
    tie('element'),
  ),
  element: fc
    .tuple(
      fc.constantFrom('e', 'p:e', 'q:f'),
      declarations,
      attributes,
      fc.array(tie('node'), { maxLength: 4 }),
    )
    .map(
      ([name, declared, attributed, children]) =>
        `<${name}${declared}${attributed}>${children.join('')}</${name}>`,
    ),
}));
const document = fc
  .tuple(fc.constantFrom('', '<!-- x -->', '<?pi?>\n'), element)
  .map(([before, inner]) => `${before}<r xmlns:p="urn:p" xmlns:q="urn:q">${inner}</r>`);
