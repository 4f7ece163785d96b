import { describe, expect, it } from 'vitest';
import { queueNames, registry } from '../../jobs/registry.ts';
import { readConfig } from '../../src/config/config.ts';
import { accessTo } from '../../src/config/platform.ts';
import { defaultLimits } from '../../src/platform/endpoints.ts';
import { codedBy, codeOf } from '../thrown.ts';

const read = (environment: Record<string, string | undefined>) => readConfig(environment, registry);
const complain = async (environment: Record<string, string>) => (await codedBy(() => read(environment))).message;
const client = { CXONE_CLIENT_ID: 'me', CXONE_CLIENT_SECRET: 'hush' };

describe('the configuration', () => {
  it('needs no variable', () => {
    expect(read({})).toMatchObject({
      redisUrl: null,
      redisPrefix: 'cxone',
      artifactsUrl: 'file:./data',
      tenant: { kind: 'platform', key: 'default' },
      limits: defaultLimits,
      concurrency: {},
      http: { host: '127.0.0.1', port: 3000 },
      allowedHosts: [],
      apiKeys: [],
      operatorKeys: [],
      reviewer: null,
      board: null,
      logLevel: null,
      modelPath: null,
    });
  });

  it('is frozen, and takes an empty variable as an absent one', () => {
    expect(Object.isFrozen(read({}))).toBe(true);
    expect(read({ REDIS_URL: '', HTTP_PORT: '', CXONE_BASE_URL: '', LIMIT_NLU: '', LOG_LEVEL: '' })).toEqual(read({}));
  });

  it('reads each variable', () => {
    const config = read({
      REDIS_URL: 'rediss://example:1',
      REDIS_PREFIX: 'a-b_1',
      ARTIFACTS_URL: 's3://bucket/prefix',
      HTTP_HOST: '0.0.0.0',
      HTTP_PORT: '8080',
      API_KEYS: ' a, b,,',
      BOARD_USER: 'u',
      BOARD_PASSWORD: 'p',
      LOG_LEVEL: 'debug',
      MODEL_PATH: '/model',
      LIMIT_INTERACTIONS: '20/s',
      LIMIT_CALIBRATION: '30/min',
      LIMIT_CALIBRATION_STATUS: '7/h',
      CONCURRENCY_FETCH_PAGE: '8',
    });
    expect(config).toMatchObject({
      redisUrl: 'rediss://example:1',
      redisPrefix: 'a-b_1',
      artifactsUrl: 's3://bucket/prefix',
      http: { host: '0.0.0.0', port: 8080 },
      apiKeys: [
        { name: null, key: 'a' },
        { name: null, key: 'b' },
      ],
      board: { user: 'u', password: 'p' },
      logLevel: 'debug',
      modelPath: '/model',
      concurrency: { 'fetch-page': 8 },
    });
    expect(config.limits).toEqual({
      ...defaultLimits,
      INTERACTIONS: { count: 20, perMs: 1_000 },
      CALIBRATION: { count: 30, perMs: 60_000 },
      CALIBRATION_STATUS: { count: 7, perMs: 3_600_000 },
    });
  });

  it('takes a concurrency for every queue', () => {
    for (const queue of queueNames)
      expect(read({ [`CONCURRENCY_${queue.toUpperCase().replaceAll('-', '_')}`]: '3' }).concurrency).toEqual({
        [queue]: 3,
      });
  });

  it.each([
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost'],
    ['REDIS_PREFIX', 'a:b'],
    ['ARTIFACTS_URL', '/data'],
    ['ARTIFACTS_URL', 'ftp://host'],
    ['CXONE_BASE_URL', 'example.com'],
    ['NLU_BASE_URL', 'ws://example.com'],
    ['CXONE_INSTANCE', 'evil.com/'],
    ['CXONE_ORG_ID', 'a.b'],
    ['CXONE_REGION', '-us'],
    ['COGNIGY_TENANT', 'a b'],
    ['LIMIT_NLU', '0/s'],
    ['LIMIT_NLU', '10'],
    ['LIMIT_NLU', '1.5/s'],
    ['LIMIT_NLU', '5/day'],
    ['CONCURRENCY_FETCH_PAGE', '0'],
    ['CONCURRENCY_FETCH_PAGE', '-1'],
    ['CONCURRENCY_FETCH_PAGE', 'many'],
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', 'http'],
    ['LOG_LEVEL', 'loud'],
    ['RETENTION_RUNS', 'a week'],
    ['RETENTION_RUNS', '-1d'],
    ['RETENTION_PAGES', '7d'],
  ])('refuses %s=%s by name', async (name, value) => {
    expect(await codeOf(() => read({ [name]: value }))).toBe('BAD_CONFIG');
    expect(await complain({ [name]: value })).toContain(name);
  });

  it('names all that is wrong at once', async () => {
    const message = await complain({
      REDIS_URL: 'x',
      HTTP_PORT: 'y',
      LIMIT_NLU: 'z',
      LOG_LEVEL: 'w',
      CXONE_BASE_URL: 'v',
      BOARD_USER: 'u',
      CONCURRENCY_NONE: '1',
    });
    for (const name of [
      'REDIS_URL',
      'HTTP_PORT',
      'LIMIT_NLU',
      'LOG_LEVEL',
      'CXONE_BASE_URL',
      'BOARD_PASSWORD',
      'CONCURRENCY_NONE',
    ])
      expect(message).toContain(name);
  });

  it('refuses an unknown limit or queue, and says which there are', async () => {
    expect(await complain({ LIMIT_INTERACTION: '2/s' })).toMatch(
      /LIMIT_INTERACTION is unknown.*LIMIT_INTERACTIONS.*LIMIT_WEBHOOKS/,
    );
    expect(await complain({ CONCURRENCY_FETCH: '2' })).toMatch(/CONCURRENCY_FETCH is unknown.*CONCURRENCY_FETCH_PAGE/);
  });

  it('reads keys with and without a name, and takes a colon elsewhere as part of the key', () => {
    const { apiKeys, operatorKeys } = read({
      API_KEYS: 'crm:old, crm:new:er ,plain,not a name:x,crm:old',
      OPERATOR_KEYS: 'crm:admin',
    });
    expect(apiKeys).toEqual([
      { name: 'crm', key: 'old' },
      { name: 'crm', key: 'new:er' },
      { name: null, key: 'plain' },
      { name: null, key: 'not a name:x' },
      { name: 'crm', key: 'old' },
    ]);
    expect(operatorKeys).toEqual([{ name: 'crm', key: 'admin' }]);
  });

  it.each([
    [{ API_KEYS: 'a:sesame,b:' }, 'API_KEYS entry 2 has a name and no key'],
    [{ API_KEYS: 'a:sesame,b:sesame' }, 'API_KEYS entry 2 has the same key as API_KEYS entry 1'],
    [{ API_KEYS: 'a:sesame', OPERATOR_KEYS: 'a:sesame' }, 'API_KEYS entry 1 has the same key as OPERATOR_KEYS entry 1'],
    [{ API_KEYS: 'sesame,d0c04f4b:mellon' }, 'API_KEYS entry 2 has the same id as API_KEYS entry 1'],
    [{ BOARD_USER: 'a:b', BOARD_PASSWORD: 'p' }, 'BOARD_USER must not contain a colon'],
    [{ REVIEWER_USER: 'r' }, 'REVIEWER_USER requires REVIEWER_PASSWORD'],
    [{ BOARD_USER: 'u', BOARD_PASSWORD: 'p', REVIEWER_USER: 'u', REVIEWER_PASSWORD: 'q' }, 'REVIEWER_USER must differ'],
  ])('refuses credentials that are not whose they seem to be: %j', async (environment, problem) => {
    const message = await complain(environment as Record<string, string>);
    expect(message).toContain(problem);
    expect(message).not.toMatch(/sesame|mellon/);
  });

  it('wants both parts of the board’s login or none', async () => {
    expect(await complain({ BOARD_USER: 'u' })).toContain('BOARD_USER requires BOARD_PASSWORD');
    expect(await complain({ BOARD_PASSWORD: 'p' })).toContain('BOARD_PASSWORD requires BOARD_USER');
    expect(await complain({ BOARD_VIEWER_USER: 'v' })).toContain('BOARD_VIEWER_USER requires BOARD_VIEWER_PASSWORD');
    expect(await complain({ BOARD_VIEWER_USER: 'v', BOARD_VIEWER_PASSWORD: 'p' })).toContain('requires BOARD_USER');
    const same = { BOARD_USER: 'u', BOARD_PASSWORD: 'p', BOARD_VIEWER_USER: 'u', BOARD_VIEWER_PASSWORD: 'q' };
    expect(await complain(same)).toContain('must differ from');
  });

  it('keeps notes at least as long as the failed jobs that look at them', async () => {
    const day = 86_400_000;
    expect(read({}).retention).toEqual({
      runsMs: 7 * day,
      uploadsMs: 7 * day,
      extractionsMs: 7 * day,
      completedMs: 7 * day,
      failedMs: 30 * day,
      notesMs: 37 * day,
    });
    expect(read({ RETENTION_RUNS: '0', RETENTION_FAILED: '90d' }).retention).toMatchObject({
      runsMs: 0,
      failedMs: 90 * day,
      notesMs: 97 * day,
    });
    expect(await complain({ RETENTION_NOTES: '29d' })).toContain('RETENTION_NOTES must not be shorter');
  });

  it('does not repeat a wrong value, which may be a secret', async () => {
    const environment = { REDIS_URL: 'hush-hush', CXONE_BASE_URL: 'hush-hush', BOARD_PASSWORD: 'hush-hush' };
    expect(await complain(environment)).not.toContain('hush');
  });
});

