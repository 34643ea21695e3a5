/** What commander says by itself, which it can only in English, in the language of everything else. */
import { type Command, Help, type HelpConfiguration, type Option } from 'commander';
import type { CliText } from './text/text.ts';

type Words = CliText['parser'];

/** Its errors (command.js of commander), and the words for each with what stands in the brackets. */
const errors = [
  [/^unknown option '(.*)'$/, 'unknownOption'],
  [/^unknown command '(.*)'$/, 'unknownCommand'],
  [/^missing required argument '(.*)'$/, 'argumentMissing'],
  [/^option '(.*)' argument missing$/, 'valueMissing'],
  [/^required option '(.*)' not specified$/, 'optionMissing'],
  [/^option '(.*)' cannot be used with option '(.*)'$/, 'conflict'],
  [/^too many arguments(?: for '.*')?\. Expected (\d+) arguments? but got (\d+): (.*)\.$/, 'tooMany'],
  [/^option '(.*)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/, 'notAChoice'],
] as const satisfies readonly (readonly [RegExp, keyof Words])[];
const errorPattern = /^error: (.*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?\n$/s;

/** For `configureOutput`. A message that is not known stays as it is. */
export function errorWords(message: string, words: Words): string {
  const [, said, names] = errorPattern.exec(message) ?? [];
  if (said === undefined) return message;
  const suggestion = names === undefined ? '' : `${words.suggestion(names)}\n`;
  return `${words.error}${translated(said, words)}\n${suggestion}`;
}

function translated(said: string, words: Words): string {
  for (const [pattern, key] of errors) {
    const [match, ...values] = pattern.exec(said) ?? [];
    if (match !== undefined) return (words[key] as (...values: string[]) => string)(...values);
  }
  return said;
}

/** For `configureHelp`. */
export function helpWords(words: Words): HelpConfiguration {
  const plain = new Help();
  return {
    styleTitle: (title) => words.headings[title as keyof Words['headings']] ?? title,
    commandUsage: (command: Command) =>
      plain
        .commandUsage(command)
        .replace('[options]', `[${words.usage.options}]`)
        .replace('[command]', `[${words.usage.command}]`),
    optionDescription: (option: Option) =>
      plain
        .optionDescription(option)
        .replace('(choices: ', `(${words.choices}: `)
        .replace(/([(,] ?)default: /, `$1${words.default}: `),
  };
}
