# SPDX-License-Identifier: MIT
"""node: worker threads with messages and transferred buffers, JSON, streams, zlib, crypto, a child."""

from harness import Leak, case

SCRIPT = r"""
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');
const { gzipSync, gunzipSync } = require('zlib'), crypto = require('crypto'), { execFileSync } = require('child_process');
const fs = require('fs'), vm = require('vm');
if (!isMainThread) {
    parentPort.on('message', (m) => {
        if (m === null) return parentPort.close();
        const words = new Map();
        for (let i = 0; i < 20000; i++) words.set('w' + (i * workerData % 997), (words.get('w' + i) || 0) + i);
        const bytes = new Uint8Array(m);
        let sum = 0;
        for (const b of bytes) sum = (sum * 31 + b) >>> 0;
        parentPort.postMessage({ id: workerData, size: words.size, sum, back: m }, [m]);
    });
} else {
    const answers = [], count = 4, rounds = 5;
    let open = count;
    for (let i = 1; i <= count; i++) {
        const worker = new Worker(__filename, { workerData: i });
        let round = 0;
        const send = () => { const b = new ArrayBuffer(200000); new Uint8Array(b).fill(i * 16 + round); worker.postMessage(b, [b]); };
        worker.on('message', (m) => { answers.push(`${m.id}:${m.size}:${m.sum}:${m.back.byteLength}`); if (++round < rounds) send(); else worker.postMessage(null); });
        worker.on('exit', (code) => { if (code) process.exitCode = 1; if (!--open) finish(); });
        send();
    }
    const finish = async () => {
        console.log(answers.sort().join('\n'));
        const text = JSON.stringify(Array.from({ length: 20000 }, (_, i) => ({ i, name: 'n' + i, list: [i, i / 3] })));
        console.log(JSON.parse(text).length, gunzipSync(gzipSync(text)).length, crypto.createHash('sha256').update(text).digest('hex'));
        console.log(text.replace(/"n(\d)(\d+)"/g, '$2$1').length, vm.runInNewContext('[1,2,3].map(x => x * y)', { y: 7 }));
        console.log(execFileSync(process.execPath, ['-p', '6 * 7']).toString().trim());
        fs.writeFileSync('big.txt', 'line\n'.repeat(200000));
        let lines = 0;
        for await (const l of require('readline').createInterface({ input: fs.createReadStream('big.txt') })) lines++;
        console.log(lines, await new Promise((r) => crypto.pbkdf2('p', 's', 1000, 20, 'sha256', (e, k) => r(k.toString('hex')))));
        const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]));
        console.log(new WebAssembly.Instance(module).exports.add(40, 2));
    };
}
"""


@case(
    "node",
    needs={"node": "nodejs"},
    checked=["node*"],
    leaks=[
        Leak("node*", ("CRYPTO_*alloc *", "ERR_* *"), "OpenSSL's error state of a pool thread: at exit OpenSSL "
             "deletes the thread key first, the threads end later (memcheck: the same block)"),
    ],
)
def node(stage):
    stage.write("script.js", SCRIPT)
    stage.do(["node", "script.js"])
