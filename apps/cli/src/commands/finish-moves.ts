/** Brings lines to their person that left another one and did not arrive: the process that moved them was killed in between. */
import type { Command } from 'commander';
import { arrive, partsOfMove, toldOfParts, unfinishedMoves, type Arrival, type Transit } from '#libs/dossiers';
import { recordReadOfAll } from '../access';
import { EXIT } from '../exit-codes';
import { writeSpecifications } from '../output/specifications';
import { Terminal } from '../output/terminal';
import { openSession, type Session } from '../session';

export function addFinishMoves(program: Command): void {
  program
    .command('finish-moves')
    .description('finish moves of sessions between persons that were interrupted: what left one person comes to the other')
    .option('--payments-to <dir>', 'folder for the payment specifications', '.')
    .option('--json', 'print the result as JSON')
    .action(async ({ paymentsTo, json }: { paymentsTo: string; json?: boolean }) => {
      const terminal = new Terminal(json === true);
      const session = await openSession('finish-moves');
      try {
        await recordReadOfAll(session, 'finish-moves');
        const moves = [];
        const payments: string[] = [];
        for await (const transit of unfinishedMoves(session.runtime.store)) {
          const arrival = await finish(session, transit);
          const { from, to, commandId } = transit;
          moves.push({ line: transit.session.line, from, to, commandId, outcome: arrival.outcome });
          // at once: what comes after may fail, and a move that is finished is not found again
          const moved = toldOfParts(await partsOfMove(session.runtime.store, transit, arrival));
          payments.push(...(await writeSpecifications(session, paymentsTo, { id: commandId }, moved)));
          terminal.line(
            arrival.outcome === 'arrived'
              ? `${transit.session.line} came to person ${to}`
              : `${transit.session.line} went back to person ${from}: ${arrival.refusals.map(({ problem }) => problem).join('; ')}`,
          );
        }
        terminal.value({ moves, payments });
        terminal.line(moves.length === 0 ? 'No move was interrupted.' : `${moves.length} moves finished.`);
        for (const path of payments) terminal.line(`payment specifications: ${path}`);
        process.exitCode = moves.some(({ outcome }) => outcome === 'returned') ? EXIT.refused : EXIT.ok;
      } finally {
        await session.close();
      }
    });
}

/** On record of both persons, before and after. */
const finish = ({ runtime }: Session, transit: Transit): Promise<Arrival> =>
  runtime.access.change(
    { event: 'finish-move', action: 'change', object: 'dossier', persons: [transit.from, transit.to] },
    () => arrive(runtime.context, transit),
    ({ outcome }) => (outcome === 'arrived' ? 'success' : 'refused'),
  );
