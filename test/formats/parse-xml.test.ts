import t from 'tap';

import { encodeXml, withAppended, withContents } from '../../formats/xml/edit-xml-text.ts';
import { looksLikeXml, parseXml, parseXmlText } from '../../formats/xml/parse-xml.ts';
import { childElements, elementsWithin, textOf } from '../../formats/xml/xml-node.ts';

const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
const attributes = (count: number) => Array.from({ length: count }, (_, index) => ` a${index}=""`).join('');

const REFUSED: Record<string, string | Buffer> = {
  nothing: '',
  'no element': '<!-- -->',
  'two roots': '<a/><b/>',
  'text around the root': '<a/>x',
  'an end tag of another': '<a></b>',
  'an attribute twice': '<a x="1" x="2"/>',
  'an attribute twice by its namespace': '<a xmlns:p="urn:n" xmlns:q="urn:n" p:x="1" q:x="2"/>',
  'a prefix without a namespace': '<p:a/>',
  'a prefix that is taken away': '<a xmlns:p="urn:p"><p:b xmlns:p=""/></a>',
  'another xml prefix': '<a xmlns:xml="urn:n"/>',
  'an entity of its own': '<a>&b;</a>',
  'a document type': '<!DOCTYPE a><a/>',
  'an external entity': '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
  'an external document type': '<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>',
  'entities of exponential size':
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]><a>&d;</a>',
  'attributes by default': '<!DOCTYPE a [<!ATTLIST a Id ID "x">]><a/>',
  'an end of CDATA in text': '<a>]]></a>',
  'a comment with two hyphens': '<a><!-- -- --></a>',
  'a character that does not exist': '<a>&#0;</a>',
  'half a surrogate pair': '<a>&#xD800;</a>',
  'a control character': '<a>\u0001</a>',
  'XML 1.1': '<?xml version="1.1"?><a/>',
  'an encoding that is not read': '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
  'octets that are no UTF-8': Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]),
  'a declaration that is not first': ' <?xml version="1.0"?><a/>',
  'deep nesting': nested(201),
  'very deep nesting': nested(200_000),
  'many attributes': `<a${attributes(501)}/>`,
  'a long namespace': `<a xmlns="urn:${'x'.repeat(1_100)}"/>`,
  'a long name': `<${'a'.repeat(2_000)}/>`,
  'many nodes': `<a>${'<b/>'.repeat(300_001)}</a>`,
  'many octets': Buffer.alloc(16 * 1024 * 1024 + 1, 0x20),
};

for (const [what, document] of Object.entries(REFUSED)) {
  t.test(`refuses ${what}`, async (t) => {
    t.throws(() => parseXml(Buffer.from(document)), { code: 'xml-malformed' });
  });
}

t.test('reads up to its bounds', async (t) => {
  t.equal([...elementsWithin(parseXmlText(nested(200)).root)].length, 200);
  t.equal(parseXmlText(`<a${attributes(500)}/>`).root.attributes.length, 500);
});

t.test('says nothing in letters of the document that a log would take for its own', async (t) => {
  let message = '';
  try {
    parseXmlText('<a><\u202e\nx/></a>');
  } catch (error) {
    message = (error as Error).message;
  }
  t.match(message, /^xml-malformed: [\x20-\x7e]+$/);
});

t.test('reads UTF-8 and UTF-16, each with its mark and without', async (t) => {
  const text = '<a>نسخهٔ 😀</a>';
  const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  for (const bytes of [
    Buffer.from(text),
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    swapped,
  ]) {
    t.ok(looksLikeXml(bytes));
    t.equal(textOf(parseXml(bytes).root), 'نسخهٔ 😀');
  }
  t.notOk(looksLikeXml(Buffer.from([0x30, 0x82])));
  t.notOk(looksLikeXml(Buffer.from('-----BEGIN CMS-----')));
  t.notOk(looksLikeXml(Buffer.from('%PDF-1.7')));
  t.notOk(looksLikeXml(Buffer.from('{"payload":""}')));
});

t.test('a name of the language is an attribute like any other', async (t) => {
  const { root } = parseXmlText('<a __proto__="1" constructor="2" toString="3"/>');
  t.strictSame(
    root.attributes.map(({ name, value }) => [name, value]),
    [
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
    ],
  );
});

t.test('elements are changed where they stand', async (t) => {
  const text = '<!--<a>--><a x=">"><b/>\r\n<c y="/>"></c  ><d>1</d></a>';
  const { root } = parseXmlText(text);
  const [b, c, d] = childElements(root);
  t.equal(withAppended(text, root, '<n/>'), '<!--<a>--><a x=">"><b/>\r\n<c y="/>"></c  ><d>1</d><n/></a>');
  t.equal(withAppended(text, b, '<n/>'), '<!--<a>--><a x=">"><b><n/></b>\r\n<c y="/>"></c  ><d>1</d></a>');
  t.equal(withAppended(text, c, '<n/>'), '<!--<a>--><a x=">"><b/>\r\n<c y="/>"><n/></c  ><d>1</d></a>');
  const contents = [
    { element: c, content: 'C' },
    { element: d, content: 'DD' },
  ];
  t.equal(withContents(text, contents), '<!--<a>--><a x=">"><b/>\r\n<c y="/>">C</c  ><d>DD</d></a>');
  t.equal(text.slice(c.start, c.contentStart), '<c y="/>">');
});

t.test('what is written is UTF-8 and says so', async (t) => {
  const declared = '<?xml version="1.0" encoding="UTF-16"?><a/>';
  t.equal(encodeXml(declared).toString(), '<?xml version="1.0" encoding="UTF-8"?><a/>');
  t.equal(
    encodeXml("<?xml version='1.0' encoding='utf-8'?><a/>").toString(),
    "<?xml version='1.0' encoding='utf-8'?><a/>",
  );
  t.equal(encodeXml('<a encoding="UTF-16"/>').toString(), '<a encoding="UTF-16"/>');
});
