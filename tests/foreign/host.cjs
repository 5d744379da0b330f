// A foreign host: receiptio prints a receipt and says what became of it.
//   node host.cjs ADDRESS ORDER TEXT    to port 9100 there, or asks with the order "-q"
'use strict';
const receiptio = require('receiptio');
const [address, order, text] = process.argv.slice(2);
receiptio
    .print(text || '', `-d ${address} -c 32 -t 20 ${order}`)
    .then(result => process.stdout.write(result));
