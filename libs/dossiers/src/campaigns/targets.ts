/** Where the trajectories of a person go by a mapping. */
import {
  absorbedBy,
  compareStatements,
  lineageCodes,
  type PersonState,
  type RemapFact,
  type TrajectoryFacts,
} from '#libs/trajectory';
import type { Refusal } from '../refusal';
import type { CampaignSource, MappingRow } from './shape';

/** The remaps that the mapping asks of this person, in order of the file; those that stand already are left out. */
export function targetsOf(
  state: PersonState,
  rowsByCode: ReadonlyMap<string, readonly MappingRow[]>,
  reason: string,
): { readonly remaps: readonly RemapFact[] } | { readonly refusals: readonly Refusal[] } {
  const chosen: MappingRow[] = [];
  const refusals: Refusal[] = [];
  for (const trajectory of state.facts.trajectories.values()) {
    // Only Annex trajectories carry a count over codes; what was absorbed is part of its survivor.
    if (trajectory.regime !== 'annex' || trajectory.absorbedInto !== null) continue;
    const parts = absorbedBy(state.facts, trajectory.id);
    for (const code of new Set(parts.flatMap(lineageCodes))) {
      const rows = rowsByCode.get(code);
      if (rows === undefined) continue;
      const left = parts.flatMap(({ remaps }) => remaps).find(({ from }) => from === code);
      const row = rows.find((each) => holds(each, state, parts));
      if (row === undefined && left === undefined)
        refusals.push({
          code: 'no-target',
          field: 'item',
          problem: `no row of the mapping says where a trajectory under ${code} with its item and practice goes; remap this person by hand`,
        });
      else if (left === undefined && row !== undefined) chosen.push(row);
      else if (row !== undefined && left?.to !== row.to)
        refusals.push({
          code: 'remapped-otherwise',
          field: 'to',
          problem: `${code} was remapped to ${left?.to ?? ''} before, and the mapping says ${row.to}; see which one holds`,
        });
    }
  }
  if (refusals.length > 0) return { refusals };
  const remaps = chosen
    .sort((a, b) => a.line - b.line)
    .map(({ from, to, effectiveDate }): RemapFact => ({ from, to, effectiveDate, reason }));
  return { remaps };
}

/** The rows of a mapping by the code that they are about. */
export function rowsByCode(rows: readonly MappingRow[]): ReadonlyMap<string, readonly MappingRow[]> {
  const byCode = new Map<string, MappingRow[]>();
  for (const row of rows) byCode.set(row.from, [...(byCode.get(row.from) ?? []), row]);
  return byCode;
}

/** Whoever is to be looked at has had a trajectory under one of these codes; null = anybody may. */
export const candidateCodes = (source: CampaignSource): readonly string[] | null =>
  source.kind === 'mapping' ? [...new Set(source.rows.map(({ from }) => from))] : null;

const holds = ({ item, practice }: MappingRow, state: PersonState, parts: readonly TrajectoryFacts[]): boolean =>
  (item === null || itemOf(state, parts) === item) && (practice === null || lastSession(parts)?.practice === practice);

/** The item that somebody confirmed last, else that of the latest line that is counted under one. */
function itemOf(state: PersonState, parts: readonly TrajectoryFacts[]): string | null {
  const confirmed = parts
    .flatMap(({ statements }) => statements)
    .filter((each) => each.type === 'ConditionConfirmed.v1')
    .sort(compareStatements)
    .at(-1);
  if (confirmed !== undefined) return confirmed.data.item;
  const counted = lastOf(parts, ({ line }) => state.decisions.get(line)?.condition != null);
  return counted === undefined ? null : (state.decisions.get(counted.line)?.condition ?? null);
}

type Session = TrajectoryFacts['sessions'] extends ReadonlyMap<unknown, infer S> ? S : never;

const lastSession = (parts: readonly TrajectoryFacts[]): Session | undefined => lastOf(parts, () => true);

function lastOf(parts: readonly TrajectoryFacts[], matches: (session: Session) => boolean): Session | undefined {
  let last: Session | undefined;
  for (const { sessions } of parts)
    for (const session of sessions.values())
      if (matches(session) && (last === undefined || session.date + session.line > last.date + last.line)) last = session;
  return last;
}
