import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { extractionJobId } from '../../jobs/extract-entities/job.ts';
import { cachedResult } from '../../jobs/flows/extraction/cached-result.ts';
import { extraction } from '../../jobs/flows/extraction/flow.ts';
import { type ExtractionRequest, textRequest } from '../../jobs/flows/extraction/request.ts';
import { onBadLine } from '../../src/domain/entity/batch.ts';
import {
  checkRequest,
  extractionRequest,
  type RequestDefaults,
  type ResolvedRequest,
  requestDefaults,
  requestOptions,
} from '../../src/domain/entity/request.ts';
import { defineRoute, type RequestContext } from '../http/flow-route.ts';
import { bytesOf, inlineOptions } from '../http/inline-upload.ts';
import { InvalidRequest } from '../http/invalid-request.ts';
import { ownUpload } from '../http/own-upload.ts';
import { checkedLines } from './checked-lines.ts';

const mostTexts = 1_000;
/** The bound of the setting is checked once the body is parsed. */
const anyLength = Number.MAX_SAFE_INTEGER / 1024;
const { text } = extractionRequest(anyLength).shape;
const options = requestOptions.shape;

const sources = ['text', 'texts', 'ref'] as const;

const body = z
  .strictObject({
    text: text.optional().describe('The text to extract from'),
    texts: z.array(text).min(1).max(mostTexts).optional().describe('Texts to extract from, as a batch'),
    ref: z.uuid().optional().describe('The ref of an uploaded JSONL file: `{text, id?, language?, …}` per line'),
    language: options.language.describe(`Language (${requestDefaults.language})`),
    types: options.types.describe(`Entity types (${requestDefaults.types.join(', ')})`),
    threshold: options.threshold.describe(`Lowest confidence of an entity (${requestDefaults.threshold})`),
    referenceTime: options.referenceTime.describe('What "yesterday" refers to (now)'),
    timeZone: options.timeZone.describe(`IANA time zone of dates (${requestDefaults.timeZone})`),
    prefer: options.prefer.describe('Which day a bare weekday means'),
    onBadLine: onBadLine.default('stop').describe('Invalid lines of the file: refuse the request, or skip them'),
    reuse: z.boolean().default(false).describe('If the same batch was done before, return its results'),
  })
  .refine(given => sources.filter(name => given[name] !== undefined).length === 1, {
    error: 'must have one of text, texts and ref',
    path: ['text'],
  });
type Body = z.output<typeof body>;

export const extractions = defineRoute({
  flow: extraction,
  summary: 'Extract entities from a text, from up to 1,000 texts, or from an uploaded file',
  description:
    'The result of `text` is that of the text. The result of a batch (`texts`, `ref`) holds its counts and `resultsUrl`, which streams the results in input order.',
  body,
  examples: [
    { text: 'I need a refund for the wireless headphones I bought last Tuesday' },
    { ref: '6f1c2a52-6f1e-4c57-9a3d-0d7a5c0a9b11', language: 'de-DE', types: ['product', 'date'], threshold: 0.8 },
  ],
  timeoutMs: 5 * 60_000,
  async immediate(given, { app, caller }) {
    if (given.text === undefined) return null;
    const request = checkedText(given, given.text, app);
    const result = await cachedResult(request, app);
    if (result === null) return null;
    const requestId = extractionJobId(`cached-${randomUUID()}`);
    await app.inferences.record([{ requestId, by: caller.by, types: request.types, result, at: Date.now() }]);
    return result;
  },
  parameters: async (given, context) =>
    extraction.parameters.parse(
      given.text === undefined ? await batchRequest(given, context) : await singleRequest(given, given.text, context),
    ),
});

async function singleRequest(given: Body, text: string, { app }: RequestContext): Promise<ExtractionRequest> {
  return await textRequest(checkedText(given, text, app), app);
}

/** @throws InvalidRequest */
function checkedText(given: Body, text: string, { config }: RequestContext['app']): ResolvedRequest {
  const checked = checkRequest({ ...optionsOf(given), text }, config.entities.maxTextKb);
  if (checked.ok) return checked.request;
  throw new InvalidRequest(
    checked.invalid.map(({ field, message }) => ({ code: 'custom', path: [field], message, input: undefined })),
  );
}

function optionsOf({ language, types, threshold, timeZone, referenceTime, prefer }: Body) {
  const given = { language, types, threshold, timeZone, referenceTime, prefer };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

async function batchRequest(given: Body, context: RequestContext): Promise<ExtractionRequest> {
  const { app } = context;
  const { onBadLine, reuse } = given;
  const { language, types, threshold, timeZone } = { ...requestDefaults, ...optionsOf(given) };
  const options = { ...optionsOf(given), language, types: [...types], threshold, timeZone };
  const ref = given.texts === undefined ? await checkedUpload(given, context) : await takeTexts(given, context);
  const normalization = await app.extractions.normalizations.write(app.config.entities.normalization);
  return { kind: 'batch', ref, options, onBadLine, reuse, normalization };
}

/** The texts as an upload; each is validated, with its index as its place. */
async function takeTexts({ texts = [] }: Body, context: RequestContext): Promise<string> {
  const { maxTextKb } = context.app.config.entities;
  const tooLong = texts.flatMap((each, index) => (checkRequest({ text: each }, maxTextKb).ok ? [] : [index]));
  if (tooLong.length > 0)
    throw new InvalidRequest(
      tooLong.map(index => ({
        code: 'custom',
        path: ['texts', index],
        message: `must have at most ${maxTextKb} KB`,
        input: undefined,
      })),
    );
  const content = bytesOf(texts.map(each => `${JSON.stringify({ text: each })}\n`).join(''));
  return (await context.app.uploads.take('texts.jsonl', content, inlineOptions(context))).ref;
}

/** @throws MlopsError UPLOAD_NOT_FOUND, BAD_INPUT with the place in the file */
async function checkedUpload(given: Body, context: RequestContext): Promise<string> {
  const { ref = '', onBadLine } = given;
  const { app } = context;
  const upload = await ownUpload(ref, 'ref', 'file', context);
  const defaults: RequestDefaults = { ...requestDefaults, ...optionsOf(given) };
  const terms = { name: upload.name, onBadLine, maxTextKb: app.config.entities.maxTextKb, field: 'ref', defaults };
  for await (const _ of checkedLines(app.uploads.read(upload), terms));
  return upload.ref;
}
