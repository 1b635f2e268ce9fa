// BullMQ: the same commands as bench/peers/client.py, and the worker.
//   node peer.mjs setup | submit|bulk FIRST COUNT | trickle FIRST COUNT GAP_S | work
import { closeSync, openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'

const TEXT = 'x'.repeat(64)
const BULK = 1000
const url = new URL(process.env.BENCH_REDIS_URL)
const connection = { host: url.hostname, port: Number(url.port), maxRetriesPerRequest: null }

function data(number) {
  return { number, text: TEXT }
}

async function submit(queue, first, count) {
  const began = process.hrtime.bigint()
  for (let n = first; n < first + count; n++) await queue.add('noop', data(n))
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9 }
}

async function bulk(queue, first, count) {
  const began = process.hrtime.bigint()
  for (let n = first; n < first + count; n += BULK) {
    const size = Math.min(BULK, first + count - n)
    await queue.addBulk(Array.from({ length: size }, (_, i) => ({ name: 'noop', data: data(n + i) })))
  }
  return { seconds: Number(process.hrtime.bigint() - began) / 1e9 }
}

async function trickle(queue, first, count, gapS) {
  const sent = []
  for (let n = first; n < first + count; n++) {
    await sleep(gapS * 1000 * (0.5 + Math.random()))
    sent.push(Number(process.hrtime.bigint()))
    await queue.add('noop', data(n))
  }
  return { sent_ns: sent }
}

function work() {
  const output = openSync(process.env.BENCH_STARTS, 'a')
  const record = Buffer.alloc(16)
  const worker = new Worker(
    'bench',
    async (job) => {
      record.writeBigInt64LE(BigInt(job.data.number), 0)
      record.writeBigInt64LE(process.hrtime.bigint(), 8)
      writeSync(output, record)
    },
    { connection, concurrency: 5 },
  )
  worker.on('error', (error) => console.error(error))
  process.on('SIGTERM', () => worker.close().then(() => closeSync(output)))
}

const [what, first, count, gapS] = process.argv.slice(2)
if (what === 'work') {
  work()
} else {
  const queue = new Queue('bench', { connection })
  await queue.waitUntilReady()
  const commands = { setup: async () => ({}), submit, bulk, trickle }
  const answer = await commands[what](queue, Number(first), Number(count), Number(gapS))
  console.log(JSON.stringify(answer))
  await queue.close()
}
