// What import.meta.url is to ESM, for the bundles in CommonJS that ask for it.
import { pathToFileURL } from 'node:url';

export const __fileUrl = /* @__PURE__ */ (() => pathToFileURL(__filename).href)();