describe('the tenant', () => {
  it('is the one named by TENANT, whatever services are configured', () => {
    expect(read({}).tenant).toEqual({ kind: 'platform', key: 'default' });
    expect(read({ TENANT: 'acme-eu', CXONE_BASE_URL: 'http://a:1', ...client }).tenant).toEqual({
      kind: 'platform',
      key: 'acme-eu',
    });
  });

  it('is the sandbox only when it is asked for', () => {
    const sandbox = { kind: 'sandbox', key: 'sandbox' };
    expect(read({ SANDBOX: '1' }).tenant).toEqual(sandbox);
    expect(read({ SANDBOX: '1', TENANT: 'acme', CXONE_BASE_URL: 'http://a:1' }).tenant).toEqual(sandbox);
    expect(read({ SANDBOX: '0' }).tenant.kind).toBe('platform');
  });

  it('has a name that fits a path and a key of Redis', async () => {
    for (const name of ['sandbox', 'A', 'a b', '-a', 'a/b', '..', 'a'.repeat(41)])
      expect(await complain({ TENANT: name }), name).toContain('TENANT must');
    expect(await complain({ SANDBOX: 'yes' })).toContain('SANDBOX must be 0 or 1');
  });
});

describe('a service’s identity', () => {
  const identity = (environment: Record<string, string>) =>
    accessTo(read({ ...client, ...environment }), 'interactions').identity;

  it('differs for another scheme, host, port, path or instance', () => {
    const identities = [
      { CXONE_BASE_URL: 'http://a:1' },
      { CXONE_BASE_URL: 'https://a:1' },
      { CXONE_BASE_URL: 'http://a:2' },
      { CXONE_BASE_URL: 'http://b:1' },
      { CXONE_BASE_URL: 'http://a:1/x' },
      { CXONE_INSTANCE: 'a' },
      { CXONE_INSTANCE: 'b' },
      { CXONE_BASE_URL: 'http://a:1', CXONE_INSTANCE: 'a' },
    ].map(identity);
    expect(new Set(identities).size).toBe(identities.length);
  });

  it('is the same with other credentials, limits, services, or a slash at the end', () => {
    const base = identity({ CXONE_BASE_URL: 'https://gate.example.com' });
    expect(identity({ CXONE_BASE_URL: 'https://GATE.example.com:443/', LIMIT_NLU: '1/s' })).toBe(base);
    expect(identity({ CXONE_BASE_URL: 'https://gate.example.com', CXONE_CLIENT_SECRET: 'other' })).toBe(base);
    expect(identity({ CXONE_BASE_URL: 'https://gate.example.com', CXONE_ORG_ID: 'org', CXONE_REGION: 'r' })).toBe(base);
    expect(base).not.toContain('hush');
  });
});

