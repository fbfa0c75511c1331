// Ratios against bare Node, measured in the same run: each subject and its yardstick in turn, medians.
//   npm run bench            the whole of it, about two minutes
//   npm run bench -- --quick a few rounds, to see that it works

import { receiving } from './receiving.mjs';
import { startUp } from './start-up.mjs';
import { verifying } from './verifying.mjs';

// Reading extra certificates adds 40 ms to every start of Node and would drown what is measured.
delete process.env.NODE_EXTRA_CA_CERTS;

const quick = process.argv.includes('--quick');
const results = [
  ...(await verifying(quick ? 5 : 15, quick ? 5_000 : 20_000)),
  ...(await startUp(quick ? 5 : 31)),
  ...(await receiving(quick ? 3 : 9, quick ? 2_000 : 8_000)),
];

console.log(`\nNode ${process.version}, ${process.platform} ${process.arch}\n`);
const width = Math.max(...results.map(({ name }) => name.length));
for (const { name, subject, yardstick, ratio, goal, unit } of results) {
  const met = goal === undefined ? '' : goal.test(ratio) ? 'goal met' : 'GOAL MISSED';
  console.log(
    `${name.padEnd(width)}  ${format(subject)} ${unit} / ${format(yardstick)} ${unit} = ${ratio.toFixed(2)} x  ${goal?.text ?? ''}  ${met}`,
  );
}

function format(value) {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
