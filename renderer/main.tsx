/** The window's beginning: a connection, then the app; without one, what was wrong. */
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connectOverHttp } from './connection/http.ts';
import { connectOverPort } from './connection/message-port.ts';
import { problemOf } from './connection/problem-of.ts';
import { bridge } from './connection/shell.ts';
import { Look } from './look/look.tsx';
import { ProblemBar } from './parts/problem-bar.tsx';
import { preferredLanguage, SpeechProvider } from './speech/speech.tsx';

const root = createRoot(document.getElementById('root')!);
try {
  root.render(<App client={await (bridge ? connectOverPort(bridge) : connectOverHttp())} />);
} catch (error) {
  const language = preferredLanguage(navigator.languages);
  root.render(
    <SpeechProvider language={language}>
      <Look theme="system" language={language}>
        <ProblemBar problem={problemOf(error)} />
      </Look>
    </SpeechProvider>,
  );
}
