import { z } from 'zod';
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
  readonly apiKeys: readonly string[];
  readonly board: Login | null;
  /** Who may look at the board and change nothing. */
  readonly boardViewer: Login | null;
}

const host: Setting<string> = {
  name: 'HTTP_HOST',
  description:
    'Address to listen on. Any other than this machine alone requires API_KEYS, or BOARD_USER and BOARD_PASSWORD',
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
  description: 'Keys of the HTTP API, separated by commas (`Authorization: Bearer KEY`). They open the board as well',
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

const board = loginSettings('BOARD', 'Login of Bull Board, which opens the HTTP API as well');
const viewer = loginSettings('BOARD_VIEWER', 'Login that sees the board but cannot change anything');

function readLogin(reader: SettingReader, settings: ReturnType<typeof loginSettings>): Login | null {
  const user = reader.read(settings.user);
  const password = reader.read(settings.password);
  if (user !== undefined && password !== undefined) return { user, password };
  const [set, missing] = user === undefined ? (['password', 'user'] as const) : (['user', 'password'] as const);
  if (user !== password)
    reader.problems.push(`${settings[set].name} requires ${settings[missing].name}: set both or neither`);
  return null;
}

export function readHttp(reader: SettingReader): HttpAccess {
  const boardLogin = readLogin(reader, board);
  const boardViewer = readLogin(reader, viewer);
  if (boardViewer !== null && boardLogin === null)
    reader.problems.push('BOARD_VIEWER_USER requires BOARD_USER and BOARD_PASSWORD');
  if (boardViewer !== null && boardViewer.user === boardLogin?.user)
    reader.problems.push('BOARD_VIEWER_USER must differ from BOARD_USER');
  return {
    http: { host: reader.read(host) ?? '127.0.0.1', port: reader.read(port) ?? 3000 },
    allowedHosts: listOf(reader.read(allowedHosts)).map(name => name.toLowerCase().replace(/:\d{1,5}$/, '')),
    apiKeys: listOf(reader.read(apiKeys)),
    board: boardLogin,
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
    settings: [host, port, allowedHosts, apiKeys, board.user, board.password, viewer.user, viewer.password],
  },
];
