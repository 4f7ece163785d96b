import type { Config } from '../../config/config.ts';
import { isOpen } from '../../config/http.ts';
import type { Check } from './check.ts';

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];
/** Guesses are not rate-limited, so shorter secrets are reported. */
const shortestSecret = 12;

type Environment = Readonly<Record<string, string | undefined>>;

/** Who can reach the API and the board, and how they authenticate. */
export function examineExposure(config: Config): Check[] {
  const { http, board, reviewer, boardViewer } = config;
  const keys = [...config.apiKeys, ...config.operatorKeys].map(({ key }) => key);
  const logins = [board, reviewer, boardViewer].filter(login => login !== null);
  const isFree = isOpen(config);
  const isLocal = loopback.includes(http.host);
  const where = isLocal ? 'this machine only' : `HTTP_HOST ${http.host}: other machines too`;
  const secrets = [...logins.map(({ password }) => password), ...keys];
  const weak = secrets.filter(secret => secret.length < shortestSecret).length;
  return [
    {
      what: 'API and board',
      state: isFree && !isLocal ? 'bad' : 'ok',
      detail: isFree
        ? `${where}, without a login${isLocal ? '' : ': set BOARD_USER and BOARD_PASSWORD, or API_KEYS'}`
        : `${where}, by ${[logins.length === 0 ? [] : ['login'], keys.length === 0 ? [] : ['key']].flat().join(' or ')}`,
    },
    ...(isLocal || isFree
      ? []
      : [
          {
            what: 'API and board',
            state: 'warn',
            detail: 'logins are sent over plain HTTP: use a TLS proxy in front of it',
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

/** The configured webhooks. */
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
