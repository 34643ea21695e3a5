import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, CommanderError, Option } from 'commander';
import { errorWords, helpWords } from '../../cli/parser-words.ts';
import { textFor } from '../../cli/text/text.ts';
import { type Language, languages } from '../../contract/problems/define.ts';

/** What a program says to `args`, as its errors and its help. */
function said(language: Language, ...args: readonly string[]): { errors: string; help: string } {
  const words = textFor(language).parser;
  const heard = { errors: '', help: '' };
  const program = new Command('program')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, ...helpWords(words) })
    .configureOutput({
      outputError(message) {
        heard.errors += errorWords(message, words);
      },
      writeErr() {},
      writeOut(text) {
        heard.help += text;
      },
    })
    .addOption(new Option('--lang <language>', '?').choices(['en', 'ja']));
  program
    .command('show')
    .description('?')
    .argument('<what>', '?')
    .requiredOption('--ca <ca>', '?')
    .addOption(new Option('--all', '?').conflicts('some'))
    .option('--some', '?')
    .option('--limit <n>', '?', '100')
    .action(() => {});
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
  }
  return heard;
}

const mistakes: readonly (readonly string[])[] = [
  ['shaw'],
  ['show', 'x', '--ca', 'CA', '--limits', '1'],
  ['show', '--ca', 'CA'],
  ['show', 'x', '--ca'],
  ['show', 'x'],
  ['show', 'x', '--ca', 'CA', '--all', '--some'],
  ['show', 'x', 'y', '--ca', 'CA'],
  ['--lang', 'fr', 'show', 'x'],
];

test('every mistake that commander finds is told in the language of everything else', () => {
  for (const language of languages)
    for (const args of mistakes) {
      const { errors } = said(language, ...args);
      assert.ok(errors.startsWith(textFor(language).parser.error), errors);
      // Its own sentences: none is left over in English, and in English none is as it was.
      assert.doesNotMatch(errors, /argument missing|not specified|missing required|Expected|Allowed|\(Did/);
      if (language !== 'en') assert.match(errors, /[\p{Script=Han}\p{Script=Hiragana}]/u);
    }
});

test('what was typed, and what was meant, stands in the words', () => {
  assert.equal(said('ja', 'shaw').errors, 'エラー: コマンド「shaw」はありません\nもしかして: show\n');
  assert.equal(said('zh-CN', ...mistakes[1]!).errors, '错误：没有选项“--limits”\n您是否想输入：--limit\n');
  assert.equal(
    said('en', ...mistakes[5]!).errors,
    "error: option '--all' cannot be used with option '--some'\n",
  );
  assert.equal(said('en', ...mistakes[6]!).errors, 'error: too many arguments: 2 in place of 1 (x, y)\n');
});

test('help has its headings and remarks in the language too', () => {
  const { help } = said('ja', 'show', '--help');
  assert.match(help, /^使い方: program show \[オプション\] <what>\n/);
  assert.match(
    help,
    /\n引数:\n.*\nオプション:\n.*\(既定値: "100"\).*\n共通のオプション:\n.*\(選択肢: "en", "ja"\)/s,
  );
});

test('a message that is not known stays as it is', () => {
  const words = textFor('ja').parser;
  assert.equal(errorWords('error: something new\n', words), 'エラー: something new\n');
  assert.equal(errorWords('no error\n', words), 'no error\n');
});
