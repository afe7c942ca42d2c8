import type { ClinicalFactsStated, StatementFact } from '#libs/trajectory';

/** A statement in one line: what it says, on which document, and the id by which it is retracted. */
export const statementLine = (statement: StatementFact): string => {
  const { statementId, statedOn, document } = statement.data;
  return `${contentsOf(statement)} (${document.reference} of ${statedOn}, statement ${statementId})`;
};

function contentsOf(statement: StatementFact): string {
  switch (statement.type) {
    case 'ClinicalFactsStated.v1':
      return `clinical facts: ${clinicalFacts(statement.data)}`;
    case 'ConditionConfirmed.v1':
      return `item ${statement.data.item} confirmed`;
    case 'NewEpisodeConfirmed.v1':
      return `new episode from ${statement.data.from}: ${statement.data.event}`;
    case 'CareClassChanged.v1':
      return `class ${statement.data.class} from ${statement.data.from}`;
    case 'TermExtended.v1': {
      const { months, episodeFrom } = statement.data;
      return `term extended${months === undefined ? '' : ` by ${months} months`}${ofEpisode(episodeFrom)}`;
    }
    case 'AuthorisationGranted.v1': {
      const { number, item, from, through, maximum } = statement.data;
      const until = through === null ? '' : ` through ${through}`;
      return `authorisation ${number} from ${from}${until}${item === undefined ? '' : ` for ${item}`}${maximum === null ? '' : `, at most ${maximum} sessions`}`;
    }
  }
}

const ofEpisode = (from: string | undefined): string => (from === undefined ? '' : ` of the episode from ${from}`);

function clinicalFacts(data: ClinicalFactsStated['data']): string {
  const {
    statementId: _id,
    statedOn: _on,
    source: _source,
    statedBy: _by,
    document: _document,
    item,
    episodeFrom,
    ...facts
  } = data;
  const told = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return `${told.join(', ')}${item === undefined ? '' : ` for ${item}`}${ofEpisode(episodeFrom)}`;
}
