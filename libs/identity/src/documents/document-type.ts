import { isUtf8 } from 'node:buffer';

/** What a document may be: what scanners, offices and mail programs give, and nothing that runs. */
export const DOCUMENT_TYPES = ['application/pdf', 'image/png', 'image/jpeg', 'image/tiff', 'text/plain'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** Largest document: 10 MiB, some forty scanned pages. */
export const DOCUMENT_LIMIT_BYTES = 10 * 1_048_576;

/** Endings of file names, the usual one first. */
export const DOCUMENT_EXTENSIONS: Readonly<Record<DocumentType, readonly string[]>> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/tiff': ['tif', 'tiff'],
  'text/plain': ['txt'],
};

/** First bytes, as the formats' own specifications have them. Plain text has none: it is what is readable and nothing else. */
const SIGNATURES: readonly (readonly [DocumentType, Buffer])[] = [
  ['application/pdf', Buffer.from('%PDF-', 'latin1')],
  ['image/png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['image/jpeg', Buffer.from('ffd8ff', 'hex')],
  ['image/tiff', Buffer.from('49492a00', 'hex')],
  ['image/tiff', Buffer.from('4d4d002a', 'hex')],
];

export const isDocumentType = (text: string): text is DocumentType => (DOCUMENT_TYPES as readonly string[]).includes(text);

/** What the content is, by its first bytes; null when it is none of the types. */
export function documentTypeOf(content: Buffer): DocumentType | null {
  const signed = SIGNATURES.find(([, signature]) => content.subarray(0, signature.length).equals(signature));
  if (signed !== undefined) return signed[0];
  return content.length > 0 && isPlainText(content) ? 'text/plain' : null;
}

/** UTF-8 without control characters but tab, line feed, form feed and carriage return. */
function isPlainText(content: Buffer): boolean {
  if (!isUtf8(content)) return false;
  return content.every(
    (byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d,
  );
}

export type DocumentFaultCode = 'document-empty' | 'document-too-large' | 'document-type-unknown' | 'document-type-differs';

/** Why the content cannot be taken in under this type; null when it can. `problem` repeats nothing of the content. */
export function documentFault(
  mediaType: string,
  content: Buffer,
): { readonly code: DocumentFaultCode; readonly problem: string } | null {
  if (!isDocumentType(mediaType)) {
    return { code: 'document-type-unknown', problem: `a document is one of ${DOCUMENT_TYPES.join(', ')}; convert it first` };
  }
  if (content.length === 0) return { code: 'document-empty', problem: 'the document is empty; choose the file again' };
  if (content.length > DOCUMENT_LIMIT_BYTES) {
    const problem = `the document has more than ${DOCUMENT_LIMIT_BYTES} bytes; scan it smaller, or send it in parts`;
    return { code: 'document-too-large', problem };
  }
  const actual = documentTypeOf(content);
  if (actual === mediaType) return null;
  const problem =
    actual === null
      ? `the content is not ${mediaType}, nor any other type that a document may have; it may be damaged`
      : `the content is ${actual} and not ${mediaType}; send it as what it is`;
  return { code: 'document-type-differs', problem };
}
