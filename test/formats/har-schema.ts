/**
 * HAR 1.2 as a JSON schema, stricter than the format: what is not in it must begin with `_`.
 * http://www.softwareishard.com/blog/har-12-spec/
 */
const text = { type: 'string' };
const count = { type: 'integer', minimum: -1 };

const object = (required: readonly string[], properties: object, optional: object = {}) => ({
  type: 'object',
  required,
  properties: { ...properties, ...optional, comment: text },
  patternProperties: { '^_': {} },
  additionalProperties: false,
});

const list = (items: object) => ({ type: 'array', items });
const namedValue = object(['name', 'value'], { name: text, value: text });
const cookie = object(['name', 'value'], { name: text, value: text });
const uri = { type: 'string', format: 'uri' };

const postData = {
  ...object(['mimeType'], { mimeType: text }, { text, params: list(namedValue) }),
  not: { required: ['text', 'params'] },
};

const request = object(
  [
    ...['method', 'url', 'httpVersion', 'cookies', 'headers', 'queryString'],
    ...['headersSize', 'bodySize'],
  ],
  {
    method: text,
    url: uri,
    httpVersion: { const: 'HTTP/1.1' },
    cookies: list(cookie),
    headers: list(namedValue),
    queryString: list(namedValue),
    headersSize: count,
    bodySize: count,
  },
  { postData },
);

const content = object(
  ['size', 'mimeType'],
  { size: { type: 'integer', minimum: 0 }, mimeType: text },
  { text, encoding: { const: 'base64' } },
);

const response = object(
  [
    ...['status', 'statusText', 'httpVersion', 'cookies', 'headers', 'content', 'redirectURL'],
    ...['headersSize', 'bodySize'],
  ],
  {
    status: { type: 'integer', minimum: 0, maximum: 999 },
    statusText: text,
    httpVersion: { enum: ['HTTP/1.1', ''] },
    cookies: list(cookie),
    headers: list(namedValue),
    content,
    redirectURL: text,
    headersSize: count,
    bodySize: count,
  },
);

const ms = { type: 'number', minimum: 0 };
const timings = object(['send', 'wait', 'receive'], { send: ms, wait: ms, receive: ms });

const entry = object(['startedDateTime', 'time', 'request', 'response', 'cache', 'timings'], {
  startedDateTime: { type: 'string', format: 'date-time' },
  time: ms,
  request,
  response,
  cache: object([], {}),
  timings,
});

export const HAR_SCHEMA = {
  type: 'object',
  required: ['log'],
  properties: {
    log: object(['version', 'creator', 'entries'], {
      version: { const: '1.2' },
      creator: object(['name', 'version'], { name: { const: 'hookcli' }, version: text }),
      entries: list(entry),
    }),
  },
  additionalProperties: false,
};
