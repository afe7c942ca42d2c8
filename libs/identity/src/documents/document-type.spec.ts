import { DOCUMENT_LIMIT_BYTES, DOCUMENT_TYPES, documentFault, documentTypeOf, type DocumentType } from './document-type';
import { SAMPLE_DOCUMENTS } from '../testing/documents';

describe('what a document is', () => {
  test.each(DOCUMENT_TYPES)('%s is known by its first bytes', (type) => {
    expect(documentTypeOf(SAMPLE_DOCUMENTS[type])).toBe(type);
    expect(documentFault(type, SAMPLE_DOCUMENTS[type])).toBeNull();
  });

  test.each(
    DOCUMENT_TYPES.flatMap((said) =>
      DOCUMENT_TYPES.filter((is) => is !== said).map((is): [DocumentType, DocumentType] => [is, said]),
    ),
  )('%s that says it is %s is refused, and what it is is told', (is, said) => {
    const fault = documentFault(said, SAMPLE_DOCUMENTS[is]);
    expect(fault?.code).toBe('document-type-differs');
    expect(fault?.problem).toContain(`the content is ${is} and not ${said}`);
  });

  test('a TIFF of either byte order is one', () => {
    expect(documentTypeOf(Buffer.from('MM\0*rest', 'latin1'))).toBe('image/tiff');
    expect(documentTypeOf(Buffer.from('II*\0rest', 'latin1'))).toBe('image/tiff');
  });

  test.each<[string, Buffer]>([
    ['a program', Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1')],
    ['an archive', Buffer.from('PK\x03\x04\0\0', 'latin1')],
    ['text with a zero byte', Buffer.from('text\0', 'latin1')],
    ['text in another encoding than UTF-8', Buffer.from('caf\xe9', 'latin1')],
    ['text with an escape sequence', Buffer.from('text\x1b[2J', 'latin1')],
    ['a signature that is cut off', Buffer.from('89504e47', 'hex')],
  ])('%s is none', (_, content) => {
    expect(documentTypeOf(content)).toBeNull();
    expect(documentFault('text/plain', content)?.code).toBe('document-type-differs');
  });

  test('text may have tabs, line ends, accents and a byte order mark', () => {
    expect(documentTypeOf(Buffer.from('\uFEFFbehandeling\tvóór\r\n1 januari\f'))).toBe('text/plain');
  });

  test('10 MiB may go in, one byte more may not, and nothing may not either', () => {
    const pdf = (bytes: number): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(bytes - 9)]);
    expect(documentFault('application/pdf', pdf(DOCUMENT_LIMIT_BYTES))).toBeNull();
    expect(documentFault('application/pdf', pdf(DOCUMENT_LIMIT_BYTES + 1))?.code).toBe('document-too-large');
    expect(documentFault('application/pdf', Buffer.alloc(0))?.code).toBe('document-empty');
  });

  test.each(['application/zip', 'text/html', 'image/svg+xml', 'application/PDF', ''])('%p is no type of a document', (type) => {
    expect(documentFault(type, Buffer.from('%PDF-1.7'))?.code).toBe('document-type-unknown');
  });
});
