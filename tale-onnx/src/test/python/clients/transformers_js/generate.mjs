// transformers.js: the same jobs and answers as worker.py describes.
// The one argument is the directory in which package.json was installed.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const MARK = 'ANSWER ';
const LOCAL = { local_files_only: true, device: 'cpu' };

const installed = createRequire(path.resolve(process.argv[2] ?? '.', 'package.json'));
const { AutoModel, AutoModelForCausalLM, Tensor, env } = installed('@huggingface/transformers');
env.allowRemoteModels = false;

function row(values) {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}

// By itself it looks into onnx/, and config.json says how many files of weights lie there.
function options(directory) {
  const files = fs.readdirSync(directory);
  if (!files.includes('model.onnx')) {
    return LOCAL;
  }
  const weights = files.filter((name) => name.startsWith('model.onnx_data')).length;
  return { ...LOCAL, subfolder: '', dtype: 'fp32', use_external_data_format: weights };
}

async function generate({ directory, prompt, count }) {
  const model = await AutoModelForCausalLM.from_pretrained(directory, options(directory));
  try {
    const output = await model.generate({
      inputs: row(prompt),
      attention_mask: row(prompt.map(() => 1)),
      do_sample: false,
      max_new_tokens: count,
    });
    return { tokens: Array.from(output.data, Number).slice(prompt.length) };
  } finally {
    await model.dispose();
  }
}

async function encode({ directory, row: ids }) {
  const model = await AutoModel.from_pretrained(directory, options(directory));
  try {
    const output = await model({
      input_ids: row(ids),
      attention_mask: row(ids.map(() => 1)),
      token_type_ids: row(ids.map(() => 0)),
    });
    return { hidden: Array.from(output.last_hidden_state.to('float32').data) };
  } finally {
    await model.dispose();
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  let answer;
  try {
    answer = await (job.prompt ? generate(job) : encode(job));
  } catch (e) {
    answer = { error: String(e) };
  }
  process.stdout.write(`${MARK}${JSON.stringify(answer)}\n`);
}