describe('accessTo', () => {
  it('makes each service’s host of its own variable', () => {
    const config = read({
      CXONE_INSTANCE: 'acme',
      CXONE_ORG_ID: 'org',
      CXONE_REGION: 'us2-01',
      COGNIGY_TENANT: 'bots',
      ...client,
    });
    const urls = (['interactions', 'nlp', 'training', 'nlu', 'cognigy'] as const).map(
      service => accessTo(config, service).baseUrl,
    );
    expect(urls).toEqual([
      'https://acme.cxone.com',
      'https://org.cloud.nicecxone.com',
      'https://api.us2-01.cxone.com',
      'https://acme.cxone.com',
      'https://bots.cognigy.com',
    ]);
  });

  it('prefers a service’s own variables over the ones for all, and those over the labels', () => {
    const config = read({
      CXONE_INSTANCE: 'acme',
      CXONE_BASE_URL: 'http://gate/',
      ...client,
      NLU_BASE_URL: 'http://nlu:9/x//',
      NLU_CLIENT_ID: 'n',
      NLU_CLIENT_SECRET: 's',
    });
    expect(accessTo(config, 'interactions')).toMatchObject({
      baseUrl: 'http://gate',
      clientId: 'me',
      clientSecret: 'hush',
    });
    expect(accessTo(config, 'nlu')).toMatchObject({ baseUrl: 'http://nlu:9/x', clientId: 'n', clientSecret: 's' });
  });

  it('names the variables that a service lacks', async () => {
    const lacking = async (environment: Record<string, string>) =>
      (await codedBy(() => accessTo(read(environment), 'cognigy'))).message;
    expect(await codeOf(() => accessTo(read({}), 'cognigy'))).toBe('BAD_CONFIG');
    expect(await lacking({ CXONE_INSTANCE: 'acme', ...client })).toMatch(
      /COGNIGY_BASE_URL.*CXONE_BASE_URL.*COGNIGY_TENANT/,
    );
    const noSecret = await lacking({ COGNIGY_TENANT: 'bots', COGNIGY_CLIENT_ID: 'me' });
    expect(noSecret).toMatch(/COGNIGY_CLIENT_SECRET.*CXONE_CLIENT_SECRET/);
    expect(noSecret).not.toContain('BASE_URL');
  });
});

