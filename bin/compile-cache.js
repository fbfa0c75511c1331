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

/**
 * Runs a bundle of the package, and what it requires of the other bundles, compiled from what was kept.
 * They are found by their paths, without the search that `require` makes, a millisecond in all.
 */
exports.load = (entry, version) => {
  const prefix = ownFolder(version);
  if (prefix === undefined) return require(entry);
  const load = (filename) => {
    if (require.cache[filename] !== undefined) return require.cache[filename].exports;
    const module = { exports: {}, id: filename, filename, loaded: false };
    require.cache[filename] = module;
    const folder = path.dirname(filename);
    const requireFrom = (id) =>
      id.startsWith('./') && id.endsWith('.cjs') ? load(path.join(folder, id)) : require(id);
    const run = compile(filename, prefix).runInThisContext();
    run.call(module.exports, module.exports, requireFrom, module, filename, folder);
    module.loaded = true;
    return module.exports;
  };
  return load(entry);
};

function compile(filename, prefix) {
  const { size, mtimeMs } = fs.statSync(filename);
  // With the folders it lies in: two installations would else throw out each other's code.
  const place = filename.replace(/[^\w.]+/g, '_').slice(-120);
  const kept = `${prefix}${place}-${size}-${Math.floor(mtimeMs)}`;
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
  return script;
}

/** Keeps the code of a bundle, and removes what was kept of it before it changed. */
function keep(file, data) {
  const folder = path.dirname(file);
  const own = path.basename(file);
  try {
    fs.writeFileSync(`${file}.${process.pid}`, data, { mode: 0o600 });
    fs.renameSync(`${file}.${process.pid}`, file);
    const bundle = bundleOf(own);
    for (const name of fs.readdirSync(folder)) {
      if (name !== own && bundleOf(name) === bundle) fs.unlinkSync(path.join(folder, name));
    }
  } catch {
    // A full or read-only disk costs the next start its head start, nothing else.
  }
}

/** What stands between the version of ours and size and time of the bundle: code for another Node stays. */
const bundleOf = (name) => /-(v[\d.]+-.+\.cjs)-\d+-\d+/.exec(name)?.[1];
