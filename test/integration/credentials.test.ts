import { expect, test } from 'vitest';
import { conversations } from './conversations.ts';
import { frozenTenant, openSite, pagesAsked, tokensAsked } from './site.ts';

test('a wrong secret ends the run at once, names the service and the scopes, and is not tried again', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(3) }));
  const end = await site.cli(['curate', '--dataset', 'demo', '--wait', '--json'], { CXONE_CLIENT_SECRET: 'wrong-one' });
  expect(end).toMatchObject({ code: 1, stdout: '' });
  expect(end.stderr).toContain('CREDENTIALS_REFUSED');
  expect(end.stderr).toContain('"interactions"');
  expect(end.stderr).toContain('interactions:read analytics:read');
  expect(end.stderr).not.toContain('wrong-one');
  expect({ tokens: tokensAsked(site.sandbox), pages: pagesAsked(site.sandbox) }).toEqual({ tokens: 1, pages: [] });
});

test('a client without a scope ends the run at once, and is told which scopes it needs', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(3), grantedScopes: ['interactions:read'] }));
  const end = await site.cli(['curate', '--dataset', 'demo', '--wait', '--json']);
  expect(end).toMatchObject({ code: 1, stdout: '' });
  expect(end.stderr).toContain('SCOPE_MISSING');
  expect(end.stderr).toContain('"interactions"');
  expect(end.stderr).toContain('interactions:read analytics:read');
  expect({ tokens: tokensAsked(site.sandbox), pages: pagesAsked(site.sandbox) }).toEqual({ tokens: 1, pages: [] });
});

test('a scope that is taken away in the middle fails the run with one question about it', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  site.sandbox.failNext({ kind: '403', match: request => request.query.get('page') === '2', times: 100 });
  const end = await site.cli(['curate', '--dataset', 'demo', '--wait', '--json']);
  expect(end).toMatchObject({ code: 1, stdout: '' });
  expect(end.stderr).toContain('SCOPE_MISSING');
  expect(pagesAsked(site.sandbox).filter(page => page === 2)).toEqual([2]);
});

test('tokens that become invalid while paging are renewed, and every page is asked for with success once', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(450) }));
  const stop = site.sandbox.onRequest(({ page }) => {
    if (page === 1) site.sandbox.revokeTokens();
  });
  const end = await site.cli(['curate', '--dataset', 'demo', '--wait', '--json']);
  stop();
  expect(end).toMatchObject({ code: 0 });
  const answered = site.sandbox.requests.filter(
    ({ path, status }) => path === '/api/v2/interactions' && status === 200,
  );
  expect(answered.map(({ query }) => query.page).sort()).toEqual(['1', '2', '3']);
  expect(tokensAsked(site.sandbox)).toBeGreaterThan(1);
});
