/** Policy versions beside the bundled one. */
import { createHash } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { ActivatePolicy } from '#libs/dossiers';
import { loadPolicyFiles } from '#libs/policy-files';
import type { TestApi } from './test-api';

/** A version by which the insured's part is no longer paid to the provider. Answers its digest. */
export async function activateCoveredOnly(api: TestApi): Promise<string> {
  const { document } = loadPolicyFiles();
  const insurers = document.insurers.map((rule) => ({
    ...rule,
    paysProviderInFull: rule.paysProviderInFull.map((each) => ({ ...each, value: false })),
  }));
  const content = JSON.stringify({ ...document, version: 'covered only', insurers });
  const digest = createHash('sha256').update(content).digest('hex');
  await api.app
    .get(CommandBus, { strict: false })
    .execute(new ActivatePolicy({ digest, version: 'covered only', content }, 'test'));
  return digest;
}

/** The bundled version, also after another one. */
export async function activateBundled(api: TestApi): Promise<void> {
  await api.app.get(CommandBus, { strict: false }).execute(new ActivatePolicy(loadPolicyFiles(), 'test'));
}
