/** The smallest of each type of document, made up. */
import type { DocumentType } from '../documents/document-type';

export const SAMPLE_DOCUMENTS: Readonly<Record<DocumentType, Buffer>> = {
  'application/pdf': Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n', 'latin1'),
  'image/png': Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  'image/jpeg': Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
  'image/tiff': Buffer.from('49492a00080000000000', 'hex'),
  'text/plain': Buffer.from('Behandelhistorie: veertien zittingen elders.\n', 'utf8'),
};
