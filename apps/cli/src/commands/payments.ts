/** The payment specifications of a day, whatever moved the grants. */
import { InvalidArgumentError, type Command } from 'commander';
import { specificationsByPractice } from '#libs/dossiers';
import type { LinePayment } from '#libs/read-models';
import { PAYMENT_LINES, writeSpecificationFiles } from '../output/specifications';
import { Terminal } from '../output/terminal';
import { readModelsLibrary, tellParked, withReadModels, type ReadModels } from '../read-models';
import type { Session } from '../session';
import { dateOf } from './date-option';

interface Asked {
  readonly on?: string;
  readonly practice?: string;
  readonly to: string;
  readonly json?: boolean;
}

/** Lines read, and put on record, at once. */
const PAGE = 5_000;

export function addPayments(program: Command): void {
  program
    .command('payments')
    .description('write what practices are paid otherwise by what was recorded on a day')
    .option('--on <date>', 'the day in the Netherlands; default today', dateOf)
    .option('--practice <agb>', 'of this practice alone', practiceOf)
    .option('--to <dir>', 'folder', '.')
    .option('--json', 'print the result as JSON')
    .action(async ({ on, practice, to, json }: Asked) => {
      const terminal = new Terminal(json === true);
      await withReadModels('payments', async (session, readModels) => {
        const { untilWhole } = await readModelsLibrary();
        await untilWhole(session.runtime.store, readModels);
        const day = { on: on ?? session.runtime.context.today(), practice };
        const payments = await write(session, readModels, day, to);
        terminal.value({ ...day, payments });
        if (payments.length === 0) terminal.line('no grant moved');
        for (const path of payments) terminal.line(`payment specifications: ${path}`);
        await tellParked(readModels, terminal);
      });
    });
}

function practiceOf(text: string): string {
  if (!/^\d{8}$/.test(text)) throw new InvalidArgumentError('give the AGB code of the practice, eight digits');
  return text;
}

/** In several files where there is much. */
async function write(
  session: Session,
  readModels: ReadModels,
  { on, practice }: { readonly on: string; readonly practice: string | undefined },
  folder: string,
): Promise<readonly string[]> {
  const { paymentChangesOn } = await readModelsLibrary();
  const paths: string[] = [];
  const held: LinePayment[] = [];
  const flush = async (): Promise<void> => {
    const name = { ...(practice === undefined ? {} : { of: practice }), id: on, part: paths.length / 2 + 1 };
    paths.push(...(await writeSpecificationFiles(folder, name, specificationsByPractice(held.splice(0), on))));
  };
  for (let after: string | null = null; ;) {
    const page = await paymentChangesOn(readModels, { on, practice, limit: PAGE, after });
    const persons = [...new Set(page.items.flatMap(({ personIds }) => personIds))];
    const access = { event: 'payment-specifications', action: 'read', object: 'payment-specification', persons } as const;
    await session.runtime.access.record(access, 'success');
    held.push(...page.items);
    if (held.length >= PAYMENT_LINES) await flush();
    if (page.next === null) break;
    after = page.next;
  }
  await flush();
  return paths;
}
