import { installIdentityVault, loadKeyEncryptionKey, openIdentityVault } from '#libs/identity';
import { openPool, type TrajectConfig } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import { ErasureList } from './erasure-list';

/**
 * Makes an erasure list with the erasures that this database knows; answers how many those are. It opens nothing else, for the rest
 * does not open without the list.
 * @throws ErasureListError `exists`, `unusable`
 */
export async function createErasureList(
  file: string,
  config: Pick<TrajectConfig, 'keyEncryptionKey'>,
  databaseUrl: string,
): Promise<number> {
  const pool = openPool(databaseUrl, { max: 2, applicationName: 'traject erase' });
  try {
    await installIdentityVault(pool);
    const vault = await openIdentityVault({ pool, kek: await loadKeyEncryptionKey(config.keyEncryptionKey) });
    const known = await vault.erasedPersons();
    await new ErasureList(file).create(known as ReadonlyMap<PersonId, string>);
    return known.size;
  } finally {
    await pool.end();
  }
}
