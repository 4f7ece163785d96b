import { z } from 'zod';
import { keyProblems, type NamedKey, parseKeys } from './keys.ts';
import { type Section, type Setting, type SettingReader, secretText, text } from './setting.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The HTTP server and who may use it. */
export interface HttpAccess {
  readonly http: { readonly host: string; readonly port: number };
  /** Host names, in lower case and without a port, that are accepted beside loopback's while no login is set. */
  readonly allowedHosts: readonly string[];
  /** Their holders see and cancel the requests of their own name. */
  readonly apiKeys: readonly NamedKey[];
  /** Their holders may do everything, as `board` may. */
  readonly operatorKeys: readonly NamedKey[];
  readonly board: Login | null;
  /** The login that reads everything, including customers' texts, and reviews. */
  readonly reviewer: Login | null;
  /** The login that sees the board but cannot change anything. */
  readonly boardViewer: Login | null;
}

/** Whether no key and no login is set: every request is accepted. */
export function isOpen(access: Pick<HttpAccess, 'apiKeys' | 'operatorKeys' | 'board' | 'reviewer'>): boolean {
  const { apiKeys, operatorKeys, board, reviewer } = access;
  return apiKeys.length + operatorKeys.length === 0 && board === null && reviewer === null;
}

const host: Setting<string> = {
  name: 'HTTP_HOST',
  description: 'Address to listen on. Any other than this machine alone requires keys or a login',
  example: '127.0.0.1',
  schema: text,
};
const port: Setting<number> = {
  name: 'HTTP_PORT',
  description: 'Port to listen on; 0 for any free one',
  example: '3000',
  schema: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine(number => number < 65_536, 'must be below 65536'),
};
const allowedHosts: Setting<string> = {
  name: 'ALLOWED_HOSTS',
  description: 'Host names, separated by commas, that requests without a login may use beside localhost',
  example: null,
  schema: text,
};
const apiKeys: Setting<string> = {
  name: 'API_KEYS',
  description:
    'Keys of the HTTP API, `NAME:KEY` or `KEY`, separated by commas (`Authorization: Bearer KEY`). A key has access to the requests and uploads of its name; several keys may share a name',
  example: null,
  schema: secretText,
};
const operatorKeys: Setting<string> = {
  name: 'OPERATOR_KEYS',
  description: 'Keys in the same form that may do everything, like the login of the board',
  example: null,
  schema: secretText,
};

/** Both of its variables are set, or neither. */
function loginSettings(prefix: string, description: string): { user: Setting<string>; password: Setting<string> } {
  return {
    user: { name: `${prefix}_USER`, description: `${description}. Set both or neither`, example: null, schema: text },
    password: { name: `${prefix}_PASSWORD`, description: 'Its password', example: null, schema: secretText },
  };
}

const board = loginSettings('BOARD', 'Login of operators, for Bull Board and the HTTP API: may do everything');
const reviewer = loginSettings('REVIEWER', 'Login that reads everything, including customers’ texts, and reviews');
const viewer = loginSettings('BOARD_VIEWER', 'Login that sees the board but cannot change anything');

function readLogin(reader: SettingReader, settings: ReturnType<typeof loginSettings>): Login | null {
  const user = reader.read(settings.user);
  const password = reader.read(settings.password);
  // RFC 7617: the first colon ends the user's name.
  if (user?.includes(':') === true) reader.problems.push(`${settings.user.name} must not contain a colon`);
  if (user !== undefined && password !== undefined) return { user, password };
  const [set, missing] = user === undefined ? (['password', 'user'] as const) : (['user', 'password'] as const);
  if (user !== password)
    reader.problems.push(`${settings[set].name} requires ${settings[missing].name}: set both or neither`);
  return null;
}

export function readHttp(reader: SettingReader): HttpAccess {
  const boardLogin = readLogin(reader, board);
  const reviewerLogin = readLogin(reader, reviewer);
  const boardViewer = readLogin(reader, viewer);
  if (boardViewer !== null && boardLogin === null)
    reader.problems.push('BOARD_VIEWER_USER requires BOARD_USER and BOARD_PASSWORD');
  if (boardViewer !== null && boardViewer.user === boardLogin?.user)
    reader.problems.push('BOARD_VIEWER_USER must differ from BOARD_USER');
  if (reviewerLogin !== null && [boardLogin?.user, boardViewer?.user].includes(reviewerLogin.user))
    reader.problems.push('REVIEWER_USER must differ from BOARD_USER and BOARD_VIEWER_USER');
  const requesters = parseKeys(listOf(reader.read(apiKeys)));
  const operators = parseKeys(listOf(reader.read(operatorKeys)));
  reader.problems.push(...keyProblems({ [operatorKeys.name]: operators, [apiKeys.name]: requesters }));
  return {
    http: { host: reader.read(host) ?? '127.0.0.1', port: reader.read(port) ?? 3000 },
    allowedHosts: listOf(reader.read(allowedHosts)).map(name => name.toLowerCase().replace(/:\d{1,5}$/, '')),
    apiKeys: requesters,
    operatorKeys: operators,
    board: boardLogin,
    reviewer: reviewerLogin,
    boardViewer,
  };
}

function listOf(commaSeparated = ''): string[] {
  return commaSeparated
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

export const httpSections: readonly Section[] = [
  {
    title: 'HTTP API and Bull Board',
    introduction: 'For `up` and `api`.',
    settings: [
      host,
      port,
      allowedHosts,
      apiKeys,
      operatorKeys,
      board.user,
      board.password,
      reviewer.user,
      reviewer.password,
      viewer.user,
      viewer.password,
    ],
  },
];
