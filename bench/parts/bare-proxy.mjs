// The yardstick: read the body, pass it on through undici's dispatch, pass the answer back.
import http from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.argv[2], { connections: 128, pipelining: 1 });
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const answer = [];
    let status = 0;
    pool.dispatch(
      {
        path: request.url,
        method: request.method,
        headers: request.rawHeaders.filter(
          (_, i, all) => !/^(host|connection|content-length)$/i.test(all[i - (i % 2)]),
        ),
        body: Buffer.concat(chunks),
      },
      {
        onConnect() {},
        onHeaders(code) {
          status = code;
          return true;
        },
        onData(chunk) {
          answer.push(chunk);
          return true;
        },
        onComplete() {
          const body = Buffer.concat(answer);
          response.writeHead(status, { 'content-length': body.length });
          response.end(body);
        },
        onError(error) {
          response.destroy(error);
        },
      },
    );
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
