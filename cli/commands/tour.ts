import { fields } from '../output.ts';
import { Interrupted } from '../secrets.ts';
import type { TourStep } from '../tour/evidence.ts';
import { runTour } from '../tour/tour.ts';
import type { Register } from './register.ts';

export const registerTour: Register = (program, { text, action }) => {
  program
    .command('tour')
    .description(text.commands.tour)
    .option('--keep <dir>', text.options.keep)
    .action(
      action(async (session, options: { keep?: string }) => {
        const controller = new AbortController();
        const interrupt = (): void => controller.abort(new Interrupted());
        process.once('SIGINT', interrupt);
        try {
          const result = await runTour({
            text,
            signal: controller.signal,
            onStep: (step) => session.progress(describe(step)),
            ...(options.keep === undefined ? {} : { keep: options.keep }),
            ...(session.hasPassphraseFile
              ? { passphrase: await session.passphrase(text.prompts.newPassphrase) }
              : {}),
          });
          session.result(result, ({ artifacts }) =>
            [
              text.tour.allDone,
              ...(artifacts['home'] === undefined ? [] : [text.tour.kept(options.keep!)]),
            ].join('\n'),
          );
        } catch (error) {
          throw controller.signal.aborted ? new Interrupted() : error;
        } finally {
          process.off('SIGINT', interrupt);
        }
      }),
    );

  const describe = ({ step, title, did, replaces, evidence }: TourStep): string =>
    [
      `${step}. ${title}`,
      `   ${did}`,
      `   ${text.tour.replaces}: ${replaces}`,
      ...fields(evidence.map(({ check, observed }) => [check, observed]))
        .split('\n')
        .map((line) => `     ${line}`),
      '',
    ].join('\n');
};
