/** Mail addresses of practices, from a file that whoever keeps them can edit: a change takes effect with the next message. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

/** AGB code to mail address. */
export type PracticeAddresses = ReadonlyMap<string, string>;

/** The file cannot be used; the message says where and what to do, and repeats no address. */
export class PracticeAddressesError extends Error {
  override readonly name = 'PracticeAddressesError';
}

/** One address without a name; nothing that could end a header or add another receiver. */
const ADDRESS = /^[^\s@<>",;:()[\]\\]+@[^\s@<>",;:()[\]\\]+\.[^\s@<>",;:()[\]\\]+$/;

interface Row {
  readonly info: { readonly lines: number };
  readonly record: Readonly<Record<string, string>>;
}

/**
 * Reads CSV with the columns `practice` and `email`, one line a practice. No file: no practice has an address.
 * @throws PracticeAddressesError with every fault
 */
export async function loadPracticeAddresses(file: string | null): Promise<PracticeAddresses> {
  if (file === null) return new Map();
  const rows = parseRows(file, await read(file));
  const addresses = new Map<string, string>();
  const faults: string[] = [];
  for (const { info, record } of rows) {
    const { practice = '', email = '' } = record;
    const fault = (what: string): void => void faults.push(`${file}:${info.lines}: ${what}`);
    if (!/^\d{8}$/.test(practice)) fault('practice: give the AGB code, eight digits');
    else if (addresses.has(practice)) fault('practice: it has an address already; give each practice once');
    if (!ADDRESS.test(email)) fault('email: give one address, such as praktijk@voorbeeld.nl');
    addresses.set(practice, email);
  }
  if (faults.length > 0) throw new PracticeAddressesError(faults.join('\n'));
  return addresses;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PracticeAddressesError(`The addresses of practices cannot be read: ${(error as Error).message}`);
  }
}

function parseRows(file: string, text: string): Row[] {
  let rows: Row[];
  try {
    rows = parse(text, { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true }) as unknown as Row[];
  } catch (error) {
    // the library's own text may quote the line
    const { lines } = error as { lines?: number };
    throw new PracticeAddressesError(`${file}:${lines ?? 1}: is not CSV with the columns practice,email`);
  }
  const [first] = rows;
  if (first !== undefined && !('practice' in first.record && 'email' in first.record))
    throw new PracticeAddressesError(`${file}:1: the first line must name the columns practice,email`);
  return rows;
}
