'use strict';
// Node 22 keeps compiled code between runs when asked; for Node 20 this does the same for our own
// bundles, which takes a third off a short command. What is kept lies in a folder of the user's own
// under the temporary one, and V8 refuses what does not fit its version.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

/** The user's own folder, or undefined where it could be another's: what lies in it is run. */
function ownFolder(version) {
  if (process.getuid === undefined || process.env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const uid = process.getuid();
  const folder = path.join(process.env.TMPDIR || '/tmp', `hookcli-compile-cache-${uid}`);
  const found = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) {
    try {
      fs.mkdirSync(folder, { mode: 0o700 });
    } catch {
      return undefined;
    }
  } else if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    return undefined;
  }
  return path.join(folder, `${version}-${process.version}-`);
}

/** From now on .cjs files (of the package there are no others) are compiled from what was kept. */
exports.enable = (version) => {
  const prefix = ownFolder(version);
  if (prefix === undefined) return;
  require.extensions['.cjs'] = (module, filename) => {
    const { size, mtimeMs } = fs.statSync(filename);
    const kept = `${prefix}${path.basename(filename)}-${size}-${Math.floor(mtimeMs)}`;
    let cachedData;
    try {
      cachedData = fs.readFileSync(kept);
    } catch {
      // The first run; it leaves the code for the next one.
    }
    // The bundles are ASCII, which is read several times faster than UTF-8.
    const source = fs.readFileSync(filename, 'latin1');
    const script = new vm.Script(
      `(function (exports, require, module, __filename, __dirname) {${source}\n})`,
      { filename, cachedData },
    );
    if (cachedData === undefined || script.cachedDataRejected) {
      process.once('exit', () => keep(kept, script.createCachedData()));
    }
    const requireFrom = (id) => module.require(id);
    const run = script.runInThisContext();
    run.call(module.exports, module.exports, requireFrom, module, filename, path.dirname(filename));
  };
};

function keep(file, data) {
  try {
    fs.writeFileSync(`${file}.${process.pid}`, data, { mode: 0o600 });
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A full or read-only disk costs the next start its head start, nothing else.
  }
}
