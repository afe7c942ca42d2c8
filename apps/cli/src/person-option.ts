/** How a command names a person. A BSN never stands on a command line, where other users of the machine could read it. */
import type { Command } from 'commander';
import { isValidBsn } from '#libs/claims';
import type { PersonId } from '#libs/trajectory';
import { recordSearch } from './access';
import type { Session } from './session';
import { UsageError } from './errors';

export interface PersonOptions {
  readonly person?: string;
  readonly relation?: string;
  readonly bsnFromStdin?: boolean;
}

/** Read here and not by the option parser, which would repeat a wrong value on the terminal. */
const parseRelation = (text: string): { insurer: string; number: string } => {
  const match = /^(\d{4}):(.{1,15})$/.exec(text);
  if (match === null) throw new UsageError('--relation: give INSURER:NUMBER, e.g. 3343:12345678');
  return { insurer: match[1] ?? '', number: match[2] ?? '' };
};

export const withPerson = (command: Command): Command =>
  command
    .option('--person <id>', 'person id (a pseudonym), as other commands print it')
    .option('--relation <insurer:number>', 'relation number at an insurer')
    .option('--bsn-from-stdin', 'read the BSN from standard input');

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const part of process.stdin) {
    text += String(part);
    if (text.length > 1000) throw new UsageError('standard input holds more than a BSN');
  }
  return text.trim();
}

async function readBsn(): Promise<string> {
  const text = await readStandardInput();
  // the value itself is told to nobody
  if (!isValidBsn(text)) throw new UsageError('standard input holds no BSN: give nine digits that pass the 11-test');
  return text;
}

/** The person's id. Throws UsageError when none or more than one way is given, or nobody is known by it. */
export async function personOf(session: Session, options: PersonOptions): Promise<PersonId> {
  const ways = [options.person, options.relation, options.bsnFromStdin].filter((way) => way !== undefined);
  if (ways.length !== 1) throw new UsageError('name the person in one way: --person, --relation or --bsn-from-stdin');
  if (options.person !== undefined) return options.person as PersonId;
  const { vault } = session.runtime.context;
  const relation = options.relation === undefined ? null : parseRelation(options.relation);
  const found =
    relation !== null
      ? await vault.resolveByRelationNumber(relation.insurer, [relation.number])
      : await vault.resolveByBsn([await readBsn()]);
  const [person] = found.values();
  await recordSearch(session, person === undefined ? [] : [person.personId]);
  if (person === undefined) throw new UsageError('nobody is known by this number; import the member first');
  return person.personId as PersonId;
}
