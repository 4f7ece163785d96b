import type { Config } from '../../config/config.ts';
import type { Check } from './check.ts';

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];
/** Clients may guess as often as they like. */
const shortestSecret = 12;

type Environment = Readonly<Record<string, string | undefined>>;

/** Who can reach the API and the board, and what keeps them out. */
export function examineExposure({ http, board, boardViewer, apiKeys }: Config): Check[] {
  const isOpen = board === null && apiKeys.length === 0;
  const isLocal = loopback.includes(http.host);
  const where = isLocal ? 'this machine only' : `HTTP_HOST ${http.host}: other machines too`;
  const weak = [...[board, boardViewer].flatMap(login => (login === null ? [] : [login.password])), ...apiKeys].filter(
    secret => secret.length < shortestSecret,
  ).length;
  return [
    {
      what: 'API and board',
      state: isOpen && !isLocal ? 'bad' : 'ok',
      detail: isOpen
        ? `${where}, without a login${isLocal ? '' : ': set BOARD_USER and BOARD_PASSWORD, or API_KEYS'}`
        : `${where}, by ${[board === null ? [] : ['login'], apiKeys.length === 0 ? [] : ['key']].flat().join(' or ')}`,
    },
    ...(isLocal || isOpen
      ? []
      : [
          {
            what: 'API and board',
            state: 'warn',
            detail: 'logins go over plain HTTP: put a proxy with TLS before it',
          } as const,
        ]),
    ...(weak === 0
      ? []
      : [
          {
            what: 'logins and keys',
            state: 'warn',
            detail: `${weak} shorter than ${shortestSecret} characters`,
          } as const,
        ]),
  ];
}

/** Where webhooks go, as far as they are set up. */
export function examineWebhooks(environment: Environment): Check[] {
  const targets = ['ANALYTICS_WEBHOOK_URL', 'NOTIFY_WEBHOOK_URL'].filter(name => (environment[name] ?? '') !== '');
  if (targets.length === 0)
    return [{ state: 'off', what: 'webhooks', detail: 'no ANALYTICS_WEBHOOK_URL, no NOTIFY_WEBHOOK_URL' }];
  const plain = targets.filter(name => !/^https:/i.test(environment[name] ?? ''));
  const isSigned = (environment.WEBHOOK_SECRET ?? '') !== '';
  const problems = [
    ...(isSigned ? [] : ['set WEBHOOK_SECRET: without it receivers cannot verify our deliveries']),
    ...(plain.length === 0 ? [] : [`${plain.join(' and ')} should be https`]),
  ];
  return [
    {
      what: 'webhooks',
      state: problems.length === 0 ? 'ok' : 'warn',
      detail: problems.length === 0 ? `${targets.join(' and ')}, signed` : problems.join('; '),
    },
  ];
}
