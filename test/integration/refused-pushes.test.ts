import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { idle } from './site.ts';
import {
  configOf,
  configPath,
  expectAudited,
  push,
  putBodies,
  thresholdSite,
  versionsOf,
  writeExport,
} from './threshold-site.ts';

test('a push that would move thresholds too far is refused and names them, unless forced; unknown intents are nothing to push', async () => {
  const { site, changes } = await thresholdSite(['a', 'b', 'c']);
  const app = await site.workingHouse(changes);
  await push(app, { a: 0.3, b: 0.5, c: 0.5 });
  const far = await writeExport(site, 'far.csv', { a: 0.9, b: 0.7, c: 0.701 });
  const unknown = await writeExport(site, 'unknown.csv', { x: 0.4, y: 0.6 });
  const [refused, [dry, empty]] = await Promise.all([
    site.cli(['tune', '--csv', far, '--push', '--wait', '--json'], changes),
    commands(
      site,
      [
        ['tune', '--csv', unknown],
        ['tune', '--csv', unknown, '--push', '--wait'],
      ],
      changes,
    ),
  ]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/3 thresholds would move by more than 0\.2: A 0\.3 → 0\.9, .*\[CHANGE_TOO_LARGE\]/);
  expect(refused.stderr).toMatch(/C 0\.5 → 0\.701/);
  expect(refused.stderr).not.toContain('B 0.5');
  expect(dry?.code, dry?.stderr).toBe(0);
  expect(dry?.stdout).toMatch(/intents not in tenant +x, y\nnothing to push/);
  expect(empty?.code).toBe(1);
  expect(empty?.stderr).toMatch(/unknown\.csv.*2 are unknown.*\[NOTHING_TO_PUSH\]/);
  expect(putBodies(site.sandbox)).toHaveLength(1);
  expect(await versionsOf(app)).toEqual(['1 applied']);

  const forced = await site.cli(['tune', '--csv', far, '--push', '--force', '--wait', '--json'], changes);
  expect(forced.code, forced.stderr).toBe(0);
  expect(JSON.parse(forced.stdout)).toMatchObject({ version: 2, difference: { since: { version: 1 } } });
  expect(site.sandbox.nlpConfig).toEqual(configOf(0.701, { a: 0.9, b: 0.7, c: 0.701 }));
  await idle(app);
  await expectAudited(app, 'applied', 'applied');
});

test('a push that lacks a scope is refused once, naming the scopes; what is in force stays, and the next one is sent', async () => {
  const { site, changes } = await thresholdSite(['a']);
  const app = await site.workingHouse(changes);
  await push(app, { a: 0.5 });
  site.sandbox.failNext({ kind: '403', match: configPath });
  await expect(push(app, { a: 0.6 })).rejects.toMatchObject({
    code: 'PUSH_REFUSED',
    message: expect.stringMatching(/version 2 was refused.*ai:nlp:read ai:nlp:write ai:bot:read/),
  });
  expect(putBodies(site.sandbox)).toHaveLength(2);
  expect(site.sandbox.nlpConfig).toEqual(configOf(0.5, { a: 0.5 }));
  expect(await push(app, { a: 0.6 })).toBe(3);
  expect(await versionsOf(app)).toEqual(['1 applied', '2 refused', '3 applied']);
  await idle(app);
  await expectAudited(app, 'applied', 'refused', 'applied');
});

test('a tuning whose intents may not be read fails with the scopes, and nothing is pushed', async () => {
  const { site, changes } = await thresholdSite(['a'], { grantedScopes: ['ai:nlp:write', 'interactions:read'] });
  const app = await site.workingHouse(changes);
  await expect(push(app, { a: 0.5 })).rejects.toMatchObject({
    code: 'SCOPE_MISSING',
    message: expect.stringMatching(/ai:nlp:read ai:nlp:write ai:bot:read/),
  });
  expect(await versionsOf(app)).toEqual([]);
  expect((await app.audit.tail(9)).entries).toEqual([]);
});
