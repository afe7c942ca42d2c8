/** What else is told of a person than who it is: notes in prose, and documents. Sealed under the person's key, and gone with it. */
import { createHash, randomUUID, type KeyObject } from 'node:crypto';
import type { Pool } from '#libs/platform';
import { documentFault, type DocumentType } from '../documents/document-type';
import { IdentityVaultError } from '../errors';
import { opening, openSecret } from './lookups';
import { seal, unseal, type Purpose } from './sealing';

/** Longest note, in characters. */
export const NOTE_LIMIT_CHARACTERS = 4_000;

export interface DocumentToSeal {
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface DocumentReceipt {
  readonly documentId: string;
  readonly mediaType: DocumentType;
  /** Size in bytes. */
  readonly bytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly digest: string;
  /** false: the same document was sealed for this person before, and this is its receipt. */
  readonly isNew: boolean;
}

export interface SealedDocument extends Omit<DocumentReceipt, 'isNew'> {
  readonly content: Buffer;
}

export interface SealedObjects {
  /**
   * Seals prose of at most 4,000 characters under the person's key; answers its id. With a `noteId` (a UUID) of the caller's it may
   * be given again: the same note is sealed once.
   * @throws IdentityVaultError `person-unknown`: nobody has this id, or was erased; `bad-input`: no text, too much of it, or the
   *   `noteId` is that of another note
   */
  sealNote(personId: string, text: string, noteId?: string): Promise<string>;
  /** Null when the person has no such note, or was erased. @throws IdentityVaultError `damaged` */
  readNote(personId: string, noteId: string): Promise<string | null>;
  /**
   * Seals a document under the person's key. The same content again, of the same person, is the same document.
   * @throws IdentityVaultError `person-unknown`, or a DocumentFaultCode: empty, larger than 10 MiB, not what it says
   */
  sealDocument(personId: string, document: DocumentToSeal): Promise<DocumentReceipt>;
  /** Null when the person has no such document, or was erased. @throws IdentityVaultError `damaged` */
  readDocument(personId: string, documentId: string): Promise<SealedDocument | null>;
  /** How much is sealed of a person. */
  sealedOf(personId: string): Promise<{ readonly notes: number; readonly documents: number; readonly documentBytes: number }>;
}

interface DocumentRow {
  readonly sealed: Buffer;
  readonly media_type: DocumentType;
  readonly bytes: number;
  readonly digest: Buffer;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const FOREIGN_KEY_VIOLATION = '23503';

/** Names the one object, so that a ciphertext in another's row does not open. A document's type is in it: the row cannot say another. */
const subjectOf = (personId: string, objectId: string, mediaType?: string): string =>
  [personId, objectId, ...(mediaType === undefined ? [] : [mediaType])].join('/');

export class PostgresSealedObjects implements SealedObjects {
  constructor(
    private readonly pool: Pool,
    private readonly kek: KeyObject,
  ) {}

  async sealNote(personId: string, text: string, noteId: string = randomUUID()): Promise<string> {
    if (text.trim() === '' || [...text].length > NOTE_LIMIT_CHARACTERS)
      throw new IdentityVaultError('bad-input', `a note must have 1 to ${NOTE_LIMIT_CHARACTERS} characters`);
    if (!UUID.test(noteId)) throw new IdentityVaultError('bad-input', 'the id of a note must be a UUID in lower case');
    const sealed = seal(await this.keyOf(personId), 'note', subjectOf(personId, noteId), text);
    const isNew = await this.insert(
      `insert into identity.sealed_object (object_id, person_id, kind, sealed) values ($1, $2, 'note', $3) on conflict do nothing`,
      [noteId, personId, sealed],
    );
    if (!isNew && (await this.readNote(personId, noteId)) !== text)
      throw new IdentityVaultError('bad-input', 'another note has this id already; give every note an id of its own');
    return noteId;
  }

  async readNote(personId: string, noteId: string): Promise<string | null> {
    const row = await this.rowOf<{ sealed: Buffer }>(personId, noteId, 'note', 'o.sealed');
    if (row === null) return null;
    return opening(personId, () => unseal(row.key, 'note', subjectOf(personId, noteId), row.sealed).toString('utf8'));
  }

