/** Looks at what a campaign would do to each of many persons, group by group; writes nothing to any of them. */
import type { CommandId, PersonId, RemapFact } from '#libs/trajectory';
import type { Review } from '../person/command';
import { decideAnew } from '../person/decide-anew';
import type { ExecutionContext } from '../person/execute';
import { loadPersons } from '../person/load';
import { lookAheadAll } from '../person/look-ahead';
import { previewOf } from '../preview/preview';
import type { Refusal } from '../refusal';
import { verifiedFalls } from '../preview/verified-count';
import { COUNT_FALLS, figuresOf, type PersonFigures } from './effects';
import { remapCommand } from './person-commands';
import { standingRemaps } from './several-remaps';
import type { Campaign, CampaignPerson } from './shape';
import { rowsByCode, targetsOf } from './targets';
import { NO_CENTS } from './totals';

/** Somebody who may have a part in the campaign. */
export interface Candidate {
  readonly personId: PersonId;
  /** What an undo takes back. */
  readonly remaps?: readonly RemapFact[];
  /** What is taken back only where this command wrote it: nobody recorded whether it did. */
  readonly ifBy?: CommandId;
}

const NOTHING_SEEN: PersonFigures = {
  effects: null,
  trajectories: 0,
  lines: 0,
  released: 0,
  centsMoved: 0,
  cents: NO_CENTS,
};

/** In a mapping only the campaign's own effects are counted, so what a new policy version does must stand before. */
const BOOKS_FIRST: Refusal = {
  code: 'not-up-to-date',
  field: '',
  problem:
    'this person was decided by an earlier policy version, or has facts that are not booked; run a campaign over the policy first',
};

export type PreviewGroup = (group: readonly Candidate[], today: string) => Promise<readonly CampaignPerson[]>;

/** How the groups of a campaign are looked at, one after another. Persons to whom nothing is to be done are not among the answers. */
export function previewOfGroups(context: ExecutionContext, campaign: Campaign): PreviewGroup {
  const { source } = campaign;
  if (source.kind === 'policy') return (group, today) => previewDecidedAnew(context, group, today);
  const rows = rowsByCode(source.kind === 'mapping' ? source.rows : []);
  return (group, today) => previewRemaps(context, campaign, rows, group, today);
}

const leftAlone = (personId: PersonId, { code, problem }: Refusal, seen: PersonFigures = NOTHING_SEEN): CampaignPerson => ({
  ...{ personId, status: 'refused', ...seen, remaps: [], code, problem },
});

/** Keeps what a review was shown. */
class Look {
  figures: PersonFigures | null = null;
  countFalls = false;
  remaps: readonly RemapFact[] = [];

  constructor(private readonly today: string) {}

  readonly review: Review = (planned) => {
    const preview = previewOf(planned, this.today);
    this.figures = figuresOf(planned, preview);
    this.countFalls = verifiedFalls(planned, preview.lines).length > 0;
    return LOOKED_AT;
  };

  person(personId: PersonId): CampaignPerson {
    if (this.figures === null) throw new Error('nothing was looked at');
    if (this.countFalls) return leftAlone(personId, COUNT_FALLS[0] as Refusal, { ...this.figures });
    return { personId, status: 'previewed', ...this.figures, remaps: this.remaps, code: null, problem: null };
  }
}

const LOOKED_AT: readonly Refusal[] = [{ code: 'preview-only', field: '', problem: 'this was a preview; nothing was written' }];

async function previewDecidedAnew(
  context: ExecutionContext,
  group: readonly Candidate[],
  today: string,
): Promise<readonly CampaignPerson[]> {
  const looks = new Map(group.map(({ personId }) => [personId, new Look(today)]));
  const reviews = new Map([...looks].map(([personId, look]) => [personId, look.review]));
  const answers = await decideAnew(context, reviews, false);
  return [...looks].flatMap(([personId, look]): CampaignPerson[] => {
    const answer = answers.get(personId);
    if (answer === undefined || answer.outcome === 'current') return [];
    if (look.figures !== null) return [look.person(personId)];
    return answer.outcome === 'refused' ? [leftAlone(personId, answer.refusals[0] as Refusal)] : [];
  });
}

/**
 * Those of the group whose remaps are the campaign's own: the same remap made by hand stays. Read off the whole streams, for a cached fold no longer knows
 * its commands; facts that no decision has seen count too.
 */
async function ownOnly({ store }: ExecutionContext, group: readonly Candidate[]): Promise<readonly Candidate[]> {
  const unsure = group.filter(({ ifBy }) => ifBy !== undefined);
  if (unsure.length === 0) return group;
  const loaded = await loadPersons(
    store,
    unsure.map(({ personId }) => personId),
  );
  return group.filter(
    ({ personId, ifBy }) =>
      ifBy === undefined || loaded.get(personId)?.events.some(({ metadata }) => metadata.commandId === ifBy) === true,
  );
}

async function previewRemaps(
  context: ExecutionContext,
  campaign: Campaign,
  rows: ReturnType<typeof rowsByCode>,
  candidates: readonly Candidate[],
  today: string,
): Promise<readonly CampaignPerson[]> {
  const group = await ownOnly(context, candidates);
  if (group.length === 0) return [];
  const { source, reason } = campaign;
  const looks = group.map(() => new Look(today));
  const commands = group.map(({ personId, remaps = [] }, i) => {
    const look = looks[i] as Look;
    return remapCommand(campaign, personId, look.review, (state) => {
      const asked = source.kind === 'undo' ? { remaps: standingRemaps(state, remaps) } : targetsOf(state, rows, reason);
      if ('remaps' in asked) look.remaps = asked.remaps;
      return asked;
    });
  });
  const answers = await lookAheadAll(context, commands);
  return group.flatMap(({ personId, ifBy }, i): CampaignPerson[] => {
    const [look, answer] = [looks[i] as Look, answers[i]];
    const refusal = answer?.refusals[0];
    if (look.figures === null) return refusal === undefined ? [] : [leftAlone(personId, refusal)];
    // what its command wrote and nobody decided yet stands in no fold
    if (look.remaps.length === 0)
      return ifBy !== undefined && answer?.booksFirst === true ? [leftAlone(personId, BOOKS_FIRST)] : [];
    return answer?.booksFirst === true ? [leftAlone(personId, BOOKS_FIRST)] : [look.person(personId)];
  });
}
