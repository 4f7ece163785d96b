import type { FastifyError, FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { type HookEvent, parseHookEvent } from '../../src/domain/sentiment/hook-event.ts';
import { sentenceOf } from '../../src/domain/sentiment/invalid-field.ts';
import { type HookProfile, openHookVerifier, type Refusal } from '../../src/platform/webhook-signature.ts';
import { problems, Refused } from '../http/problem.ts';

export const hookPath = '/hooks/cognigy';
/** 256 kB. */
const mostBytes = 256 * 1024;

const received = z.object({
  id: z.string().describe('The id by which repetitions of the event are recognized'),
  recorded: z.literal(true),
});

/**
 * `POST /v1/hooks/cognigy`: the platform's webhooks. The sender proves that it knows HOOK_SECRET; no key or login is
 * required. An event is durable before the answer.
 */
export function hookRoute(app: App) {
  return async (scope: FastifyInstance): Promise<void> => {
    const { hook } = app.config.webhooks;
    const verify = hook === null ? null : openHookVerifier(hook.profile, hook.secret);

    scope.removeAllContentTypeParsers();
    // The signature covers the bytes.
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body));

    scope.post(
      hookPath,
      {
        config: { access: 'public' },
        bodyLimit: mostBytes,
        onRequest: async () => {
          if (verify === null) throw new Refused(404, 'not-found', 'Webhooks are not set up. Set HOOK_SECRET');
        },
        errorHandler: (error: FastifyError) => {
          throw ownTerms(error);
        },
        schema: documentation,
      },
      async (request, reply) => {
        const { body, headers } = request;
        if (verify === null || !(body instanceof Buffer)) throw unsupported();
        const verified = verify({ headers, body, now: Date.now() });
        if (!verified.ok) {
          app.counters.count('cxone_hook_events_total', 'refused');
          throw unverified(verified.reason, hook?.profile);
        }
        if (await app.registrations.refuses(request.url)) {
          app.counters.count('cxone_hook_events_total', 'refused');
          throw new Refused(410, 'gone', 'This webhook was removed. Delete it on the platform');
        }
        const event = read(body);
        if (event.type === 'other') {
          app.counters.count('cxone_hook_events_total', 'ignored');
          return await reply.status(204).send();
        }
        const id = verified.id ?? event.id;
        const recorded = await app.alerts.record({ ...event, id });
        app.counters.count('cxone_hook_events_total', recorded);
        if (recorded === 'known') return await reply.status(204).send();
        return await reply.status(200).send({ id, recorded: true });
      },
    );
  };
}

const documentation = {
  summary: 'Receive a webhook of the platform',
  tags: ['alerts'],
  operationId: 'receive-webhook',
  description:
    'Authenticated by `HOOK_PROFILE` with `HOOK_SECRET`, not by a key or login. An event is durable before the answer; one that was received before is answered 204 and changes nothing.',
  consumes: ['application/json'],
  security: [],
  response: {
    200: received.meta({ description: 'The event is recorded' }),
    204: z.null().meta({ description: 'The event was recorded before, or is of a type that is not used' }),
    ...problems(400, 401, 404, 410, 413, 415, 503),
  },
};

/** @throws Refused 400 */
function read(body: Buffer): HookEvent {
  const parsed = parseHookEvent(parseJson(body));
  if (parsed.ok) return parsed.event;
  const errors = parsed.fields.map(each => ({ field: each.field, message: sentenceOf(each) }));
  const detail = `The event is invalid. ${errors.map(({ message }) => message).join('; ')}`;
  throw new Refused(400, 'invalid', detail, {}, errors);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Refused(400, 'bad-request', 'The body is not valid JSON in UTF-8. Send a JSON object');
  }
}

const meanings: Readonly<Record<Refusal, string>> = {
  missing: 'The signature is missing',
  malformed: 'The signature or its timestamp is malformed',
  'too-old': 'The timestamp is more than 5 minutes in the past. Sign again with the current time',
  'too-new': 'The timestamp is more than 5 minutes in the future. Check the clock of the sender',
  wrong: 'The signature does not match the body. Check that the sender uses the secret in HOOK_SECRET',
};

function unverified(reason: Refusal, profile: HookProfile | undefined): Refused {
  const isBasic = profile === 'basic';
  const meaning = isBasic ? 'The login is missing or wrong. Send the one in HOOK_SECRET' : meanings[reason];
  const headers: Record<string, string> = isBasic ? { 'www-authenticate': 'Basic realm="cxone-mlops webhooks"' } : {};
  return new Refused(401, 'unauthorized', meaning, headers);
}

function unsupported(): Refused {
  return new Refused(415, 'unsupported-media-type', 'Content-Type not supported. Send application/json');
}

/** The general messages name uploads, which no webhook can use. */
function ownTerms(error: FastifyError): Error {
  if (error.statusCode === 415) return unsupported();
  if (error.statusCode !== 413) return error;
  return new Refused(413, 'payload-too-large', `Events are limited to ${mostBytes} bytes`, { connection: 'close' });
}
