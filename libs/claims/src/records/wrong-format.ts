/** Recognises what people send instead of a claim file, and says how to put it right. Content is never repeated. */

const SIGNATURES: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], what: 'The file begins with a UTF-8 byte order mark' },
  { bytes: [0xff, 0xfe], what: 'The file is UTF-16 text' },
  { bytes: [0xfe, 0xff], what: 'The file is UTF-16 text' },
];
const CONTAINERS: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive' },
  { bytes: [0x1f, 0x8b], what: 'a gzip archive' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF document' },
];

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** A sentence when the bytes at the start of a line are plainly another format or character set; otherwise null. */
export function foreignFormat(line: Uint8Array): string | null {
  const marked = SIGNATURES.find((signature) => startsWith(line, signature.bytes));
  if (marked) return `${marked.what}; save it as ISO 8859-1 without a byte order mark, one byte a character.`;
  const container = CONTAINERS.find((signature) => startsWith(line, signature.bytes));
  if (container) return `The file is ${container.what}, not a PM304 claim file; unpack or export the claim file itself.`;
  if (line[0] === 0x3c) return 'The file is XML, not a PM304 claim file; a GDS801 message is sent under its own standard.';
  if (line.includes(0)) return 'The file holds zero bytes: it is UTF-16 or no text; save it as ISO 8859-1, one byte a character.';
  return null;
}

/** Characters of the bytes read as UTF-8 when they hold a sequence of more than one byte and are valid; otherwise null. */
function charactersOfUtf8(line: Uint8Array): number | null {
  if (!line.some((byte) => byte >= 0xc2)) return null;
  try {
    return [...new TextDecoder('utf-8', { fatal: true }).decode(line)].length;
  } catch {
    return null;
  }
}

/** Why a record has the wrong length, as far as that shows. */
export function lengthProblem(line: Uint8Array, expected: number): string {
  const fact = `The record has ${line.length} bytes and must have ${expected}`;
  if (line.length > expected) {
    const characters = charactersOfUtf8(line);
    if (characters !== null) {
      const exactly = characters === expected ? `${expected} characters` : 'accented letters';
      return `${fact}; it looks like UTF-8 (${exactly} in more bytes): save the file as ISO 8859-1, one byte a character.`;
    }
    if (line.length === 370) return `${fact}; records of 370 belong to the PM305 return message: send the PM304 claim.`;
    return `${fact}; cut the fields to their widths.`;
  }
  return `${fact}; the file was cut off, or spaces at the end were taken away: send it as the software wrote it.`;
}
