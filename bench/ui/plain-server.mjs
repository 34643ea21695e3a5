// The peer of a cold start: a page with a heading, and nothing behind it.
import { createServer } from 'node:http';

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Plain</title><main><h1>Plain</h1></main>');
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ address: `http://127.0.0.1:${server.address().port}/` }));
});
process.on('SIGTERM', () => process.exit());
