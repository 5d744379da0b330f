// What others' generators make of a small receipt and a picture: their bytes go to standard output.
//   node generate.cjs receiptline-escpos|receiptline-generic|encoder-raster|encoder-column < JOB
// A job is JSON: the lines of text, what the code says, and the picture (PNG, base64).
'use strict';
const fs = require('fs');
const job = JSON.parse(fs.readFileSync(0, 'utf8'));

function receiptline(command) {
    const { transform } = require('receiptline');
    const text = [
        ...job.lines,
        `{code:${job.code};option:qrcode,4,m}`,
        `{image:${job.picture}}`,
    ].join('\n');
    return Buffer.from(transform(text, {
        cpl: job.columns, encoding: 'cp437', command, spacing: true, cutting: true, gradient: false,
    }), 'binary');
}

function encoder(imageMode) {
    const module_ = require('@point-of-sale/receipt-printer-encoder');
    const ReceiptPrinterEncoder = module_.default || module_;
    const { PNG } = require('pngjs');
    const ImageData = require('@canvas/image-data');
    const png = PNG.sync.read(Buffer.from(job.picture, 'base64'));
    const picture = new ImageData(new Uint8ClampedArray(png.data), png.width, png.height);
    const printer = new ReceiptPrinterEncoder({
        language: 'esc-pos', columns: job.columns, imageMode, feedBeforeCut: 4,
    });
    let made = printer.initialize().codepage('cp437');
    for (const line of job.lines) {
        made = made.line(line);
    }
    made = made.align('center').qrcode(job.code, { model: 2, size: 4, errorlevel: 'm' });
    made = made.align('left').image(picture, png.width, png.height, 'threshold', 128);
    return Buffer.from(made.cut('full').encode());
}

const [name, kind] = process.argv[2].split('-');
process.stdout.write(name === 'receiptline' ? receiptline(kind) : encoder(kind));