describe('a base URL', () => {
  it.each([
    ['https://gw.example/acme?x=1', /query/],
    ['https://gw.example/acme?', /query/],
    ['https://gw.example/#top', /fragment/],
    ['https://user:hush-4f1c@gw.example', /login/],
    ['https://@gw.example', /login/],
    ['gw.example', /http:\/\//],
    ['ftp://gw.example', /http:\/\//],
    ['https:gw.example', /http:\/\//],
    ['https://gw.example/a b', /spaces/],
  ])('%s is refused, by its variable', async (value, why) => {
    for (const name of ['CXONE_BASE_URL', 'NLP_BASE_URL']) {
      const message = await complain({ [name]: value });
      expect(message).toContain(name);
      expect(message).toMatch(why);
      expect(message).not.toContain('hush');
    }
  });

  it('may have a port and a path', () => {
    const { services } = read({ CXONE_BASE_URL: 'https://gw.example:8443/acme/', ...client });
    expect(accessTo({ services }, 'nlp').baseUrl).toBe('https://gw.example:8443/acme');
  });
});

describe('a secret', () => {
  it('loses line breaks at its ends, nothing else', () => {
    const config = read({
      CXONE_BASE_URL: 'https://gw.example',
      CXONE_CLIENT_ID: 'me\n',
      CXONE_CLIENT_SECRET: ' hush \r\n',
      BOARD_USER: 'u',
      BOARD_PASSWORD: 'p\n',
      API_KEYS: 'one,two\n',
      WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n',
    });
    expect(accessTo(config, 'nlp')).toMatchObject({ clientId: 'me', clientSecret: ' hush ' });
    expect(config.board?.password).toBe('p');
    expect(config.apiKeys.map(({ key }) => key)).toEqual(['one', 'two']);
    expect(config.webhooks.secret).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  });
});

describe('the address behind a proxy', () => {
  it('is PUBLIC_URL without its trailing slash, and the proxies to trust', () => {
    expect(read({})).toMatchObject({ publicUrl: null, trustedProxies: [] });
    const config = read({ PUBLIC_URL: 'https://mlops.example/cxone/', TRUST_PROXY: '10.0.0.1, fd00::/8,10.1.0.0/16' });
    expect(config.publicUrl).toBe('https://mlops.example/cxone');
    expect(config.trustedProxies).toEqual(['10.0.0.1', 'fd00::/8', '10.1.0.0/16']);
  });

  it.each([
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '::/0'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', 'proxy.example'],
    ['PUBLIC_URL', 'mlops.example'],
    ['PUBLIC_URL', 'https://mlops.example/?a'],
    ['ARTIFACTS_URL', '/srv/data'],
    ['ARTIFACTS_URL', 'file://data'],
    ['ARTIFACTS_URL', 'file:./a#1'],
    ['ARTIFACTS_URL', 'gs://bucket'],
    ['MODEL_FILE_MAX_MB', '0'],
  ])('%s=%s is refused', async (name, value) => {
    expect(await complain({ [name]: value })).toContain(name);
  });

  it('a path without a scheme is answered with the URL', async () => {
    expect(await complain({ ARTIFACTS_URL: '/srv/data' })).toContain('file:/srv/data');
  });
});

describe('variables that Kubernetes injects for services', () => {
  it('are ignored', () => {
    expect(
      read({ HTTP_PORT: 'tcp://10.0.0.1:80', LIMIT_SERVICE_HOST: '10.0.0.1', LIMIT_PORT_80_TCP_ADDR: '10.0.0.1' }),
    ).toEqual(read({}));
  });
});
