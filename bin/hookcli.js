#!/usr/bin/env node
'use strict';
// CommonJS in old syntax: it starts fastest, and an old Node can still read why it will not do.
var version = require('../package.json').version;
var node = process.versions.node.split('.').map(Number);

if (node[0] < 20 || (node[0] === 20 && node[1] < 18)) {
  console.error('error: hookcli needs Node 20.18.1 or newer; this is ' + process.version + '.');
  process.exitCode = 2;
} else if (process.argv.length === 3 && /^(-V|--version)$/.test(process.argv[2])) {
  // Written directly: making the stream behind console.log takes a tenth of the whole start.
  require('node:fs').writeSync(1, version + '\n');
} else {
  // Asked by version: only to load the module that has it costs a fifth of an empty start on Node 20.
  if (node[0] >= 22) {
    require('node:module').enableCompileCache();
    require('../dist/cli.cjs').run(version);
  } else {
    require('./compile-cache.js').load(require.resolve('../dist/cli.cjs'), version).run(version);
  }
}
