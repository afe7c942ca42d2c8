/** What the rows of one person say, checked before anything of it is registered. */
import { isValidBsn } from '#libs/claims';
import type { PersonToRegister } from '#libs/identity';
import type { InsurancePeriod, PackagePeriod } from '#libs/trajectory';
import type { Refusal } from '../refusal';
import { checkInsurance, checkPackages } from '../register-person/checks';
import type { Member, ReportedSwitch } from '../register-person/command';
import type { MemberProblem, MemberRow, MemberRows } from './member-rows';

export interface ReadMember {
  readonly identity: PersonToRegister;
  readonly statements: Omit<Member, 'personId' | 'commandId'>;
  /** Line of the row of kind member. */
  readonly line: number;
}

/**
 * The statements of one person's rows, or every problem of them.
 *
 * @param today `YYYY-MM-DD`: nobody was born, or has died, after it
 */
export function readMember(
  { bsn, rows, problems: found }: MemberRows,
  today: string,
): ReadMember | { readonly problems: readonly MemberProblem[] } {
  const of = (kind: MemberRow['kind']): MemberRow[] =>
    rows
      .filter((row) => row.kind === kind)
      .sort((a, b) => (a.values.from < b.values.from ? -1 : a.values.from > b.values.from ? 1 : 0));
  const line = rows[0]?.line ?? found[0]?.line ?? 0;
  const problems = [...found];
  if (!isValidBsn(bsn)) problems.push({ line, column: 'bsn', problem: 'fails the 11-test; check the number' });
  const [members, deceased] = [of('member'), of('deceased')];
  if (members.length !== 1 && found.length === 0)
    problems.push({ line, column: 'kind', problem: 'a person has exactly one row of kind member' });
  if (deceased.length > 1)
    problems.push({ line: deceased[1]?.line ?? line, column: 'kind', problem: 'a person has at most one row of kind deceased' });
  for (const [row, column] of [
    [members[0], 'birth_date'],
    [deceased[0], 'from'],
  ] as const)
    if (row !== undefined && row.values[column] > today)
      problems.push({ line: row.line, column, problem: 'the date is yet to come; correct it' });

  const [insurance, packages, switches] = [of('insurance'), of('package'), of('switch')];
  const statements = {
    insurance: insurance.map((row): InsurancePeriod => period(row)),
    packages: packages.map((row): PackagePeriod => {
      const { insurer, from, through } = period(row);
      return { insurer, package: row.values.package, from, through };
    }),
    diedOn: deceased[0]?.values.from ?? null,
    switches: switches.map(reportedSwitch),
  };
  problems.push(
    ...checkInsurance(statements.insurance, statements.diedOn).map((refusal) => atRow(refusal, insurance, line)),
    ...checkPackages(statements.packages).map((refusal) => atRow(refusal, packages, line)),
  );
  const [member] = members;
  if (problems.length > 0 || member === undefined) return { problems };
  const { birth_date: birthDate, name, relation_number: number, insurer } = member.values;
  return {
    line: member.line,
    identity: {
      bsn,
      birthDate,
      ...(name === '' ? {} : { name }),
      ...(number === '' ? {} : { relationNumbers: [{ insurer, number }] }),
    },
    statements,
  };
}

const period = ({ values }: MemberRow): InsurancePeriod => ({
  insurer: values.insurer,
  from: values.from,
  through: values.through === '' ? null : values.through,
});

const reportedSwitch = ({ values }: MemberRow): ReportedSwitch => ({
  switchDate: values.from,
  ...(values.dcsph === '' ? {} : { diagnosis: values.dcsph }),
  ...(values.previous_insurer === '' ? {} : { previousInsurer: values.previous_insurer }),
});

/** A refusal of a list's member, e.g. `insurance[1].through`, at the row that it came from. */
function atRow({ field, problem }: Refusal, rows: readonly MemberRow[], line: number): MemberProblem {
  const [, index, column] = /\[(\d+)\](?:\.(\w+))?$/.exec(field) ?? [];
  return { line: rows[Number(index)]?.line ?? line, column: column ?? 'from', problem };
}
