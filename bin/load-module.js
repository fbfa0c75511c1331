'use strict';
// The bundles cannot import by themselves: they are compiled without a loader. This file is.
module.exports = (url) => import(url);
