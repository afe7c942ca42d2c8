import type { CommandBus } from '@nestjs/cqrs';
import { checkAgainstReceipt, type FieldProblem } from '#libs/claims';
import type { CausedPaymentChanges, ClaimFileId, LinesProcessed, PaymentChange, PersonId, ProcessedLine } from '#libs/trajectory';
import type { DossierContext } from '../context';
import { DeclareClaimLines, type PersonLines } from '../declare-claim-lines/command';
import { byCause } from '../payment-specification/by-cause';
import { chunkCommandId, fileAccessId, fileCommandId } from '../person/event-ids';
import type { Chunk } from './chunks';
import { judgedProblems } from './judged-problems';
import { codesOf, readingProblems, toClaimLine } from './claim-line';

/** Unknown person: there is nobody to attribute the line to. */
const NOT_INSURED = '0320';

/** Turns a chunk of records into commands of persons, and their outcomes back into outcomes of records. */
export class ChunkProcessor {
  /** Persons of whom it is recorded that this file opened their dossier. */
  readonly #recorded = new Set<PersonId>();

  constructor(
    private readonly context: DossierContext,
    private readonly commands: CommandBus,
    private readonly file: { readonly file: ClaimFileId; readonly receivedOn: string; readonly actor: string },
  ) {}

  /** Whether a person, or a reference number, is in both chunks: then the later one waits, so that the order of the file decides. */
  dependsOn(earlier: Chunk, later: Chunk): boolean {
    const [persons, references] = [new Set<string>(), new Set<string>()];
    for (const line of earlier.lines) {
      persons.add(line.bsn);
      references.add(line.reference);
    }
    return later.lines.some((line) => persons.has(line.bsn) || references.has(line.reference));
  }

  /** What is wrong with records of the chunk: what cannot be read, and lines that were refused or are invalid. */
  *problemsOf(chunk: Chunk, lines: readonly ProcessedLine[]): Generator<FieldProblem> {
    const outcomes = new Map(lines.map((line) => [line.record, line]));
    for (const record of chunk.records) {
      if (record.kind === 'performance') {
        const unreadable = record.problems.length > 0 ? record.problems : checkAgainstReceipt(record, this.file.receivedOn);
        const outcome = outcomes.get(record.record);
        if (unreadable.length > 0) yield* unreadable;
        else if (outcome !== undefined) yield* judgedProblems(outcome);
      } else if (record.kind !== 'header' && record.kind !== 'trailer') yield* record.problems;
    }
  }

  /** Declares the chunk's lines. The vault is asked once; a person's lines go together, in the order of the file. */
  async process(chunk: Chunk): Promise<LinesProcessed['data']> {
    const { file, receivedOn, actor } = this.file;
    const outcomes = new Map<number, ProcessedLine>();
    const refuse = (record: number, codes: readonly string[]): void =>
      void outcomes.set(record, { record, outcome: 'refused', codes, grantedCents: 0 });
    const readable = chunk.lines.filter((record) => {
      const problems = readingProblems(record, receivedOn);
      if (problems.length > 0) refuse(record.record, codesOf(problems));
      return problems.length === 0;
    });
    const known = await this.context.vault.resolveByBsn([...new Set(readable.map((record) => record.bsn))]);
    const persons = new Map<string, { readonly person: Omit<PersonLines, 'lines'>; readonly records: typeof readable }>();
    for (const record of readable) {
      const identity = known.get(record.bsn);
      if (identity === undefined) {
        refuse(record.record, [NOT_INSURED]);
        continue;
      }
      const personId = identity.personId as PersonLines['personId'];
      const group = persons.get(personId);
      if (group !== undefined) group.records.push(record);
      else {
        const commandId = chunkCommandId(file, chunk.index, personId);
        persons.set(personId, { person: { personId, birthDate: identity.birthDate, commandId }, records: [record] });
      }
    }
    const groups = [...persons.values()];
    const lines = groups.map(({ person, records }): PersonLines => ({
      ...person,
      lines: records.map((record) => toClaimLine(record, file)),
    }));
    await this.recordAccess(lines.map(({ personId }) => personId));
    const results = lines.length === 0 ? [] : await this.commands.execute(new DeclareClaimLines(lines, receivedOn, actor));
    const changes: PaymentChange[] = [];
    const standing: CausedPaymentChanges[] = [];
    results.forEach((result, i) => {
      changes.push(...result.changes);
      standing.push(...result.standing);
      groups[i]?.records.forEach((record, n) => {
        const outcome = result.outcomes[n];
        if (outcome === undefined) throw new Error(`record ${record.record} has no outcome`);
        outcomes.set(record.record, { record: record.record, ...outcome });
      });
    });
    const processed = chunk.lines.map((record) => outcomes.get(record.record) as ProcessedLine);
    return { chunk: chunk.index, lines: processed, changes, standing: byCause(standing) };
  }

  /**
   * One line per file and person, before anything of the person is read or changed. What became of the lines stands in the stream of
   * the file, which the line names.
   */
  private async recordAccess(persons: readonly PersonId[]): Promise<void> {
    const { file } = this.file;
    const unrecorded = persons.filter((person) => !this.#recorded.has(person));
    if (this.context.access === null || unrecorded.length === 0) return;
    const access = { event: 'ingest', action: 'change', object: `claim-file/${file}`, persons: unrecorded } as const;
    await this.context.access.record(access, 'attempted', fileCommandId(file), (person) =>
      fileAccessId(file, person as PersonId),
    );
    for (const person of unrecorded) this.#recorded.add(person);
  }
}
