import type { Cause } from './hypothesis.ts';

/** How a framework gives the bytes of a body as they came. */
export interface FrameworkAdvice {
  readonly framework: string;
  readonly advice: string;
}

const RAW_BODY: readonly FrameworkAdvice[] = [
  {
    framework: 'Express',
    advice:
      "express.raw({ type: 'application/json' }) on this route, before any express.json(); req.body is then the Buffer.",
  },
  {
    framework: 'Next.js (app)',
    advice: 'const body = await request.text(), before and instead of request.json().',
  },
  {
    framework: 'Next.js (pages)',
    advice:
      'export const config = { api: { bodyParser: false } }, then read the request as a stream.',
  },
  {
    framework: 'Fastify',
    advice:
      "addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body)), or fastify-raw-body and request.rawBody.",
  },
  { framework: 'NestJS', advice: 'NestFactory.create(App, { rawBody: true }), then req.rawBody.' },
  { framework: 'Koa', advice: 'koa-bodyparser keeps the text in ctx.request.rawBody.' },
  { framework: 'Hono', advice: 'const body = await c.req.text().' },
  {
    framework: 'AWS Lambda',
    advice: 'event.body; where event.isBase64Encoded is true, decode it from base64 first.',
  },
  { framework: 'Flask', advice: 'request.get_data(), before request.json or request.form.' },
  { framework: 'FastAPI', advice: 'body = await request.body(), with no model as a parameter.' },
  { framework: 'Django', advice: 'request.body, before request.POST.' },
  { framework: 'Rails', advice: 'request.raw_post.' },
  { framework: 'Laravel', advice: '$request->getContent().' },
  { framework: 'Go', advice: 'body, err := io.ReadAll(r.Body), then json.Unmarshal(body, …).' },
  { framework: 'Spring', advice: '@RequestBody byte[] body, and parse it afterwards.' },
  {
    framework: 'ASP.NET Core',
    advice: 'Request.EnableBuffering(), then read Request.Body to its end before model binding.',
  },
];

const PROXY: readonly FrameworkAdvice[] = [
  { framework: 'Express', advice: "app.set('trust proxy', true), then req.protocol and req.host." },
  { framework: 'Fastify', advice: 'Fastify({ trustProxy: true }).' },
  { framework: 'Flask', advice: 'app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1).' },
  { framework: 'FastAPI', advice: 'uvicorn --proxy-headers --forwarded-allow-ips=….' },
  { framework: 'Django', advice: 'SECURE_PROXY_SSL_HEADER and USE_X_FORWARDED_HOST.' },
  {
    framework: 'Rails',
    advice: 'Nothing: request.original_url heeds X-Forwarded-Proto and -Host.',
  },
  { framework: 'Laravel', advice: "$middleware->trustProxies(at: '*')." },
  { framework: 'Spring', advice: 'server.forward-headers-strategy=framework.' },
  { framework: 'ASP.NET Core', advice: 'app.UseForwardedHeaders(…) before everything else.' },
];

/** What to change in the handler, by framework; empty where the cause does not lie in a handler. */
export function frameworkAdvice(cause: Cause): readonly FrameworkAdvice[] {
  if (cause.startsWith('body-')) return RAW_BODY;
  return cause.startsWith('url-') ? PROXY : [];
}
