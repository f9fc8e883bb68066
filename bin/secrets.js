#!/usr/bin/env node
// Plain old JavaScript: it must still parse where the Node floor is not met, to say so.
'use strict';
var v = process.versions.node.split('.').map(Number);
if (!(
  v[0] >= 26 ||
  (v[0] === 24 && v[1] >= 15) ||
  (v[0] === 22 && (v[1] > 22 || (v[1] === 22 && v[2] >= 2)))
)) {
  process.stderr.write(
    'secrets: error: needs Node 22.22.2, 24.15, 26 or newer; this is Node ' + process.versions.node + '\n',
  );
  process.exit(1);
}
// V8 trusts what it finds in a compile cache: it stands in the user's own cache folder, which nobody else may write.
var fs = require('node:fs');
var local =
  process.platform === 'win32' ? process.env.LOCALAPPDATA : process.env.HOME && process.env.HOME + '/.cache';
var cache = (process.env.XDG_CACHE_HOME || local) + '/team-secrets';
function ours(folder) {
  var s = fs.lstatSync(folder);
  return s.isDirectory() && (!process.geteuid || (s.uid === process.geteuid() && (s.mode & 18) === 0));
}
try {
  if (require('node:path').isAbsolute(cache)) {
    fs.mkdirSync(cache + '/compile', { recursive: true, mode: 448 });
    if (ours(cache) && ours(cache + '/compile'))
      require('node:module').enableCompileCache(cache + '/compile');
  }
} catch {
  // no cache, then
}
require('../dist/main.js');
