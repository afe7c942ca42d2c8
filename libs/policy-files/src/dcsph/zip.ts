/**
 * The files in a ZIP archive, as far as workbooks need it: stored and deflated entries, found by the central directory. Sizes are
 * bounded while unpacking, whatever the archive says of itself, and every file is held against its checksum.
 * Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end).
 */
import { crc32, inflateRawSync } from 'node:zlib';

/** The archive cannot be read; the message says why. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const DIRECTORY_SIGNATURE = 0x02014b50;
const DIRECTORY_LENGTH = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x1;

interface Entry {
  readonly method: number;
  readonly flags: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

export class ZipArchive {
  private constructor(
    private readonly bytes: Buffer,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly maxSize: number,
  ) {}

  /**
   * @param maxSize bytes that one file may have unpacked
   * @throws ZipError when it is no ZIP archive, or its directory is cut off
   */
  static open(bytes: Buffer, maxSize: number): ZipArchive {
    const end = findEnd(bytes);
    const count = bytes.readUInt16LE(end + 10);
    let at = bytes.readUInt32LE(end + 16);
    const entries = new Map<string, Entry>();
    for (let i = 0; i < count; i++) {
      if (at + DIRECTORY_LENGTH > end || bytes.readUInt32LE(at) !== DIRECTORY_SIGNATURE)
        throw new ZipError('the directory of the archive is damaged: the file is cut off or was changed');
      const lengths = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)] as const;
      const name = bytes.toString('utf8', at + DIRECTORY_LENGTH, at + DIRECTORY_LENGTH + lengths[0]);
      entries.set(name, {
        flags: bytes.readUInt16LE(at + 8),
        method: bytes.readUInt16LE(at + 10),
        checksum: bytes.readUInt32LE(at + 16),
        packed: bytes.readUInt32LE(at + 20),
        size: bytes.readUInt32LE(at + 24),
        at: bytes.readUInt32LE(at + 42),
      });
      at += DIRECTORY_LENGTH + lengths[0] + lengths[1] + lengths[2];
    }
    return new ZipArchive(bytes, entries, maxSize);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /**
   * A file as text in UTF-8.
   * @throws ZipError when it is not there, encrypted, packed in another way, too large, or damaged
   */
  text(name: string): string {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new ZipError(`has no ${name}`);
    if ((entry.flags & ENCRYPTED) !== 0) throw new ZipError(`${name} is encrypted: save the workbook without a password`);
    if (entry.size > this.maxSize) throw tooLarge(name, this.maxSize);
    const data = this.unpack(name, entry);
    if (data.length !== entry.size || crc32(data) !== entry.checksum) throw damaged(name);
    return data.toString('utf8');
  }

  private unpack(name: string, { method, packed, at }: Entry): Buffer {
    const { bytes } = this;
    if (at + LOCAL_LENGTH > bytes.length || bytes.readUInt32LE(at) !== LOCAL_SIGNATURE) throw damaged(name);
    const start = at + LOCAL_LENGTH + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    if (start + packed > bytes.length) throw damaged(name);
    const data = bytes.subarray(start, start + packed);
    if (method === STORED) return data;
    if (method !== DEFLATED) throw new ZipError(`${name} is packed in a way that is not known here (method ${method})`);
    try {
      return inflateRawSync(data, { maxOutputLength: this.maxSize });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(name, this.maxSize) : damaged(name);
    }
  }
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - END_LENGTH; at >= Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT); at--) {
    if (bytes.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  const isZip = bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL_SIGNATURE;
  throw new ZipError(
    isZip ? 'is cut off: copy or download the file again' : 'is no .xlsx file (no ZIP archive): save the workbook as .xlsx',
  );
}

const damaged = (name: string): ZipError => new ZipError(`${name} is damaged: copy or download the file again`);
const tooLarge = (name: string, limit: number): ZipError => new ZipError(`${name} is larger unpacked than ${limit} bytes`);
