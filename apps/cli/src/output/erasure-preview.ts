/** A dry run of an erasure, for people. */
import type { ErasurePreview } from '#libs/dossiers';
import { euros, type Terminal } from './terminal';

const STATES: Readonly<Record<ErasurePreview['state'], string>> = {
  known: 'known',
  erased: 'erased already; nothing is left to be destroyed',
  unknown: 'nobody has this person id',
};

export function printPreview(terminal: Terminal, preview: ErasurePreview): void {
  const { personId, state, destroyed, stays, holds, request, unbooked } = preview;
  const { identity, notes, documents, documentBytes, copies } = destroyed;
  terminal.line(`Person ${personId}: ${STATES[state]}`);
  if (state === 'known') {
    terminal.line('\nWould be destroyed');
    if (identity !== null)
      terminal.line(
        `  the key, BSN, birth date${identity.name ? ', name' : ''} and ${identity.relationNumbers} relation numbers`,
      );
    terminal.line(`  ${notes} notes, ${documents} documents (${documentBytes} bytes)`);
    for (const { what, rows } of copies) terminal.line(`  ${what}: ${rows} rows`);
    terminal.line('  all rows of the read models but one, which says that the person was erased');
    terminal.line('\nWould stay');
    const { basic, supplementary, insured } = stays.booked;
    terminal.line(
      `  ${stays.events} events under a person id that leads to nobody: ${stays.trajectories} trajectories, ${stays.lines} lines`,
    );
    terminal.line(`  totals: basic ${euros(basic)}, supplementary ${euros(supplementary)}, insured ${euros(insured)}`);
    terminal.line('  claim, return and member files where they lie, and back-ups until they expire: delete these yourself');
  }
  for (const { holdId, until, reason, placedBy } of holds)
    terminal.line(`\nLegal hold ${holdId} until ${until}, by ${placedBy}: ${reason}. An erasure is refused.`);
  if (request !== null)
    terminal.line(`\nRequest ${request.requestId} of ${request.requestedAt}, by ${request.requestedBy}: ${request.reason}`);
  if (unbooked > 0)
    terminal.line(`\n${unbooked} facts of a command that was stopped are not booked; give that command again first.`);
  if (!preview.listIsConfigured) terminal.line('\nNo erasure list is configured (TRAJECT_ERASURE_LIST): nobody can be erased.');
}
