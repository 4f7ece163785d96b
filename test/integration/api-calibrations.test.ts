import { expect, test } from 'vitest';
import { openApi } from './api-site.ts';
import { calibrationOf, calibrationSite, customersText, unlimited } from './calibration-site.ts';

const path = '/v1/calibrations';

test('POST /v1/calibrations applies a calibration once, and reports its end', async () => {
  const site = await calibrationSite();
  const api = await openApi(site, { works: true, changes: unlimited });
  const headers = { 'idempotency-key': 'may' };
  const first = await api.ask('POST', path, { json: calibrationOf('a'), headers });
  const again = await api.ask('POST', path, { json: calibrationOf('a'), headers });
  expect([first.status, again.status]).toEqual([202, 202]);
  expect(again.body.id).toBe(first.body.id);
  const other = await api.ask('POST', path, { json: calibrationOf('b'), headers });
  expect(other.status).toBe(409);

  const ended = await api.reach(String(first.body.id));
  expect(ended.body).toMatchObject({
    state: 'succeeded',
    queue: 'calibrate-sentiment',
    result: { calibrationJobId: 'calibration-1', status: 'completed', version: 1 },
  });
  expect(site.sandbox.cognigy.calibrations.puts).toHaveLength(1);
  expect(ended.text).not.toContain(customersText);
});

test('an invalid calibration is answered with every field; one that is not verified with every interaction', async () => {
  const site = await calibrationSite();
  const api = await openApi(site, { changes: unlimited });
  const wrong = {
    ...calibrationOf('a'),
    sensitivity_level: 2,
    alert_triggers: [{ emotion: 'anger', threshold: 0.5, directive: 'block' }],
    extra: 1,
  };
  const invalid = await api.ask('POST', path, { json: wrong });
  expect(invalid.status).toBe(400);
  expect(invalid.body.errors).toEqual([
    {
      field: 'alert_triggers[0].threshold',
      message: 'must be a number from 0.7 to 0.95 where directive is block, not 0.5',
    },
    { field: 'sensitivity_level', message: 'must be a number from 0.05 to 0.95, not 2' },
    expect.objectContaining({ field: 'extra' }),
  ]);
  const text = 'a text of a customer';
  const unverified = calibrationOf('a', {
    interactions: [{ interaction_id: 'a', text, emotion: 'joy', confidence: 0.9 }],
  });
  const refused = await api.ask('POST', path, { json: unverified });
  expect(refused.status).toBe(422);
  expect(refused.body.errors).toEqual([
    { field: 'interactions[0]', message: expect.stringMatching(/none of the domain terms .*; its emotion "joy"/) },
  ]);
  expect(refused.text).not.toContain(text);
  expect((await api.app.calibrations.read()).length).toBe(0);
});
