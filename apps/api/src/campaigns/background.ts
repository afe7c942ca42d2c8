/** The background work of campaigns in this process: begun when it serves, ended before its connections are. */
import { CampaignWorker, Campaigns, candidateCodes } from '#libs/dossiers';
import { campaignCandidates, untilWhole } from '#libs/read-models';
import type { PersonId } from '#libs/trajectory';
import type { ApiRuntime } from '../api-runtime';
import { mapError } from '../http/map-error';

/** Answers how to stop it: what is under way comes to the end of its group first. */
export function startCampaignWorker({ context, campaigns, campaignWorks, readModels, logger }: ApiRuntime): () => Promise<void> {
  const worker = new CampaignWorker({
    campaigns: new Campaigns(context, campaigns),
    works: campaignWorks,
    candidatesOf: async function* (source) {
      // who is missing in the read models would be left out unseen
      if (source.kind !== 'undo') await untilWhole(context.store, readModels);
      yield* campaignCandidates(readModels, candidateCodes(source)) as AsyncIterable<PersonId>;
    },
    logger,
    faultOf: (error) => mapError(error).problem.code,
  });
  const abort = new AbortController();
  const running = worker.run(abort.signal);
  return () => {
    abort.abort();
    return running;
  };
}
