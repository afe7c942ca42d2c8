/** Takes in a member file: identity into the vault, insurance, packages and switches into the dossiers. */
import { createReadStream } from 'node:fs';
import { v4 as randomUuid } from 'uuid';
import type { CommandBus } from '@nestjs/cqrs';
import { IdentityVaultError } from '#libs/identity';
import type { CommandId, PersonId } from '#libs/trajectory';
import type { DossierContext } from '../context';
import { RegisterPersons, type Member } from '../register-person/command';
import { readMember, type ReadMember } from './member';
import { checkMemberFile, readMemberRows, type MemberProblem } from './member-rows';

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

export class MemberImport {
  constructor(
    private readonly context: DossierContext,
    private readonly commands: CommandBus,
  ) {}

  /**
   * Imports the file at `path`. A person with a bad row is refused whole, the others go on; the same file again changes nothing.
   * Rejects with MemberFileError when it is no member file to its very end: then nobody was imported.
   */
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
    const today = this.context.today();
    const apart = await checkMemberFile(createReadStream(path));
    const refusedApart = new Set<string>();
    for await (const rows of readMemberRows(createReadStream(path), apart)) {
      // a person whose rows do not stand together is one person
      if (refusedApart.has(rows.bsn)) continue;
      report.persons += 1;
      if (apart.has(rows.bsn)) refusedApart.add(rows.bsn);
      const member = readMember(rows, today);
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
        problems.push({ line, column: null, problem: first?.problem ?? 'refused' });
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
          if (personId === undefined) throw new Error(`the vault gave no person id for the member of line ${member.line}`);
          accepted.push({ member, personId: personId as PersonId });
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
