/** The command line: `warifu <noun> <verb>`. It carries the contract and adds nothing to it. */
import { Command, CommanderError, Option } from 'commander';
import project from '../package.json' with { type: 'json' };
import { registerApp } from './commands/app.ts';
import { registerAudit } from './commands/audit.ts';
import { registerAuthorities, registerCrls } from './commands/ca.ts';
import { registerCertificates } from './commands/cert.ts';
import { registerCloud } from './commands/cloud.ts';
import { registerKits } from './commands/kit.ts';
import { registerPkcs12 } from './commands/p12.ts';
import { registerProbe } from './commands/probe.ts';
import type { CommandContext, Work } from './commands/register.ts';
import { registerRollout } from './commands/rollout.ts';
import { registerServerCertificates } from './commands/server-cert.ts';
import { registerSimulator } from './commands/simulator.ts';
import { registerStores } from './commands/store.ts';
import { registerTour } from './commands/tour.ts';
import { registerTransfers } from './commands/transfer.ts';
import { registerVault } from './commands/vault.ts';
import { reportFailure } from './failure.ts';
import { errorWords, helpWords } from './parser-words.ts';
import { type GlobalOptions, Session } from './session.ts';
import { chooseLanguage, textFor } from './text/text.ts';

const language = chooseLanguage(process.argv, process.env);
const text = textFor(language);

// Whoever reads may have had enough (`| head`): what was begun is finished, without its words.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

const program = new Command('warifu')
  .description(text.description)
  .version(project.version, '--version', text.options.version)
  .option('--home <dir>', text.options.home)
  .addOption(new Option('--lang <language>', text.options.lang).choices(['en', 'ja', 'zh-CN']))
  .option('--json', text.options.json)
  .option('--passphrase-file <file>', text.options.passphraseFile)
  .helpOption('-h, --help', text.options.help)
  .helpCommand('help [command]', text.options.help)
  .addHelpText('after', `\n${text.exitCodes}`)
  .exitOverride()
  .configureHelp({
    showGlobalOptions: true,
    sortSubcommands: false,
    minWidthToWrap: 20,
    ...helpWords(text.parser),
  })
  .configureOutput({ outputError: (message, write) => write(errorWords(message, text.parser)) })
  .showHelpAfterError(text.parser.help);

/** Usage: 2. Everything that commander stops for (help, version) but errors: 0. */
function usageExit(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}

const context: CommandContext = {
  text,
  action:
    <A extends readonly unknown[]>(work: Work<A>) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals<Partial<GlobalOptions>>();
      const session = new Session({ ...options, lang: language, json: options.json === true });
      try {
        await work(session, ...(given.slice(0, -1) as unknown as A));
      } catch (error) {
        process.exitCode = reportFailure(error, session.options, text);
      } finally {
        await session.close();
      }
    },
};

for (const register of [
  registerTour,
  registerVault,
  registerServerCertificates,
  registerAuthorities,
  registerCrls,
  registerCertificates,
  registerCloud,
  registerRollout,
  registerStores,
  registerPkcs12,
  registerKits,
  registerProbe,
  registerAudit,
  registerTransfers,
  registerSimulator,
  registerApp,
])
  register(program, context);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = usageExit(error);
}
