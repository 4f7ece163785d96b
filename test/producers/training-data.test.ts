import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { labelDataset, readTrainingFile } from '../../producers/training/command-data.ts';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { jsonLines, openDatasets } from '../../src/store/datasets/datasets.ts';
import { part, version } from '../domain/dataset/version.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { codedBy } from '../thrown.ts';

async function dataset(...texts: string[]) {
  const root = temporaryFolder();
  const datasets = openDatasets(openFileStore(root));
  const rows = texts.map(text => ['c', '2024-05-15T12:00:00.000Z', 'b', 5, text, 'r']);
  const kept = await datasets.writeFile('demo', 'kept', jsonLines(rows));
  await datasets.commit(0, version({ parts: [{ ...part(0, texts.length), kept }], nextGroup: texts.length }));
  const file = join(root, 'labels.csv');
  return {
    file,
    join: async (csv: string | Buffer) => {
      writeFileSync(file, csv);
      return await labelDataset(datasets, { dataset: 'demo', version: undefined }, file);
    },
  };
}

describe('a labels file', () => {
  it('gives the dataset’s utterances their labels, whatever its columns are called, and however it is quoted', async () => {
    const given = await dataset('one', 'two,\nlines', 'a "quote"', 'four');
    const { name, data, source } = await given.join(
      '\uFEFFid,intent,user_utterance\r\n1,x,one\r\n2,y,"two,\nlines"\r\n3,x,"a ""quote"""\r\n4,,four\r\n',
    );
    expect(name).toBe('demo@1.json');
    expect(data.utterances.map(({ text, label }) => [text, label])).toEqual([
      ['one', 'x'],
      ['two,\nlines', 'y'],
      ['a "quote"', 'x'],
    ]);
    expect(source).toMatchObject({ kind: 'dataset', dataset: 'demo', version: 1 });
  });

  it('and training data may be packed with gzip', async () => {
    const given = await dataset('one', 'two');
    const csv = 'utterance,label\none,x\ntwo,y\n';
    const padded = Buffer.concat([gzipSync(csv.slice(0, 20)), gzipSync(csv.slice(20)), Buffer.alloc(512)]);
    for (const packed of [gzipSync(csv), padded])
      expect((await given.join(packed)).data.utterances.map(({ label }) => label)).toEqual(['x', 'y']);
    const truncated = await codedBy(() => given.join(gzipSync(csv).subarray(0, -9)));
    expect(truncated.message).toBe(`${given.file}: the gzip file is truncated. Copy it again`);
    const trailing = await codedBy(() => given.join(Buffer.concat([gzipSync(csv), Buffer.from('\n')])));
    expect(trailing.message).toContain('other bytes after the end of the gzip data');
    writeFileSync(given.file, gzipSync('{"utterances": [], "labels": []}'));
    expect((await readTrainingFile(given.file)).data).toEqual({ utterances: [], labels: [] });
  });

  it.each([
    ['without its columns', 'words,marks\none,x\n', ':1: missing column: utterance or text', 'label or intent'],
    ['that is empty', '', 'is empty', ''],
    [
      'with a row that is longer than its header',
      'utterance,label\none,x\ntwo, three,y\n',
      ':3: the row has 3 fields, the header has 2',
      'in quotes',
    ],
    [
      'with a row that is shorter than its header',
      'utterance,label\n"o\nne",x\ntwo\n',
      ':4: the row has 1 field, the header has 2',
      '',
    ],
    ['with a column twice', 'utterance,label,label\none,x,y\n', ':1: the header has the column label twice', ''],
    ['with semicolons', 'utterance;label\none;x\n', ':1: the fields are separated by semicolons', ''],
    ['whose quote is not closed', 'utterance,label\r\n"on\ne",x\r\n,\r\n"two,y\n', ':5: not valid CSV', ''],
    ['with a quote inside a field', 'utterance,label\n7" disk,x\n"two"s,y\nthree,x\n', ':3: not valid CSV', ''],
    ['that is not UTF-8', Buffer.from([0x75, 0xff, 0xfe]), 'is not UTF-8', ''],
  ])('%s is refused', async (_case, csv, said, also) => {
    const given = await dataset('one');
    const error = await codedBy(() => given.join(csv));
    expect(error).toMatchObject({ code: 'BAD_INPUT' });
    expect(error.message).toContain(`${given.file}`);
    expect(error.message).toContain(said);
    expect(error.message).toContain(also);
  });

  it('with several columns that could be meant: the documented one is read, and named', async () => {
    const given = await dataset('I want to pay, now please', 'when does my train leave');
    const csv =
      'flags,user_utterance,text,category,intent\nBL,a,"I want to pay, now please",MONEY,billing\nBL,b,when does my train leave,OTHER,travel\n';
    const { data, notes } = await given.join(csv);
    expect(data.utterances.map(each => each.label)).toEqual(['billing', 'travel']);
    expect(notes).toContain(`${given.file}: the column intent is read, not category`);
    expect(notes).toContain(`${given.file}: the column text is read, not user_utterance`);
  });

  it('whose line ends and accents were rewritten by a spreadsheet labels the same rows', async () => {
    const given = await dataset('line one of my address\nline two', 'un caf\u00E9');
    const { data, notes } = await given.join(
      'utterance,label\r\n"line one of my address\r\nline two",delivery\r\n\r\nun cafe\u0301,food\r\n',
    );
    expect(data.utterances.map(({ text, label }) => [text, label])).toEqual([
      ['line one of my address\nline two', 'delivery'],
      ['un caf\u00E9', 'food'],
    ]);
    expect(notes).toEqual(['demo@1: 2 of 2 rows have a label, 0 have none']);
  });

  it('names the lines of utterances that the dataset does not have', async () => {
    const given = await dataset('one');
    const { notes } = await given.join('utterance,label\none,x\ntwo,y\nthree,y\n');
    expect(notes).toContain(`warning: ${given.file}: 2 utterances are not in the dataset: lines 3, 4`);
  });

  it('that contradicts itself is refused: all lines that do, and none of the texts', async () => {
    const given = await dataset('Ann said', 'Bob said');
    const csv = 'utterance,label\nAnn said,x\n"Bob said",x\nAnn said,y\n"Bob\n",z\nBob said,y\n';
    const error = await codedBy(() => given.join(csv));
    expect(error.message).toContain(`${given.file}:4:`);
    expect(error.message).toContain('lines 2, 4 give one utterance 2 labels: "x", "y"');
    expect(error.message).toContain('lines 3, 7 give');
    expect(error.message).not.toContain('said');
  });
});

describe('a training file', () => {
  const read = async (text: string) => {
    const file = join(temporaryFolder(), 'own.json');
    writeFileSync(file, text);
    return await readTrainingFile(file);
  };

  it('may begin with a mark of byte order', async () => {
    expect((await read('\uFEFF{"utterances": [], "labels": []}')).data).toEqual({ utterances: [], labels: [] });
  });

  it('with a key twice says which, and where', async () => {
    const { notes } = await read('{"utterances": [],\n "labels": [],\n "utterances": []}');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^warning: 1 key repeats one of the same object.*"utterances" at .*own\.json:3:2$/);
  });

  it('that is not valid JSON is refused with line and column, its text is not shown', async () => {
    const error = await codedBy(() => read('{"utterances": [\n  "Ann said" so]}'));
    expect(error.message).toMatch(/own\.json:2:14: not valid JSON$/);
    expect(error.where).toMatch(/own\.json:2:14$/);
  });
});
