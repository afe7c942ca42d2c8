import type { TrajectConfig } from '#libs/platform';
import { filesTransport } from './files';
import { smtpTransport } from './smtp';
import type { Transport } from './transport';

export function openTransport(config: TrajectConfig['outbox']['transport']): Transport {
  return config.kind === 'smtp' ? smtpTransport(config.url, config.from) : filesTransport(config.folder);
}
