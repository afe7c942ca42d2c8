import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { absorbedBy, regimeOf, routeOf, type HistoryImportId, type PersonState } from '#libs/trajectory';
import { isDate } from '../calendar';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { historyImportId } from '../person/event-ids';
import { FactsBuilder } from '../person/facts-builder';
import type { Refusal } from '../refusal';
import { ImportHistory, type HistoryInput } from './command';

/** No trajectory in practice has had more; a larger count is a typing error. */
const MAX_COUNT = 5000;

@CommandHandler(ImportHistory)
export class ImportHistoryHandler implements ICommandHandler<ImportHistory> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: ImportHistory): Promise<CommandResult> {
    const today = this.context.today();
    return executeForPerson(this.context, base, 'ImportHistory', (state) => {
      const importId = historyImportId(base.commandId);
      const refusals = [...unknownPerson(state), ...checkHistory(state, input, today, importId)];
      if (refusals.length > 0) return { refusals };
      const facts = new FactsBuilder(state);
      const id = facts.trajectoryFor(regimeOf('001'), input.diagnosis);
      const { diagnosis: _routedBy, ...history } = input;
      const isKnown = state.facts.trajectories.get(id)?.histories.some((each) => each.importId === importId) ?? false;
      if (!isKnown) {
        facts.trajectory(id, { type: 'HistoryImported.v2', data: { importId, ...history, status: 'asserted' } });
        // An import ends one of its own stream; one of a trajectory that was taken up is ended there.
        const elsewhere = absorbedBy(state.facts, id).find(
          (each) => each.id !== id && each.histories.some((other) => other.importId === input.supersedes),
        );
        if (elsewhere !== undefined && input.supersedes !== undefined)
          facts.trajectory(elsewhere.id, {
            type: 'HistoryRetracted.v1',
            data: { importId: input.supersedes, reason: `superseded by ${importId}` },
          });
      }
      return facts.build();
    });
  }
}

function checkHistory(state: PersonState, input: HistoryInput, today: string, importId: HistoryImportId): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (code: string, field: string, problem: string): void => void refusals.push({ code, field, problem });
  if (!/^\d{4}$/.test(input.diagnosis)) refuse('diagnosis-invalid', 'diagnosis', 'give the DCSPH code, four digits');
  if (!Number.isInteger(input.count) || input.count < 0 || input.count > MAX_COUNT)
    refuse('count-invalid', 'count', `give a whole number of sessions from 0 to ${MAX_COUNT}`);
  for (const field of ['startedOn', 'throughDate'] as const)
    if (!isDate(input[field])) refuse('date-invalid', field, 'give a date that exists, as YYYY-MM-DD');
  if (input.throughDate > today)
    refuse('date-in-future', 'throughDate', 'a history tells of sessions that were given; this date is yet to come');
  if (input.signedOn !== undefined) {
    if (!isDate(input.signedOn)) refuse('date-invalid', 'signedOn', 'give a date that exists, as YYYY-MM-DD');
    else if (input.signedOn > today) refuse('date-in-future', 'signedOn', 'a document cannot have been signed on a day to come');
    else if (input.signedOn < input.throughDate)
      refuse(
        'signed-before-through',
        'signedOn',
        'nobody can have signed for sessions that were yet to come; let the count go up to the day of signing',
      );
  }
  if (input.startedOn > input.throughDate)
    refuse('period-reversed', 'startedOn', 'the first session lies after the date the count goes up to');
  const years = Object.entries(input.perCalendarYear ?? {});
  for (const [year, count] of years) {
    const isWithin = year >= input.startedOn.slice(0, 4) && year <= input.throughDate.slice(0, 4);
    if (!isWithin) refuse('year-outside', `perCalendarYear.${year}`, 'this year lies outside the period of the history');
    if (!Number.isInteger(count) || count < 0)
      refuse('count-invalid', `perCalendarYear.${year}`, 'give a whole number of sessions');
  }
  const total = years.reduce((sum, [, count]) => sum + count, 0);
  if (years.length > 0 && total !== input.count)
    refuse('years-do-not-add-up', 'perCalendarYear', `the years add up to ${total}, the count is ${input.count}`);
  if (input.document.reference.trim() === '')
    refuse('document-missing', 'document.reference', 'name the document that states the history');

  const routed = routeOf(state.facts, regimeOf('001'), input.diagnosis);
  const others = (routed === null ? [] : absorbedBy(state.facts, routed).flatMap((each) => each.histories)).filter(
    (each) => each.importId !== importId,
  );
  if (input.supersedes !== undefined && !others.some((each) => each.importId === input.supersedes))
    refuse('history-unknown', 'supersedes', 'no import with this id is in effect on the trajectory');
  const { digest, reference } = input.document;
  const sameDocument = others.find(
    (each) =>
      each.importId !== input.supersedes &&
      (digest !== undefined && each.document.digest !== undefined
        ? each.document.digest === digest
        : each.document.reference === reference),
  );
  if (sameDocument !== undefined)
    refuse(
      'document-imported',
      'document',
      `this document is in effect as import ${sameDocument.importId}; supersede or retract that one`,
    );
  return refusals;
}