  async sealDocument(personId: string, { mediaType, content }: DocumentToSeal): Promise<DocumentReceipt> {
    const fault = documentFault(mediaType, content);
    if (fault !== null) throw new IdentityVaultError(fault.code, fault.problem);
    const digest = createHash('sha256').update(content).digest();
    const key = await this.keyOf(personId);
    const documentId = randomUUID();
    const sealed = seal(key, 'document', subjectOf(personId, documentId, mediaType), content);
    const isNew = await this.insert(
      `insert into identity.sealed_object (object_id, person_id, kind, sealed, media_type, bytes, digest)
       values ($1, $2, 'document', $3, $4, $5, $6) on conflict do nothing`,
      [documentId, personId, sealed, mediaType, content.length, digest],
    );
    const receipt = { mediaType: mediaType as DocumentType, bytes: content.length, digest: digest.toString('hex') };
    if (isNew) return { documentId, ...receipt, isNew };
    const { rows } = await this.pool.query<{ object_id: string }>(
      `select object_id from identity.sealed_object where person_id = $1 and digest = $2 and kind = 'document'`,
      [personId, digest],
    );
    // gone again between the two statements: with the person
    if (rows[0] === undefined) throw personUnknown();
    return { documentId: rows[0].object_id, ...receipt, isNew };
  }

  async readDocument(personId: string, documentId: string): Promise<SealedDocument | null> {
    const row = await this.rowOf<DocumentRow>(personId, documentId, 'document', 'o.sealed, o.media_type, o.bytes, o.digest');
    if (row === null) return null;
    const { media_type: mediaType, bytes } = row;
    return opening(personId, () => {
      const content = unseal(row.key, 'document', subjectOf(personId, documentId, mediaType), row.sealed);
      const digest = createHash('sha256').update(content).digest();
      if (!digest.equals(row.digest) || content.length !== bytes) throw new Error('the content is not the one that was recorded');
      return { documentId, mediaType, bytes, digest: digest.toString('hex'), content };
    });
  }

  async sealedOf(personId: string): Promise<{ notes: number; documents: number; documentBytes: number }> {
    const { rows } = await this.pool.query<{ kind: Purpose; n: string; bytes: string }>(
      'select kind, count(*) n, coalesce(sum(bytes), 0) bytes from identity.sealed_object where person_id = $1 group by kind',
      [personId],
    );
    const of = (kind: Purpose) => rows.find((row) => row.kind === kind);
    return {
      notes: Number(of('note')?.n ?? 0),
      documents: Number(of('document')?.n ?? 0),
      documentBytes: Number(of('document')?.bytes ?? 0),
    };
  }

  private async keyOf(personId: string): Promise<Buffer> {
    if (!UUID.test(personId)) throw personUnknown();
    const { rows } = await this.pool.query<{ wrapped_key: Buffer }>(
      'select wrapped_key from identity.person_key where person_id = $1',
      [personId],
    );
    if (rows[0] === undefined) throw personUnknown();
    return openSecret(this.kek, personId, rows[0].wrapped_key).key;
  }

  /** One object with the person's key; null when there is no such object, or no key any more. */
  private async rowOf<Row>(
    personId: string,
    objectId: string,
    kind: 'note' | 'document',
    columns: string,
  ): Promise<(Row & { readonly key: Buffer }) | null> {
    if (!UUID.test(personId) || !UUID.test(objectId)) return null;
    const { rows } = await this.pool.query<Row & { wrapped_key: Buffer }>(
      `select k.wrapped_key, ${columns} from identity.sealed_object o join identity.person_key k using (person_id)
        where o.object_id = $1 and o.person_id = $2 and o.kind = $3`,
      [objectId, personId, kind],
    );
    const [row] = rows;
    return row === undefined ? null : { ...row, key: openSecret(this.kek, personId, row.wrapped_key).key };
  }

  /** false: it was there. The key may go while the object is on its way: then the database does not take the object. */
  private async insert(statement: string, values: readonly unknown[]): Promise<boolean> {
    try {
      return (await this.pool.query(statement, [...values])).rowCount === 1;
    } catch (error) {
      if ((error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION) throw personUnknown();
      throw error;
    }
  }
}

const personUnknown = (): IdentityVaultError =>
  new IdentityVaultError('person-unknown', 'nobody has this person id, or the person was erased: nothing can be sealed for them');
