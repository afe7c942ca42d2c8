/** Installs the schema `access`: the chain, its head, and one function per file of ./postgres/sql. */
import { join } from 'node:path';
import { installSqlFiles, projectRoot, type Pool } from '#libs/platform';

/** In the order in which they build on each other; every file of ./postgres/sql is named here. */
export const SQL_FILES = ['schema', 'head', 'entry', 'refuse_change', 'append', 'read_chain', 'read_head', 'of_person'] as const;

/** Key of the advisory lock under which one process at a time installs. */
const INSTALL_LOCK = 7_415_300_920;

/** Repeatable, and safe when several processes do it at once. */
export function installAccessLog(pool: Pool): Promise<void> {
  return installSqlFiles(pool, { schema: 'access', folder: sqlFolder(), names: SQL_FILES, lock: INSTALL_LOCK });
}

/** The compiler does not copy .sql files: they are read from the sources of the project, built or not. */
export const sqlFolder = (): string => join(projectRoot(), 'libs/access-log/src/postgres/sql');
