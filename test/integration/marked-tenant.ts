import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { Tokens } from '../../src/sandbox/kernel/tokens.ts';
import { Links } from '../../src/sandbox/training/links.ts';
import { conversation, noon } from './conversations.ts';
import { numbered, secrets, texts } from './markers.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

export const intentIds = ['greet', 'cancel', 'refund'] as const;

/** A tenant in which whatever is secret, and whatever customers wrote, is marked. */
export async function markedSite(): Promise<Site> {
  const site = await openSite(
    frozenTenant({
      clientSecret: secrets.client,
      interactions: Array.from({ length: 40 }, (_, index) => interactionOf(index)),
      records: [
        { timestamp: '2024-05-15T09:00:00.500Z', record: { id: 'talk', messages: texts.bad } },
        { timestamp: '2024-05-15T08:00:00.500Z', record: { ...interactionOf(90), id: 'rated', rating: texts.bad } },
      ],
      intents: intentIds.map(id => ({ id, name: id.toUpperCase() })),
      limits: { INTERACTIONS: null, INTENTS: null, CONFIG: null, SUBMIT: null, POLL: null },
      training: { seconds: 0, artifactBytes: 50_000 },
    }),
  );
  const files = {
    'export.csv': exportOf(0.6),
    'bad.csv': `${exportOf(0.6)}greet,${texts.misplaced},0.5,\n`,
    'headless.csv': `${texts.misplaced}\n${texts.misplaced},1,2\n`,
    'data.json': JSON.stringify(trainingData()),
    'refused.json': JSON.stringify(trainingData({ language: 'english' })),
    'text-as-language.json': JSON.stringify(trainingData({ language: texts.misplaced })),
    'text-as-label.json': JSON.stringify(trainingData({ label: numbered(texts.misplaced, 100) })),
    'no.json': `{"utterances": [{"text": "${texts.misplaced}"`,
    'wrong.json': JSON.stringify({ utterances: texts.misplaced, labels: [{ id: 5, name: texts.misplaced }] }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(site.folder, name), content);
  return site;
}

function interactionOf(index: number) {
  const said = conversation(`c${String(index).padStart(4, '0')}`, noon, 60 + index * 60, {
    texts: [numbered(texts.user, index), numbered(texts.user, index + 1)],
  });
  return { ...said, messages: said.messages.map(each => (each.from === 'bot' ? { ...each, text: texts.bot } : each)) };
}

/** An export with a column that nobody asked for: what the customer said. */
export function exportOf(at: number): string {
  const rows = intentIds.flatMap(id =>
    Array.from({ length: 12 }, (_, index) => {
      const isPositive = index % 2 === 0;
      const score = isPositive ? at + index / 100 : at - 0.1 - index / 100;
      return `${id},${isPositive ? 1 : 0},${score.toFixed(3)},"${numbered(texts.column, index)}"`;
    }),
  );
  return ['intent_id,actual_label,predicted_confidence,utterance', ...rows, ''].join('\n');
}

function trainingData({ language = 'en', label = 'billing' } = {}) {
  const labels = ['billing', 'delivery'].map(id => ({ id, name: id.toUpperCase(), description: `About ${id}` }));
  const utterances = Array.from({ length: 24 }, (_, index) => ({
    text: numbered(texts.utterance, index),
    label: index === 0 ? label : index % 2 === 0 ? 'billing' : 'delivery',
    language,
  }));
  return { utterances, labels };
}

/** The tokens and the signatures of links that the sandbox gives out from here on; as good as secrets. */
export function givenOut(): () => string[] {
  const tokens = vi.spyOn(Tokens.prototype, 'issue');
  const links = vi.spyOn(Links.prototype, 'sign');
  return () => [
    ...tokens.mock.results.flatMap(({ type, value }) => (type === 'return' ? [String(value)] : [])),
    ...links.mock.results.flatMap(({ type, value }) =>
      type === 'return' ? [new URL(String(value)).searchParams.get('signature') ?? ''] : [],
    ),
  ];
}
