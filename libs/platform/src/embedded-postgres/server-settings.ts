/**
 * Settings of the embedded server, as in postgresql.conf.
 *
 * Durability is never turned down: the books stand on it, and the crash tests test it.
 */
export const DEFAULT_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // TCP only: a socket folder would be one more place that the server's user must be able to enter
  unix_socket_directories: '',
  max_connections: '200',
  // an append transaction locks up to 256 streams, on every connection at once
  max_locks_per_transaction: '256',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  fsync: 'on',
  synchronous_commit: 'on',
  // an idle open transaction holds back every subscriber of the log
  idle_in_transaction_session_timeout: '60s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // no statement, row or key of a person in the log: DETAIL and CONTEXT lines quote them
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
};

/** The text of the included configuration file. */
export function settingsFile(port: number, settings: Readonly<Record<string, string>>): string {
  const all = { ...DEFAULT_SETTINGS, ...settings, port: String(port) };
  const lines = Object.entries(all).map(([name, value]) => {
    if (!/^[a-z_.]+$/.test(name) || /[\r\n\0]/.test(value)) throw new Error(`not a PostgreSQL setting: ${JSON.stringify(name)}`);
    return `${name} = '${value.replaceAll("'", "''")}'`;
  });
  return `# Written at every start by Traject.\n${lines.join('\n')}\n`;
}
