/** Takes in a member file: identity into the vault, insurance, packages and switches into the dossiers. */
import { createReadStream } from 'node:fs';
import { v4 as randomUuid } from 'uuid';
import type { CommandBus } from '@nestjs/cqrs';
import { isValidBsn } from '#libs/claims';
import { IdentityVaultError, type PersonToRegister } from '#libs/identity';
import type { CommandId, InsurancePeriod, PackagePeriod, PersonId } from '#libs/trajectory';
import type { DossierContext } from '../context';
import { RegisterPersons, type Member, type ReportedSwitch } from '../register-person/command';
import { readMemberRows, type MemberProblem, type MemberRows } from './member-rows';

export interface MemberImportReport {
  readonly persons: number;
  /** Persons of whom something was new. */
  readonly changed: number;
  /** Persons refused whole, because of a problem in one of their rows. */
  readonly refused: number;
  readonly problems: readonly MemberProblem[];
  readonly problemCount: number;
  /** Switches without a code: a history is to be asked for. */
  readonly historyToAsk: number;
}

const PERSONS_PER_BATCH = 200;
const MAX_LISTED_PROBLEMS = 200;

interface ReadMember {
  readonly identity: PersonToRegister;
  readonly statements: Omit<Member, 'personId' | 'commandId'>;
  readonly line: number;
}

export class MemberImport {
  constructor(
    private readonly context: DossierContext,
    private readonly commands: CommandBus,
  ) {}

  /** Imports the file at `path`. A person with a bad row is refused whole, the others go on; the same file again changes nothing. */
  async import(
    path: string,
    options: { readonly actor: string; readonly onProgress?: (persons: number) => void },
  ): Promise<MemberImportReport> {
    const report = { persons: 0, changed: 0, refused: 0, problems: [] as MemberProblem[], problemCount: 0, historyToAsk: 0 };
    const refuse = (problems: readonly MemberProblem[]): void => {
      report.refused += 1;
      report.problemCount += problems.length;
      report.problems.push(...problems.slice(0, MAX_LISTED_PROBLEMS - report.problems.length));
    };
    let batch: ReadMember[] = [];
    const flush = async (): Promise<void> => {
      for (const refused of await this.register(batch, options.actor, report)) refuse([refused]);
      batch = [];
      options.onProgress?.(report.persons);
    };
    for await (const rows of readMemberRows(createReadStream(path))) {
      report.persons += 1;
      const member = readMember(rows);
      if ('problems' in member) refuse(member.problems);
      else batch.push(member);
      if (batch.length === PERSONS_PER_BATCH) await flush();
    }
    if (batch.length > 0) await flush();
    return report;
  }

  private async register(
    batch: readonly ReadMember[],
    actor: string,
    report: { changed: number; historyToAsk: number },
  ): Promise<MemberProblem[]> {
    if (batch.length === 0) return [];
    const { accepted, problems } = await this.registerIdentities(batch);
    const members = accepted.map(({ member, personId }): Member => ({
      personId,
      commandId: randomUuid() as CommandId,
      ...member.statements,
    }));
    const outcomes = await this.commands.execute(new RegisterPersons(members, actor));
    outcomes.forEach((outcome, i) => {
      const { line, statements } = (accepted[i] as (typeof accepted)[number]).member;
      if (outcome.outcome === 'refused') {
        const [first] = outcome.refusals;
        problems.push({ line, column: first?.field ?? null, problem: first?.problem ?? 'refused' });
        return;
      }
      if (outcome.changed) report.changed += 1;
      report.historyToAsk += statements.switches.filter((each) => each.diagnosis === undefined).length;
    });
    return problems;
  }

  /** One person's relation number that belongs to somebody else refuses that person only. */
  private async registerIdentities(
    batch: readonly ReadMember[],
  ): Promise<{ accepted: { member: ReadMember; personId: PersonId }[]; problems: MemberProblem[] }> {
    const problems: MemberProblem[] = [];
    let left = [...batch];
    for (;;) {
      try {
        const ids =
          left.length === 0
            ? new Map<string, string>()
            : await this.context.vault.registerPersons(left.map((each) => each.identity));
        const accepted: { member: ReadMember; personId: PersonId }[] = [];
        for (const member of left) {
          const personId = ids.get(member.identity.bsn);
          if (personId !== undefined) accepted.push({ member, personId: personId as PersonId });
          else
            problems.push({ line: member.line, column: 'bsn', problem: 'this person was erased and cannot be registered again' });
        }
        return { accepted, problems };
      } catch (error) {
        if (!(error instanceof IdentityVaultError) || error.index === undefined) throw error;
        const bad = left[error.index] as ReadMember;
        const reason = error.message.replace(/^person \d+ of the batch: /, '');
        problems.push({ line: bad.line, column: null, problem: reason });
        left = left.filter((each) => each !== bad);
      }
    }
  }
}

/** The statements of one person's rows, or the problems of them. */
function readMember({ bsn, rows, problems: found }: MemberRows): ReadMember | { readonly problems: readonly MemberProblem[] } {
  const problems = [...found];
  const line = rows[0]?.line ?? found[0]?.line ?? 0;
  if (!isValidBsn(bsn)) problems.push({ line, column: 'bsn', problem: 'fails the 11-test; check the number' });
  const members = rows.filter((row) => row.kind === 'member');
  const deceased = rows.filter((row) => row.kind === 'deceased');
  if (members.length !== 1 && found.length === 0)
    problems.push({ line, column: 'kind', problem: 'a person has exactly one row of kind member' });
  if (deceased.length > 1) problems.push({ line, column: 'kind', problem: 'a person has at most one row of kind deceased' });
  const [member] = members;
  if (problems.length > 0 || member === undefined) return { problems };
  const { birth_date: birthDate, name, relation_number: number, insurer } = member.values;
  const period = (row: (typeof rows)[number]): { insurer: string; from: string; through: string | null } => ({
    insurer: row.values.insurer,
    from: row.values.from,
    through: row.values.through === '' ? null : row.values.through,
  });
  const byStart = (a: { from: string }, b: { from: string }): number => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0);
  return {
    line: member.line,
    identity: {
      bsn,
      birthDate,
      ...(name === '' ? {} : { name }),
      ...(number === '' ? {} : { relationNumbers: [{ insurer, number }] }),
    },
    statements: {
      insurance: rows
        .filter((row) => row.kind === 'insurance')
        .map((row): InsurancePeriod => period(row))
        .sort(byStart),
      packages: rows
        .filter((row) => row.kind === 'package')
        .map((row): PackagePeriod => ({
          insurer: row.values.insurer,
          package: row.values.package,
          from: row.values.from,
          through: period(row).through,
        }))
        .sort(byStart),
      diedOn: deceased[0]?.values.from ?? null,
      switches: rows
        .filter((row) => row.kind === 'switch')
        .map((row): ReportedSwitch => ({
          switchDate: row.values.from,
          ...(row.values.dcsph === '' ? {} : { diagnosis: row.values.dcsph }),
          ...(row.values.previous_insurer === '' ? {} : { previousInsurer: row.values.previous_insurer }),
        })),
    },
  };
}
