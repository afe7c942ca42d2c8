/** Documents of a person: into the vault, sealed under the person's key, and out of it again. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { DOCUMENT_EXTENSIONS, DOCUMENT_LIMIT_BYTES, DOCUMENT_TYPES, IdentityVaultError } from '#libs/identity';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession } from '../session';
import { requireInputFile } from './input-file';

export function addDocument(program: Command): void {
  const document = program.command('document').description('documents of a person, kept under their key');
  withPerson(
    document.command('add').description('keep a document: PDF, PNG, JPEG, TIFF or plain text, at most 10 MiB').argument('<file>'),
  )
    .option('--type <media type>', 'what it is; default: by the ending of its name')
    .option('--json', 'print the result as JSON')
    .action(add);
  withPerson(document.command('get').description('write a document to a file').argument('<document>'))
    .option('--out <file>', 'default: document-ID with the ending of its type; never written over')
    .option('--json', 'print the result as JSON')
    .action(get);
}

async function add(file: string, options: PersonOptions & { type?: string; json?: boolean }): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const mediaType = options.type ?? typeByName(file);
  await requireInputFile(file);
  // one byte more than may be is enough to be refused: a file of any size is not read whole
  const isTooLarge = (await stat(file)).size > DOCUMENT_LIMIT_BYTES;
  const session = await openSession('document');
  try {
    const personId = await personOf(session, options);
    const content = isTooLarge ? Buffer.alloc(DOCUMENT_LIMIT_BYTES + 1) : await readFile(file);
    const receipt = await session.runtime.context.vault.sealDocument(personId, { mediaType, content });
    terminal.value(receipt);
    terminal.line(
      `document ${receipt.documentId}: ${receipt.mediaType}, ${receipt.bytes} bytes, SHA-256 ${receipt.digest}` +
        (receipt.isNew ? '' : ' (it was kept before)'),
    );
  } catch (error) {
    if (!(error instanceof IdentityVaultError) || !/^(document-|person-unknown)/.test(error.code)) throw error;
    terminal.value({ outcome: 'refused', code: error.code, problem: error.message });
    terminal.problem(`${basename(file)}: refused: ${error.message}`);
    process.exitCode = EXIT.refused;
  } finally {
    await session.close();
  }
}

function typeByName(file: string): string {
  const ending = extname(file).slice(1).toLowerCase();
  const type = DOCUMENT_TYPES.find((each) => DOCUMENT_EXTENSIONS[each].includes(ending));
  if (type === undefined)
    throw new UsageError(
      `${basename(file)}: its name does not end as that of a document; say what it is by --type, e.g. application/pdf`,
    );
  return type;
}

async function get(documentId: string, options: PersonOptions & { out?: string; json?: boolean }): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const session = await openSession('document');
  try {
    const personId = await personOf(session, options);
    const document = await session.runtime.context.vault.readDocument(personId, documentId);
    if (document === null) {
      terminal.problem('this person has no such document');
      process.exitCode = EXIT.refused;
      return;
    }
    const { content, ...receipt } = document;
    const out = options.out ?? `document-${documentId}.${DOCUMENT_EXTENSIONS[document.mediaType][0]}`;
    await writeFile(out, content, { flag: 'wx', mode: 0o600 });
    terminal.value({ ...receipt, file: out });
    terminal.line(`${out}: ${receipt.mediaType}, ${receipt.bytes} bytes, SHA-256 ${receipt.digest}`);
  } finally {
    await session.close();
  }
}
